"""Says what a view takes and gives, for the OpenAPI document; costs nothing while the site runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings

View = TypeVar("View", bound=Callable[..., Any])


def describe(summary: str, **shapes: Any) -> Callable[[View], View]:
    """`drf_spectacular.utils.extend_schema`, loaded only while the document is made.

    `request`, `responses` and `parameters` as there; a parameter may be a (name, description) pair of a
    query.
    """
    if not settings.GENERATING:
        return lambda view: view
    from drf_spectacular.utils import OpenApiParameter, extend_schema

    parameters = [
        OpenApiParameter(one[0], str, description=one[1]) if isinstance(one, tuple) else one
        for one in shapes.pop("parameters", ())
    ]
    decorate: Callable[[View], View] = extend_schema(summary=summary, parameters=parameters, **shapes)
    return decorate
