"""Every address of the application that can be read, made of its own routes: new pages are among them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from fastapi import FastAPI
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.routing import APIRoute, iter_route_contexts

Ids = Mapping[str, Sequence[str]]
"""What may stand for each parameter of a path, by its name."""


@dataclass(frozen=True)
class Address:
    """A route: its template, and the names of what an address of it may hold."""

    template: str
    methods: frozenset[str]
    parameters: tuple[str, ...]
    queries: tuple[str, ...]

    @property
    def is_page(self) -> bool:
        return not self.template.startswith("/api/")

    def filled(self, ids: Ids) -> Iterator[str]:
        """Give the addresses of a route with these ids. Raises KeyError for a parameter that has none."""
        for values in product(*(ids[name] for name in self.parameters)):
            yield self.template.format_map(dict(zip(self.parameters, values, strict=True)))

    def narrowed(self, ids: Ids) -> Iterator[str]:
        """Give the queries of a list that narrow it by an id."""
        yield from (f"{name}={value}" for name in self.queries for value in ids.get(name, ()))


def addresses(app: FastAPI, *methods: str) -> list[Address]:
    """Give every route of an application that takes one of these methods."""
    routes = (each.original_route for each in iter_route_contexts(app.routes))
    own = [_address(route) for route in routes if isinstance(route, APIRoute)]
    return [each for each in own if each.methods & set(methods)]


def _address(route: APIRoute) -> Address:
    known = get_flat_params(route.dependant)
    return Address(
        template=route.path_format,
        methods=frozenset(route.methods or ()),
        parameters=tuple(route.param_convertors),
        queries=(*(each.alias for each in known if isinstance(each.field_info, Query)), *_asked(route)),
    )


def _asked(route: APIRoute) -> Iterator[str]:
    """Give what is judged in one go, of which FastAPI knows nothing."""
    for each in route.dependant.dependencies:
        yield from getattr(each.call, "asks", ())
