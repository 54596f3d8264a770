"""`manage.py setup_link`: prints the one-time link of the first run, or `None` once it was used."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from social.accounts import setup


class Command(BaseCommand):
    help = "Print the one-time link with which the first member signs up."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(str(setup.link()))
