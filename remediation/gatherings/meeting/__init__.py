"""Committee meetings: called, moved or cancelled, held with a quorum, minuted, and signed by both sides."""
