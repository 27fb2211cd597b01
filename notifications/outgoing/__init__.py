"""Messages to other programs (webhooks): signed, and sent only where they may go."""
