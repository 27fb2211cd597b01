"""The API's description as a page: what OpenAPI says, without scripts."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request, Response

from service.pages.rendering import page

router = APIRouter(include_in_schema=False, max_body_size=0)

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a body, or a parameter."""

    name: str
    required: bool
    kind: str
    about: str


@dataclass(frozen=True, slots=True)
class Operation:
    """What one method of one address does and takes."""

    tag: str
    method: str
    path: str
    summary: str
    about: str
    fields: tuple[Field, ...]


@router.api_route("/api/v1/docs", methods=["GET", "HEAD"])
def reference(request: Request) -> Response:
    """Show every address of the API."""
    schema = request.app.openapi()
    in_order = sorted(_operations(schema), key=lambda each: each.tag)
    groups = [(tag, list(group)) for tag, group in groupby(in_order, key=lambda each: each.tag)]
    return page(
        "reference.html", title=schema["info"]["title"], about=schema["info"]["description"], groups=groups
    )


def _operations(schema: Schema) -> Iterator[Operation]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield Operation(
                tag=operation["tags"][0],
                method=method.upper(),
                path=path,
                summary=operation["summary"],
                about=operation.get("description", ""),
                fields=(*_parameters(schema, operation), *_body(schema, operation)),
            )


def _parameters(schema: Schema, operation: Schema) -> Iterator[Field]:
    for each in operation.get("parameters", ()):
        kind = f"{each['in']}: {_kind(schema, each['schema'])}"
        yield Field(each["name"], each["required"], kind, each.get("description", ""))


def _body(schema: Schema, operation: Schema) -> Iterator[Field]:
    for content in operation.get("requestBody", {}).get("content", {}).values():
        shape = _resolved(schema, content["schema"])
        for name, each in shape.get("properties", {}).items():
            required = name in shape.get("required", ())
            yield Field(name, required, f"body: {_kind(schema, each)}", each.get("description", ""))


def _kind(schema: Schema, each: Schema) -> str:
    """Give the kind of a value in few words: its type, its format or the values it may have."""
    each = _resolved(schema, each)
    if "enum" in each:
        return ", ".join(map(str, each["enum"]))
    if "anyOf" in each:
        return " or ".join(_kind(schema, one) for one in each["anyOf"] if one.get("type") != "null")
    if each.get("type") == "array" and "items" in each:
        return f"list of {_kind(schema, each['items'])}"
    if each.get("type") == "object":
        return f"{{{', '.join(each.get('properties', {}))}}}"
    return str(each.get("format") or each.get("type", "any"))


def _resolved(schema: Schema, each: Schema) -> Schema:
    if "$ref" not in each:
        return each
    found: Schema = schema["components"]["schemas"][each["$ref"].rpartition("/")[2]]
    return found
