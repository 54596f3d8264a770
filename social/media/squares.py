"""The square files of a picture that stands for somebody: `square192.webp` for lists, `square512.jpeg` for
feeds, link previews and whoever can take only one. Made once, when first needed; they count as the owner's.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import mkdtemp

from django.db import transaction

from social.accounts.models import User
from social.media import folders, quota
from social.media.decoding import Made, make_squares
from social.media.errors import MediaRefusal
from social.media.models import File, Media

PREFIX = "square"
SMALL, LARGE = "square192.webp", "square512.jpeg"


def ensure(media: Media) -> None:
    """See that a ready picture has its squares. Raises MediaRefusal (`media_type`, `media_quota`)."""
    if media.kind != Media.IMAGE:
        raise MediaRefusal("media_type")
    if media.files.filter(name=SMALL).exists():
        return
    draft = Path(mkdtemp(dir=folders.uploads(), prefix="draft-"))
    try:
        made = make_squares(folders.of(media.uid) / _source(media), draft)
        _keep(media, draft, made.files)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _source(media: Media) -> str:
    return next(file.name for file in media.files.all() if file.name.startswith("whole."))


def _keep(media: Media, draft: Path, made: tuple[Made, ...]) -> None:
    """The files take their places, then the rows say so; doing it again replaces them."""
    files = [
        File(
            media=media,
            name=one.name,
            type=one.type,
            size=(draft / one.name).stat().st_size,
            width=one.width,
            height=one.height,
        )
        for one in made
    ]
    with transaction.atomic():
        User.objects.select_for_update().get(pk=media.owner_id)
        size = sum(file.size for file in files)
        quota.require_room(media.owner, size)
        place = folders.of(media.uid)
        for file in files:
            folders.sync(draft / file.name)
            (draft / file.name).replace(place / file.name)
        folders.sync(place)
        media.size += size
        media.save(update_fields=["size"])
        File.objects.filter(media=media, name__startswith=PREFIX).delete()
        File.objects.bulk_create(files)
