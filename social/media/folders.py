"""Where files lie: `uploads/` while they come, `kept/<uid>/` for their owner, `public/<uid>/` for everybody,
and `remote/` for what other sites show.

What is under `public/` is served without asking anybody, here and by a web server in front. Nothing that a
stranger named is ever part of a path.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from uuid import UUID

from django.conf import settings


def uploads() -> Path:
    return _made(settings.MEDIA_ROOT / "uploads")


def kept(uid: UUID) -> Path:
    return _made(settings.MEDIA_ROOT / "kept") / str(uid)


def public(uid: UUID) -> Path:
    return _made(settings.MEDIA_ROOT / "public") / str(uid)


def remote() -> Path:
    """Other sites' pictures, made anew: a cache, nothing is lost with it."""
    return _made(settings.MEDIA_ROOT / "remote")


def of(uid: UUID) -> Path:
    """The folder of a medium, wherever it is now."""
    found = public(uid)
    return found if found.is_dir() else kept(uid)


def names() -> set[str]:
    """The folders of media that there are, by uid."""
    return {
        path.name for place in ("kept", "public") for path in _made(settings.MEDIA_ROOT / place).iterdir()
    }


def show(uid: UUID) -> None:
    """Make a medium everybody's; again is fine."""
    _move(kept(uid), public(uid))


def hide(uid: UUID) -> None:
    """Make a medium its owner's only; again is fine."""
    _move(public(uid), kept(uid))


def remove(uid: UUID) -> None:
    for folder in (public(uid), kept(uid)):
        shutil.rmtree(folder, ignore_errors=True)


def sync(path: Path) -> None:
    """Make a file's bytes, or a folder's names, durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _move(old: Path, new: Path) -> None:
    if old.is_dir() and not new.exists():
        old.rename(new)
        sync(new.parent)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
