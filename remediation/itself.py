"""Something known by being the same object: for keeping what follows from it."""

from typing import Generic, TypeVar

T = TypeVar("T")

MOST_KEPT = 512
"""Of so many states it is kept what follows from them; each is a few kilobytes."""


class Itself(Generic[T]):
    """What never changes, equal to itself alone: comparing all its fields would take longer than asking."""

    __slots__ = ("known",)

    def __init__(self, known: T) -> None:
        """Take what is to be known; it lives for as long as this does, so that no other takes its place."""
        self.known = known

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Itself) and self.known is other.known

    def __hash__(self) -> int:
        return id(self.known)
