"""`python -m tests.bench.members COUNT`, in a site's environment: enrols members with COUNT vaults between
them and prints `[[username, device seed in hex], …]`."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace

os.environ["DJANGO_SETTINGS_MODULE"] = "social.config.settings"

import django

django.setup()

from federation import here  # noqa: E402
from social.accounts.enrolment import read, take_list  # noqa: E402
from social.accounts.models import User  # noqa: E402
from tests.server.identities import Identity  # noqa: E402

A_MEMBER = 14
"""Even, so that two following vaults are of one member."""


def main(count: int) -> None:
    made: list[tuple[str, str]] = []
    while len(made) < count:
        username = f"member{len(made)}"
        identity = Identity()
        for _ in range(min(A_MEMBER, count - len(made))):
            made.append((username, identity.add("vault").key.seed.hex()))
        proof = identity.possession(replace(here.address(), username=username))
        take_list(User.objects.create_user(username), read(identity.device_list()), proof)
    print(json.dumps(made))


if __name__ == "__main__":
    main(int(sys.argv[1]))
