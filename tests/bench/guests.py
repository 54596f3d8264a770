"""`python -m tests.bench.guests COUNT`, in a site's environment: COUNT visitors of the public pages, printed
as `[[account, device seed in hex, cookie], …]`. Each comes from a network of its own, as limits are by
network."""

from __future__ import annotations

import json
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "social.config.settings"

import django

django.setup()

from social.accounts import visitors  # noqa: E402
from tests.server.identities import Identity  # noqa: E402


def main(count: int) -> None:
    made = []
    for number in range(count):
        device = Identity().add(visitors.ROLE)
        row, token = visitors.register(device.certificate(), "a browser", f"network {number}")
        made.append((row.username, device.key.seed.hex(), f"{visitors.COOKIE}={token}"))
    print(json.dumps(made))


if __name__ == "__main__":
    main(int(sys.argv[1]))
