"""`python -m tests.bench.posts COUNT BYTES`, in a site's environment: a member with COUNT posts of BYTES
bytes each, who can log in."""

from __future__ import annotations

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "social.config.settings"

import django

django.setup()

from social.accounts.models import User  # noqa: E402
from social.posts import writing  # noqa: E402

USERNAME, PASSWORD = "author", "the lamp above the door"
WORDS = "The lamp is lit, the door is open, and the kettle is on. "


def main(count: int, length: int) -> None:
    author = User.objects.create_user(USERNAME, password=PASSWORD)
    for number in range(count):
        writing.publish(author, f"Post {number}", (WORDS * (length // len(WORDS) + 1))[:length])


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
