"""The language in which a page speaks to its reader: set for each request, and English everywhere else.

The context variable is set in the request's own task, before any endpoint is run in a thread: threads get
a copy of the context, so that what they set would be seen by nobody else.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from notifications.languages import SOURCE, Language, known, language

K = TypeVar("K")

_MOST_ASKED = 20
"""So many languages of a browser are looked at; people speak fewer."""

_spoken: ContextVar[Language] = ContextVar("spoken", default=language(SOURCE))  # noqa: B039 - it is frozen


def spoken() -> Language:
    """Give the language of whom we speak to."""
    return _spoken.get()


def speak(tag: str) -> None:
    """Speak a person's own language from here on, if we have it. To be called in the request's own task."""
    if known(tag):
        _spoken.set(language(tag))


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Speak a language within the block, whatever is spoken in it; English for one that we have not."""
    before = _spoken.set(language(tag))
    try:
        yield
    finally:
        _spoken.reset(before)


def say(text: str, /, **values: object) -> str:
    """Give one of our English texts in the language spoken, filled in with named values.

    Raises KeyError where the text names a value that is not given.
    """
    return spoken().say(text) % values


def say_many(one: str, many: str, count: int, /, **values: object) -> str:
    """Give a text about so many in the form that the language has for them; `count` is filled in, too."""
    return spoken().say_many(one, many, count) % {"count": spoken().number(count), **values}


class Said(Mapping[K, str]):
    """A table of English texts of ours, marked with `N_`, that gives each in the language spoken."""

    def __init__(self, texts: Mapping[K, str]) -> None:
        self._texts = texts

    def __getitem__(self, key: K) -> str:
        return say(self._texts[key])

    def __iter__(self) -> Iterator[K]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


def preferred(accepted: str) -> str:
    """Give the code of the best language we have for a browser's Accept-Language; English without one."""
    ranked = sorted(map(_weighed, accepted.split(",")[:_MOST_ASKED]), key=lambda each: each[1], reverse=True)
    return next((code for tag, weight in ranked if weight > 0 and (code := known(tag))), SOURCE)


def _weighed(part: str) -> tuple[str, float]:
    tag, _, weight = part.partition(";")
    try:
        return tag, float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        return tag, 0
