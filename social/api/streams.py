"""Answers that are made while they are sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from django.http import StreamingHttpResponse

from federation import clock, threads
from social.accounts.models import User
from social.posts.writing import rfc3339


def zip_answer(user: User, pieces: Iterator[bytes], what: str = "") -> StreamingHttpResponse:
    """A ZIP for a member, named after them, `what` and the day."""
    answer = StreamingHttpResponse(_steps(pieces), content_type="application/zip")
    name = "-".join(filter(None, (user.username, what, rfc3339(clock.now())[:10])))
    answer["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    answer["Cache-Control"] = "no-store"
    return answer


async def _steps(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Each piece is made in a thread, when the one before was sent."""
    while (piece := await threads.work(next, pieces, b"")) != b"":
        yield piece
