"""From an uploaded file to what is kept: a job, so that a crash in the middle only means once more.

Pictures are made anew by the child process. Audio, video and PDF are kept as they came: their kind is
checked, what they say about themselves is not taken out.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from uuid import UUID

from django.db import transaction

from federation import jobs
from federation.models import Job
from social.accounts.models import User
from social.media import folders, quota
from social.media.decoding import make_picture
from social.media.errors import MediaRefusal
from social.media.hashing import hash_of
from social.media.models import File, Media
from social.media.sniff import HEAD, Kind, sniff
from social.media.uploads import path_of

KIND = "media"
AT_ONCE = 2
_ready: list[Callable[[User], None]] = []


def register() -> None:
    jobs.register(KIND, work, per_group=AT_ONCE)


def on_ready(told: Callable[[User], None]) -> None:
    """Have the owner told when a medium is ready or refused."""
    _ready.append(told)


def enqueue(media: Media) -> None:
    jobs.enqueue(KIND, str(media.uid), {"uid": str(media.uid)}, group="all")


def work(job: Job) -> None:
    media = Media.objects.select_related("owner").filter(uid=UUID(job.key)).first()
    if media is not None and media.state == Media.WORKING:
        make_ready(media)


def make_ready(media: Media) -> None:
    """Make what is kept of an uploaded file, then throw the uploaded one away."""
    source = path_of(media)
    try:
        with source.open("rb") as file:
            kind = sniff(file.read(HEAD))
        if kind is None:
            raise MediaRefusal("media_type")
        if media.size > kind.largest:
            raise MediaRefusal("media_too_large")
        _picture(media, source) if kind.kind == Media.IMAGE else _as_it_is(media, source, kind)
    except FileNotFoundError:
        _refuse(media, "media_damaged")
    except MediaRefusal as error:
        _refuse(media, error.code)
    source.unlink(missing_ok=True)
    for told in _ready:
        told(media.owner)


def _picture(media: Media, source: Path) -> None:
    draft = Path(mkdtemp(dir=folders.uploads(), prefix="draft-"))
    try:
        picture = make_picture(source, draft)
        files = [
            File(
                media=media,
                name=made.name,
                type=made.type,
                size=(draft / made.name).stat().st_size,
                width=made.width,
                height=made.height,
            )
            for made in picture.files
        ]
        media.width, media.height, media.blurhash = picture.width, picture.height, picture.blurhash
        _keep(media, draft, files)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _as_it_is(media: Media, source: Path, kind: Kind) -> None:
    draft = Path(mkdtemp(dir=folders.uploads(), prefix="draft-"))
    try:
        name = f"whole.{kind.suffix}"
        (draft / name).hardlink_to(source)
        _keep(media, draft, [File(media=media, name=name, type=kind.type, size=media.size)])
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _keep(media: Media, draft: Path, files: list[File]) -> None:
    """The folder takes its place, then the rows say so. What a cut leaves behind is replaced."""
    for file in files:
        file.hash = hash_of(draft / file.name)
        folders.sync(draft / file.name)
    folders.sync(draft)
    place = folders.kept(media.uid)
    shutil.rmtree(place, ignore_errors=True)
    draft.chmod(0o700)
    draft.rename(place)
    folders.sync(place.parent)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=media.owner_id)
        size = sum(file.size for file in files)
        if not Media.objects.filter(pk=media.pk).exists():
            folders.remove(media.uid)
            return
        if size > media.size:
            quota.require_room(media.owner, size - media.size)
        media.size, media.state = size, Media.READY
        media.save()
        File.objects.filter(media=media).delete()
        File.objects.bulk_create(files)


def _refuse(media: Media, code: str) -> None:
    folders.remove(media.uid)
    Media.objects.filter(pk=media.pk).update(state=Media.REFUSED, problem=code, size=0)
