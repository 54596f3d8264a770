"""Files that come with an archive: made ready at once, under the same quota and the same care as uploads."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from django.db import transaction

from social.accounts.models import User
from social.media import folders, processing, quota
from social.media.errors import MediaRefusal
from social.media.models import Media
from social.media.sniff import HEAD, LARGEST, sniff
from social.media.uploads import path_of, plain_name

CHUNK = 256 * 1024


class Source(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


def bring(owner: User, uid: UUID, name: str, source: Source, size: int) -> Media | None:
    """The file as a ready medium of its owner; the one of this uid if it came before; None where it is not
    taken: of a kind that is not shown, damaged, too large, no room, or of somebody else."""
    known = Media.objects.filter(uid=uid).first()
    if known is None and 0 < size <= LARGEST:
        known = _begin(owner, uid, name, source, size)
    if known is None or known.owner_id != owner.pk:
        return None
    if known.state == Media.WORKING:
        processing.make_ready(known)
        known.refresh_from_db()
    if known.state == Media.REFUSED:
        known.delete()
        return None
    return known


def _begin(owner: User, uid: UUID, name: str, source: Source, size: int) -> Media | None:
    media = Media(uid=uid, owner=owner, name=plain_name(name), size=size)
    place = path_of(media)
    with place.open("wb") as file:
        while piece := source.read(CHUNK):
            file.write(piece)
    with place.open("rb") as file:
        kind = sniff(file.read(HEAD))
    media.kind = kind.kind if kind else ""
    folders.sync(place)
    try:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=owner.pk)
            quota.require_room(owner, size)
            media.save()
    except MediaRefusal:
        place.unlink(missing_ok=True)
        return None
    return media
