"""Other sites' pictures, shown to members without telling those sites who looks.

The site fetches through the guarded client, makes the picture anew in the child process, and keeps a small
copy. What is kept never weighs more than PORCHLIGHT_MEDIA_CACHE: the least lately shown goes first. What
could not be had is not asked for again within an hour.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from pathlib import Path
from tempfile import mkdtemp

from django.conf import settings
from django.core.cache import cache

from federation import fetch
from federation.guard import FetchError
from homevault.protocol.encoding import b64encode
from social.media import folders
from social.media.decoding import make_picture
from social.media.errors import MediaRefusal
from social.media.models import Media
from social.media.sniff import HEAD, sniff

SIDE = 1280
LIMITS = fetch.Limits(bytes=12_000_000, seconds=15.0)
AGAIN = 3600


def picture(url: str, hash: str = "") -> bytes:
    """The small copy (WebP) of the picture at `url`; fetches it if it is not here. With a `hash` it is made
    of exactly the bytes that have it. Raises MediaRefusal."""
    place = place_of(url, hash)
    with contextlib.suppress(FileNotFoundError):
        os.utime(place)
        return place.read_bytes()
    problem = cache.get(f"remote:{place.stem}")
    if problem:
        raise MediaRefusal(problem)
    try:
        _fetch(url, hash, place)
    except MediaRefusal as error:
        cache.set(f"remote:{place.stem}", error.code, AGAIN)
        raise
    found = place.read_bytes()
    make_room(place)
    return found


def place_of(url: str, hash: str = "") -> Path:
    name = f"{hash} {url}" if hash else url
    return folders.remote() / f"{hashlib.sha256(name.encode()).hexdigest()}.webp"


def make_room(keep: Path | None = None) -> None:
    """Remove what was shown least lately until the rest weighs no more than it may; `keep` goes last."""
    most = settings.PORCHLIGHT.media_cache
    latest_first = sorted(_files(), key=lambda pair: (pair[0] == keep, pair[1].st_mtime), reverse=True)
    total = 0
    for path, about in latest_first:
        total += about.st_size
        if total > most:
            path.unlink(missing_ok=True)


def _files() -> list[tuple[Path, os.stat_result]]:
    found = []
    for path in folders.remote().glob("*.webp"):
        try:
            found.append((path, path.stat()))
        except FileNotFoundError:
            continue
    return found


def _fetch(url: str, hash: str, place: Path) -> None:
    try:
        answer = fetch.get_sync(url, {"accept": "image/avif,image/webp,image/*"}, LIMITS)
    except FetchError as error:
        raise MediaRefusal("unreachable") from error
    if answer.status != 200:
        raise MediaRefusal("unreachable")
    if hash and b64encode(hashlib.sha256(answer.body).digest()) != hash:
        raise MediaRefusal("media_changed")
    kind = sniff(answer.body[:HEAD])
    if kind is None or kind.kind != Media.IMAGE:
        raise MediaRefusal("media_type")
    draft = Path(mkdtemp(dir=folders.uploads(), prefix="draft-"))
    try:
        source = draft / "source"
        source.write_bytes(answer.body)
        make_picture(source, draft, SIDE)
        (draft / "one.webp").rename(place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
