"""What drf-spectacular has to be told of this API; loaded only while the OpenAPI document is made."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "social.api.sessions.SessionLogin"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class CheckedScheme(SessionScheme):  # type: ignore[no-untyped-call]
    target_class = "social.api.sessions.CheckedAnonymous"
    name = "anonymous"
