"""The pictures and files of imported posts: noted while the posts are taken over, brought afterwards, a few a
run of the job.

The list lies beside the archive. It is written before the posts are committed, so none is forgotten; a file
has a uid made of its post and path, so that bringing it again changes nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from social.accounts.models import User
from social.media.bringing import bring
from social.posts import exhibits, unpacking
from social.posts.archived import Entry
from social.posts.models import Post

AT_ONCE = 20


def note(archive: Path, entries: Iterable[Entry]) -> None:
    """Remember what these posts show, durably."""
    lines = [
        json.dumps([str(entry.uid), place, show.file, show.name, show.alt])
        for entry in entries
        for place, show in enumerate(entry.shows[: exhibits.MOST])
    ]
    if not lines:
        return
    with _noted(archive).open("a", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())


def begin(archive: Path) -> None:
    """All posts are taken over: what was noted is to be brought."""
    if _noted(archive).exists():
        _noted(archive).rename(_list(archive))


def is_left(archive: Path) -> bool:
    return _list(archive).exists()


def forget(archive: Path) -> None:
    _list(archive).unlink(missing_ok=True)
    _noted(archive).unlink(missing_ok=True)


def bring_some(user: User, archive: Path) -> tuple[int, int]:
    """The next files of the list: how many were brought, and how many could not be."""
    with _list(archive).open(encoding="utf-8") as file:
        wanted = [json.loads(line) for line in islice(file, AT_ONCE)]
        rest = file.read()
    by_name: dict[str, list[Any]] = {one[2]: one for one in wanted}
    brought = sum(
        _attach(user, by_name[name], source, size)
        for name, source, size in unpacking.files(archive, by_name.keys())
    )
    _replace(_list(archive), rest)
    return brought, len(wanted) - brought


def _attach(user: User, wanted: list[Any], source: unpacking.Bounded, size: int) -> bool:
    uid, place, path, name, alt = wanted
    post = Post.objects.filter(uid=uid, author=user, deleted=None).first()
    if post is None:
        return False
    media = bring(user, uuid5(UUID(uid), f"{user.pk}:{path}"), name or path, source, size)
    if media is None:
        return False
    with transaction.atomic():
        exhibits.add(post, media, alt, place)
    return True


def _replace(file: Path, text: str) -> None:
    if not text:
        file.unlink()
        return
    new = file.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(file)


def _noted(archive: Path) -> Path:
    return archive.with_suffix(".noted")


def _list(archive: Path) -> Path:
    return archive.with_suffix(".media")
