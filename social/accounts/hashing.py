"""How passwords are hashed: PBKDF2 with as many rounds as Django holds right this year, so many at a time.

Hashing runs in the threads of requests, without the interpreter's lock. At most AT_ONCE of them work, so that
a flood of logins leaves a processor to everything else; the others wait in their threads. A hash that was
made with fewer rounds is made anew at the next login.
"""

from __future__ import annotations

import os
import threading

from django.contrib.auth.hashers import PBKDF2PasswordHasher

AT_ONCE = max(1, len(os.sched_getaffinity(0)) - 1)
_room = threading.BoundedSemaphore(AT_ONCE)


class Hasher(PBKDF2PasswordHasher):
    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        with _room:
            return str(super().encode(password, salt, iterations))
