"""A site in the test's own process: its keys in a temporary folder, nothing allowed until a test allows
it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from federation import inbox, links, outbox, peers


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Any:
    """The site is 127.0.0.1:8001, by plain http. Returns Django's settings."""
    found = replace(settings.PORCHLIGHT, data=tmp_path, host="127.0.0.1", port=8001, scheme="http")
    settings.PORCHLIGHT = replace(found, fetch_allow=frozenset())
    peers._cooling.clear()
    inbox._recent.clear()
    outbox._back_off._sites.clear()
    links.reset()
    return settings


@pytest.fixture
def allow(home: Any) -> Callable[..., None]:
    """Adds address and port pairs to FETCH_ALLOW: `allow(("127.0.0.1", 8002))`."""

    def add(*pairs: tuple[str, int]) -> None:
        known = home.PORCHLIGHT.fetch_allow
        home.PORCHLIGHT = replace(home.PORCHLIGHT, fetch_allow=known | frozenset(pairs))

    return add
