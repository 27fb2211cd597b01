"""What an address asks for, put together without waiting for a thread."""

from collections.abc import Awaitable, Callable
from inspect import signature
from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")


def at_once(kind: type[T]) -> Callable[..., Awaitable[T]]:
    """Give a dependency that makes one of `kind` of a request's parameters, in the request's own task.

    FastAPI calls a class in a thread: whoever asks would wait for it.
    """

    async def made(**given: object) -> T:
        return kind(**given)

    made.__signature__ = signature(kind)  # type: ignore[attr-defined]  # which FastAPI reads
    return made


def at_a_glance(kind: type[T]) -> Callable[[Request], Awaitable[T]]:
    """Give the same for a page, whose parameters stand in no document: all of them are judged in one go.

    FastAPI judges them one by one, and for a list with many filters takes half as long as the list itself.
    """
    judge, fields = TypeAdapter(kind), signature(kind).parameters
    several = {name for name, field in fields.items() if isinstance(field.default, tuple)}

    async def made(request: Request) -> T:
        given = request.query_params
        asked: dict[str, Any] = {name: given[name] for name in fields if name in given}
        asked |= {name: given.getlist(name) for name in several & asked.keys()}
        try:
            return judge.validate_python(asked)
        except ValidationError as error:
            faults = error.errors(include_url=False)
            raise RequestValidationError(
                [{**each, "loc": ("query", *each["loc"])} for each in faults]
            ) from error

    made.asks = tuple(fields)  # type: ignore[attr-defined]  # for whoever goes through all that can be asked
    return made
