"""Strangers' pictures are opened in a child process only; this starts it and judges what it made."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from social.media.errors import MediaRefusal

log = logging.getLogger(__name__)
SCRIPT = Path(__file__).with_name("decoder.py")
SECONDS = 60
AT_ONCE = BoundedSemaphore(2)
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"}


@dataclass(frozen=True, slots=True)
class Made:
    """A file that the child wrote; sides in pixels."""

    name: str
    type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    blurhash: str
    files: tuple[Made, ...]


def make_picture(source: Path, folder: Path, side: int | None = None) -> Picture:
    """Make the picture in `source` anew in several sizes, or in one of at most `side` pixels either way, into
    the empty `folder`. Raises MediaRefusal (`media_damaged`, `media_pixels`)."""
    return _made(source, folder, [] if side is None else [str(side)])


def make_squares(source: Path, folder: Path) -> Picture:
    """Make the middle of the picture in `source` anew as squares, into the empty `folder`. Raises
    MediaRefusal."""
    return _made(source, folder, ["squares"])


def _made(source: Path, folder: Path, more: list[str]) -> Picture:
    with AT_ONCE:
        answer = _run(source, folder, more)
    if "problem" in answer:
        raise MediaRefusal(str(answer["problem"]))
    files = tuple(Made(**one) for one in answer["files"])  # type: ignore[attr-defined]
    return Picture(int(answer["width"]), int(answer["height"]), str(answer["blurhash"]), files)  # type: ignore[call-overload]


def _run(source: Path, folder: Path, more: list[str]) -> dict[str, object]:
    command = [sys.executable, "-I", "-B", str(SCRIPT), str(source), str(folder), *more]
    try:
        done = subprocess.run(  # noqa: S603 - our own script, paths of our own making
            command, capture_output=True, timeout=SECONDS, env=ENVIRONMENT, cwd=folder, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise MediaRefusal("media_pixels") from error
    if done.returncode:
        log.warning("a picture could not be decoded: exit %s", done.returncode)
        raise MediaRefusal("media_damaged")
    found: dict[str, object] = json.loads(done.stdout)
    return found
