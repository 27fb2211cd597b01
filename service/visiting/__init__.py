"""Verification visits: planned, followed to their findings and back, and shown."""
