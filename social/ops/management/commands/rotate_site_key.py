"""`manage.py rotate_site_key`: new keys for the site, vouched for by the old ones (SPEC 4.5)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from federation import sitekey


class Command(BaseCommand):
    help = (
        "Give the site new keys. Start it anew afterwards: browsers, vaults and other sites follow by the"
        " old key's signature."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(sitekey.rotate().public)
