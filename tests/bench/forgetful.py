"""`manage.py serve` of a site that keeps no more than one page in memory: who asks for two in turn is
answered from the database each time."""

from __future__ import annotations

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "social.config.settings"

import django

django.setup()

from social.ops import server  # noqa: E402
from social.public import cache  # noqa: E402

if __name__ == "__main__":
    cache.MEMORY_BYTES = 0
    server.serve()
