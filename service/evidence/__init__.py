"""Photos and documents as evidence: what is taken, how it is kept, and who sees it."""
