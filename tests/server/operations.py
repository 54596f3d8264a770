"""The operations of /api/v1 as the OpenAPI document names them, so that a test covers what is added later."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

DOCUMENT = Path(__file__).parents[2] / "social" / "api" / "openapi.json"
METHODS = ("get", "post", "put", "patch", "delete")
Schema = dict[str, Any]
Place = tuple[str | int, ...]


def document() -> dict[str, Any]:
    return dict(json.loads(DOCUMENT.read_text(encoding="utf-8")))


SHAPES = document()["components"]["schemas"]


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    described: Schema = field(repr=False, compare=False)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_open(self) -> bool:
        """Whether it may be asked by somebody who is not logged in."""
        return {} in self.described.get("security", [])

    @property
    def body(self) -> Schema | None:
        """The shape of its JSON body."""
        content = self.described.get("requestBody", {}).get("content", {})
        found = content.get("application/json")
        return whole(found["schema"]) if found else None

    def parameters(self, where: str) -> list[str]:
        return [one["name"] for one in self.described.get("parameters", []) if one["in"] == where]


def operations() -> list[Operation]:
    return [
        Operation(method, path, described)
        for path, methods in document()["paths"].items()
        for method, described in methods.items()
        if method in METHODS
    ]


def whole(schema: Schema) -> Schema:
    """The shape itself where the document points at one."""
    if "$ref" in schema:
        return whole(SHAPES[schema["$ref"].rsplit("/", 1)[1]])
    for way in ("allOf", "oneOf", "anyOf"):
        if way in schema:
            return whole(schema[way][0])
    return schema


def example(schema: Schema) -> Any:
    """Something that fits the shape."""
    schema = whole(schema)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {name: example(one) for name, one in schema.get("properties", {}).items()}
        case "array":
            return []
        case "string":
            return str(UUID(int=1)) if schema.get("format") == "uuid" else "a" * schema.get("minLength", 0)
        case "integer":
            return schema.get("minimum", 1)
        case "boolean":
            return False
    return None


def texts(schema: Schema, place: Place = ()) -> Iterator[tuple[Place, Schema]]:
    """Every free text in the shape: where it stands, and its own shape."""
    schema = whole(schema)
    if schema.get("type") == "array":
        yield from texts(schema["items"], (*place, 0))
    for name, one in schema.get("properties", {}).items():
        yield from texts(one, (*place, name))
    if schema.get("type") == "string" and "enum" not in schema and "format" not in schema:
        yield place, schema


def with_value(schema: Schema, place: Place, value: Any) -> Any:
    """Something that fits the shape except that it has this value at this place."""
    if not place:
        return value
    schema, (step, *rest) = whole(schema), place
    if isinstance(step, int):
        return [with_value(schema["items"], tuple(rest), value)]
    needed = {*schema.get("required", []), step}
    made = {name: example(one) for name, one in schema["properties"].items() if name in needed}
    return {**made, step: with_value(schema["properties"][step], tuple(rest), value)}
