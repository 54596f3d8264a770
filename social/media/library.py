"""A member's media: looking, showing in public, and deleting.

A medium is public while something public uses it. Rows are changed in the caller's transaction, files move
once it is committed; `settle` puts right what a crash left in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from uuid import UUID

from django.db import transaction

from social.accounts.models import User
from social.media import folders, uploads
from social.media.errors import MediaRefusal
from social.media.models import Media, Upload, Use

LISTED = 500


def mine(owner: User) -> list[Media]:
    """The newest first, refused ones with their reason."""
    return list(
        Media.objects.filter(owner=owner)
        .prefetch_related("files", "uses")
        .order_by("-created", "-id")[:LISTED]
    )


def find(owner: User, uid: UUID) -> Media:
    """One's own medium. Raises MediaRefusal `not_found`."""
    found = Media.objects.filter(owner=owner, uid=uid).prefetch_related("files", "uses").first()
    if found is None:
        raise MediaRefusal("not_found")
    return found


def ready(owner: User, uids: Sequence[UUID]) -> list[Media]:
    """One's own media of these uids, in this order. Raises MediaRefusal `not_found` or `media_working`."""
    found = {
        one.uid: one for one in Media.objects.filter(owner=owner, uid__in=uids).prefetch_related("files")
    }
    if len(found) != len(set(uids)):
        raise MediaRefusal("not_found")
    if any(one.state != Media.READY for one in found.values()):
        raise MediaRefusal("media_working")
    return [found[uid] for uid in uids]


def use(what: str, media: Iterable[Media]) -> None:
    """Say that `what` shows exactly these media, in the caller's transaction."""
    wanted = {one.pk: one.uid for one in media}
    before = dict(Use.objects.filter(what=what).values_list("media_id", "media__uid"))
    gone = before.keys() - wanted.keys()
    Use.objects.filter(what=what, media_id__in=gone).delete()
    Use.objects.bulk_create([Use(media_id=pk, what=what) for pk in wanted.keys() - before.keys()])
    moved = [*wanted.values(), *(before[pk] for pk in gone)]
    for uid in moved:
        transaction.on_commit(partial(settle, uid), robust=True)


def discard(what: str) -> None:
    """`what` is deleted: media that nothing else shows are deleted with it, in the caller's transaction."""
    for media in Media.objects.filter(uses__what=what):
        Use.objects.filter(media=media, what=what).delete()
        if not Use.objects.filter(media=media).exists():
            _erase(media)


def delete(media: Media) -> None:
    """Raises MediaRefusal `media_in_use` while something public shows it."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=media.owner_id)
        if Use.objects.filter(media=media).exists():
            raise MediaRefusal("media_in_use")
        _erase(media)


def settle(uid: UUID) -> None:
    """Put a medium's files where its uses say they belong."""
    if not Media.objects.filter(uid=uid).exists():
        folders.remove(uid)
    elif Use.objects.filter(media__uid=uid).exists():
        folders.show(uid)
    else:
        folders.hide(uid)


def settle_all() -> None:
    """At the start of the site: also what no row speaks of is removed."""
    uploads.sweep()
    for uid in Media.objects.filter(state=Media.READY).values_list("uid", flat=True).iterator():
        settle(uid)
    known = {str(uid) for uid in Media.objects.values_list("uid", flat=True)}
    for name in folders.names() - known:
        folders.remove(UUID(name))


def erase(owner: User) -> None:
    """Everything of somebody who is erased: in the caller's transaction, files once it is committed. Whatever
    shows them has gone before."""
    for upload in Upload.objects.filter(owner=owner):
        transaction.on_commit(partial(_remove, upload.uid), robust=True)
    for media in Media.objects.filter(owner=owner):
        _erase(media)


def _erase(media: Media) -> None:
    uid = media.uid
    media.delete()
    transaction.on_commit(partial(_remove, uid), robust=True)


def _remove(uid: UUID) -> None:
    folders.remove(uid)
    (folders.uploads() / str(uid)).unlink(missing_ok=True)
