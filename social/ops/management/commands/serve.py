"""`manage.py serve`: the whole site in this one process."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from social.ops import server


class Command(BaseCommand):
    help = "Serve the site until SIGTERM or Ctrl-C."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        server.serve()
