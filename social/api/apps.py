"""The Django app: /api/v1."""

from __future__ import annotations

import sys
from importlib import import_module

from django.apps import AppConfig
from django.conf import settings

NOT_NEEDED = ("psycopg", "psycopg2", "requests", "pygments", "yaml", "django.contrib.admindocs", "coreapi")


class ApiConfig(AppConfig):
    name = "social.api"

    def ready(self) -> None:
        if not settings.GENERATING:
            load_lean("rest_framework.compat", NOT_NEEDED)


def load_lean(module: str, without: tuple[str, ...]) -> None:
    """Import `module` while packages that it merely tries look absent: DRF's would take 20 MB for features
    that are not used here. What is loaded already stays, and later imports find everything."""
    hidden = {name: None for name in without if name not in sys.modules}
    sys.modules.update(hidden)  # type: ignore[arg-type]
    try:
        import_module(module)
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
