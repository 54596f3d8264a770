"""When watching sites are told of a post: as soon as whoever is told would see it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from federation import clock
from federation.models import Job
from social.accounts.models import User
from social.posts import hints
from social.posts.models import Watcher
from tests.server.conftest import Member
from tests.server.test_posts_writing import write

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("redis_url", "laid", "wait"),
    [("", None, 0), ("redis://other", None, 550), ("", "pages", 750)],
    ids=["one process", "several", "behind nginx"],
)
def test_a_hint_waits_until_the_page_shows(
    alice: Member,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    redis_url: str,
    laid: str | None,
    wait: int,
) -> None:
    now = clock.now() // clock.SECOND * clock.SECOND + 300
    monkeypatch.setattr(clock, "now", lambda: now)
    author = User.objects.get(username="alice")
    Watcher.objects.create(author=author, ip="b.example", port=443, renewed=now)
    settings.PORCHLIGHT = replace(
        settings.PORCHLIGHT, redis_url=redis_url, pages=tmp_path / laid if laid else None
    )
    write(alice, "A new post.")
    assert Job.objects.get(kind=hints.HINT).next_run_at == now + wait
