"""What an address asks for, put together without waiting for a thread."""

from collections.abc import Awaitable, Callable
from inspect import signature
from typing import TypeVar

T = TypeVar("T")


def at_once(kind: type[T]) -> Callable[..., Awaitable[T]]:
    """Give a dependency that makes one of `kind` of a request's parameters, in the request's own task.

    FastAPI calls a class in a thread: whoever asks would wait for it.
    """

    async def made(**given: object) -> T:
        return kind(**given)

    made.__signature__ = signature(kind)  # type: ignore[attr-defined]  # which FastAPI reads
    return made
