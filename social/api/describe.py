"""Says what a view takes and gives, for the OpenAPI document; costs nothing while the site runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings

View = TypeVar("View", bound=Callable[..., Any])


def describe(summary: str, **shapes: Any) -> Callable[[View], View]:
    """`drf_spectacular.utils.extend_schema`, loaded only while the document is made.

    `request`, `responses` and `parameters` as there; a parameter may be a (name, description) pair of a
    query. An operation is named by its method and its view: `get` of `SiteView` is `getSite`.
    """
    if not settings.GENERATING:
        return lambda view: view
    from drf_spectacular.utils import OpenApiParameter, extend_schema

    from social.api import openapi  # noqa: F401
    from social.api.shapes import FailureShape

    parameters = [
        OpenApiParameter(one[0], str, description=one[1]) if isinstance(one, tuple) else one
        for one in shapes.pop("parameters", ())
    ]

    answers = shapes.pop("responses")
    responses = {**(answers if isinstance(answers, dict) else {200: answers}), "default": FailureShape}

    def decorate(view: View) -> View:
        name = operation(view.__qualname__)
        found: View = extend_schema(name, parameters, responses=responses, summary=summary, **shapes)(view)
        return found

    return decorate


def operation(qualified: str) -> str:
    view, _, method = qualified.rpartition(".")
    return method + view.removesuffix("View")
