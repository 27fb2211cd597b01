"""The procedures: each finding's life and the issuing of a plan, as Temporal workflows."""
