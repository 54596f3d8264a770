"""Passwords are hashed by so many threads at a time, and the hashes are Django's own."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from social.accounts import hashing
from social.config import settings as site

WAITING = 3


def test_a_hash_waits_for_room(monkeypatch: pytest.MonkeyPatch) -> None:
    entered, go_on = threading.Semaphore(0), threading.Event()
    working: list[str] = []

    def encode(self: Any, password: str, salt: str, iterations: int | None = None) -> str:
        working.append(password)
        entered.release()
        go_on.wait(30)
        working.remove(password)
        return password

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", encode)
    count = hashing.AT_ONCE + WAITING
    with ThreadPoolExecutor(count) as threads:
        done = [threads.submit(hashing.Hasher().encode, f"{number}", "salt") for number in range(count)]
        for _ in range(hashing.AT_ONCE):
            assert entered.acquire(timeout=30)
        assert len(working) == hashing.AT_ONCE
        assert not hashing._room.acquire(blocking=False)
        go_on.set()
        assert [one.result(30) for one in done] == [f"{number}" for number in range(count)]


def test_members_have_djangos_rounds() -> None:
    assert site.PASSWORD_HASHERS[0] == "social.accounts.hashing.Hasher"
    made = hashing.Hasher().encode("a lantern by the gate", "salt" * 6)
    assert made == PBKDF2PasswordHasher().encode("a lantern by the gate", "salt" * 6)
    assert hashing.Hasher().decode(made)["iterations"] >= 600_000
