"""Gatherings around findings: improvement plans (later meetings and visits), each a subject of the ledger."""
