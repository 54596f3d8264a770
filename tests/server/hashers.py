"""A password hasher that counts its work."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.hashers import MD5PasswordHasher


class Counting(MD5PasswordHasher):
    hashes: ClassVar[int] = 0

    def encode(self, password: str, salt: str) -> str:
        Counting.hashes += 1
        return str(super().encode(password, salt))
