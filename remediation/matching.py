"""Comparing names that people typed: without case, accents, punctuation or spacing."""

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Give a name's letters and digits only, without accents, in lower case; `&` counts as `and`."""
    decomposed = unicodedata.normalize("NFKD", text.replace("&", " and ").casefold())
    return "".join(letter for letter in decomposed if letter.isalnum())


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Give the known word that `word` was most likely meant to be; None when nothing comes close."""
    by_plain = {plain(each): each for each in known}
    close = get_close_matches(plain(word), by_plain, n=1, cutoff=0.6)
    return by_plain[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Give the end of an error's sentence: the nearest known word, or all of them when none is near."""
    options = tuple(known)
    close = nearest(word, options)
    return f"did you mean '{close}'?" if close else f"known are {', '.join(options)}"
