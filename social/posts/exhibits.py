"""What posts show: pictures, sound, films and documents of their author, in order, each with a description.

All of it happens in the transaction that changes the post; the files themselves follow once it is committed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from homevault.protocol.posts import PostAttachment
from social.media import hashing, library
from social.media.errors import MediaRefusal
from social.media.models import Media
from social.media.shown import Shown
from social.media.shown import shown as as_shown
from social.posts.errors import Refusal
from social.posts.models import Attachment, Post
from social.posts.post_models import ALT_LENGTH

MOST = 20
WITH_POSTS = ("labels", "attachments__media__files")
"""What is read along with posts that will be shown."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A medium of the author's by its uid, and what somebody who cannot see it is told."""

    uid: UUID
    alt: str = ""


def of(post: Post) -> list[Exhibit]:
    return [Exhibit(one.media.uid, one.alt) for one in post.attachments.select_related("media")]


def stated(post: Post) -> tuple[PostAttachment, ...]:
    """What it shows as its author signs it (SPEC 8.5): each by the bytes of its whole file."""
    attachments = post.attachments.select_related("media").prefetch_related("media__files")
    return tuple(_stated(one) for one in attachments)


def _stated(one: Attachment) -> PostAttachment:
    """Raises MediaRefusal `media_damaged` where the file is lost."""
    try:
        hashing.complete(one.media)
    except OSError as error:
        raise MediaRefusal("media_damaged") from error
    whole = as_shown(one.media).whole
    return PostAttachment(whole.hash or "", whole.type, whole.size, one.alt)


def shown(post: Post) -> list[tuple[Shown, str]]:
    """What everybody sees of it, with the description."""
    return [(as_shown(one.media), one.alt) for one in post.attachments.all()]


def save(post: Post, wanted: Sequence[Exhibit]) -> None:
    """Have a post show exactly these. Raises Refusal or MediaRefusal if one is not its author's or not
    ready."""
    uids = [one.uid for one in wanted]
    if len(uids) > MOST or len(set(uids)) != len(uids):
        raise Refusal("schema", "shows")
    if not uids and not post.attachments.exists():
        return
    media = library.ready(post.author, uids)
    post.attachments.all().delete()
    Attachment.objects.bulk_create(
        Attachment(post=post, media=found, alt=one.alt.strip(), place=place)
        for place, (found, one) in enumerate(zip(media, wanted, strict=True))
    )
    library.use(_name(post), media)


def add(post: Post, media: Media, alt: str, place: int) -> None:
    """Have a post show one more, in the caller's transaction. Again changes nothing."""
    about = {"alt": alt.strip()[:ALT_LENGTH], "place": place}
    Attachment.objects.get_or_create(post=post, media=media, defaults=about)
    library.use(_name(post), [one.media for one in post.attachments.select_related("media")])


def discard(post: Post) -> None:
    """The post is deleted, and its files with it unless something else shows them."""
    post.attachments.all().delete()
    library.discard(_name(post))


def _name(post: Post) -> str:
    return f"post:{post.uid}"
