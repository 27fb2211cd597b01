"""Letters: what they say in each language, how they become mail, and how mail leaves."""
