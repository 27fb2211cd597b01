"""Texts of CSV that spreadsheets would take for formulas: protected going out, as they were coming in."""

import re

ROW, REASON = "Mendwork row", "Mendwork reason"
"""Headings of our own in assessments that we give back. No assessment has a meaning for them."""
_RISKY = re.compile(r"'*[=+\-@\t\r\n\uff0b\uff1d\uff0d\uff20]")
"""How a text begins that a spreadsheet takes for a formula, full-width signs among them."""


def protected(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    return f"'{text}" if _RISKY.match(text) else text


def unprotected(text: str) -> str:
    """Give the text that `protected` was given; others stay as they are."""
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text
