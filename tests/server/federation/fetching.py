"""What tests of the guarded client share: the refusal of a URL, and a resolver with given answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from federation import fetch, guard
from federation.fetch import Limits
from federation.guard import FetchError

Allow = Callable[..., None]
SMALL = Limits(bytes=100_000)


async def refused(url: str, reason: str, limits: Limits = SMALL) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetch.get(url, limits=limits)
    assert caught.value.reason == reason, caught.value
    return caught.value


def resolver(monkeypatch: pytest.MonkeyPatch, *answers: tuple[str, ...]) -> list[str]:
    """The resolver gives these answers one after the other; returns the names it was asked for."""
    asked: list[str] = []

    def lookup(host: str, port: int) -> tuple[str, ...]:
        asked.append(host)
        return answers[len(asked) - 1]

    monkeypatch.setattr(guard, "lookup", lookup)
    return asked
