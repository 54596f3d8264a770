"""Resumable uploads (tus 1.0.0: creation, expiration, termination).

Promise: an offset that was answered is durable. A piece is written and synced, then the row says so; what was
written and not acknowledged is overwritten by the next try. One member's uploads are bounded in number and,
by the quota, in bytes; what is not finished within a day is thrown away.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from uuid import UUID

from django.db import transaction

from federation import clock
from social.accounts.models import User
from social.media import folders, quota
from social.media.errors import MediaRefusal
from social.media.models import Media, Upload
from social.media.sniff import HEAD, LARGEST, sniff

AT_ONCE = 20
PIECE = 8 * 1024 * 1024
LIFETIME = clock.DAY
NAME_LENGTH = 255


def begin(owner: User, name: str, size: int) -> Upload:
    """Announce a file. Raises MediaRefusal."""
    if size < 1:
        raise MediaRefusal("media_empty")
    if size > LARGEST:
        raise MediaRefusal("media_too_large")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)
        if Upload.objects.filter(owner=owner).count() >= AT_ONCE:
            raise MediaRefusal("upload_many")
        quota.require_room(owner, size)
        return Upload.objects.create(owner=owner, name=plain_name(name), size=size)


def find(owner: User, uid: UUID) -> Upload:
    """One's own upload. Raises MediaRefusal `not_found`."""
    found = Upload.objects.filter(owner=owner, uid=uid).first()
    if found is None:
        raise MediaRefusal("not_found")
    return found


def append(upload: Upload, offset: int, piece: bytes) -> Upload:
    """Take the piece that begins at `offset`; the last one turns the upload into a medium of the same uid.
    Raises MediaRefusal: `upload_offset` if it does not continue what is here; another code says that the file
    will not be taken, and what came of it is gone."""
    if offset == upload.offset == 0 and piece:
        _check_head(upload, piece)
    with transaction.atomic():
        upload = Upload.objects.select_for_update().select_related("owner").get(pk=upload.pk)
        if offset != upload.offset or offset + len(piece) > upload.size:
            raise MediaRefusal("upload_offset")
        path = path_of(upload)
        _write(path, offset, piece)
        upload.offset += len(piece)
        upload.save(update_fields=["offset"])
        if upload.offset == upload.size:
            _finish(upload, path)
    return upload


def cancel(upload: Upload) -> None:
    """Forget an upload and what came of it."""
    upload.delete()
    path_of(upload).unlink(missing_ok=True)


def sweep() -> None:
    """Throw away what was not finished in time, and files that no row speaks of."""
    for old in Upload.objects.filter(started__lt=clock.now() - LIFETIME):
        cancel(old)
    known = {str(uid) for uid in Upload.objects.values_list("uid", flat=True)}
    working = Media.objects.filter(state=Media.WORKING).values_list("uid", flat=True)
    known.update(str(uid) for uid in working)
    oldest = (clock.now() - LIFETIME) / 1000
    for path in folders.uploads().iterdir():
        if path.name not in known and path.stat().st_mtime < oldest:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def path_of(upload: Upload | Media) -> Path:
    return folders.uploads() / str(upload.uid)


def plain_name(name: str) -> str:
    """A file's name as a label: the last part of a path, printable, with its suffix kept."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c if c.isprintable() else " " for c in name).strip(" .") or "file"
    stem, dot, suffix = name.rpartition(".")
    if dot and len(suffix) <= 10:
        return f"{stem[: NAME_LENGTH - len(suffix) - 1]}.{suffix}"
    return name[:NAME_LENGTH]


def _check_head(upload: Upload, piece: bytes) -> None:
    kind = sniff(piece[:HEAD])
    if kind is None and (len(piece) >= HEAD or len(piece) == upload.size):
        cancel(upload)
        raise MediaRefusal("media_type")
    if kind is not None and upload.size > kind.largest:
        cancel(upload)
        raise MediaRefusal("media_too_large")


def _write(path: Path, offset: int, piece: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        written = 0
        while written < len(piece):
            written += os.pwrite(handle, piece[written:], offset + written)
        os.ftruncate(handle, offset + len(piece))
        os.fsync(handle)
    finally:
        os.close(handle)
    if offset == 0:
        folders.sync(path.parent)


def _finish(upload: Upload, path: Path) -> None:
    """What it is and whether it is taken is judged by the job, which refuses with a reason."""
    from social.media import processing

    with path.open("rb") as file:
        kind = sniff(file.read(HEAD))
    media = Media.objects.create(
        uid=upload.uid,
        owner=upload.owner,
        name=upload.name,
        kind=kind.kind if kind else "",
        size=upload.size,
    )
    upload.delete()
    processing.enqueue(media)
