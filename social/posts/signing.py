"""What an author's device signed of a post (SPEC 8.5), kept beside the post and served as it came.

A statement is taken if a device that the member lists has signed it, if it says exactly what was asked of the
site, and if it is the next version. A version that nobody signed (an import, another program) leaves the post
without one: an older statement would contradict what the page says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from federation import clock
from homevault.protocol import posts
from homevault.protocol.canonical import canonical, parse
from homevault.protocol.certificates import Certificate
from homevault.protocol.errors import ProtocolError
from homevault.protocol.posts import PostStatement
from social.accounts import keys
from social.accounts.models import User
from social.posts import discussion, exhibits
from social.posts.errors import Refusal
from social.posts.models import Post, SignedPost

PAGE = 20
SHORT = 32_768  # bytes
APART = 5 * clock.MINUTE  # of the clocks


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement that the member's device made just now."""

    statement: PostStatement
    certificate: Certificate


def read(user: User, value: Any) -> Signed | None:
    """What came as `{post, certificate}`; None for nothing. Raises ProtocolError, Refusal `not_enrolled`."""
    if value is None:
        return None
    if user.account is None:
        raise Refusal("not_enrolled")
    statement, certificate = posts.verify_signed_post(value)
    if statement.account != user.account:
        raise ProtocolError("certificate_account", "post.account")
    discussion.check_names(keys.document_here(user.username), certificate)
    if abs(statement.time - clock.now()) > APART:
        raise ProtocolError("clock", "post.time")
    return Signed(statement, certificate)


def require_says(signed: Signed | None, title: str, source: str | None, tags: Sequence[str]) -> None:
    """The statement has the words that came with it. Raises ProtocolError `schema`."""
    if signed is None:
        return
    said = signed.statement
    if (said.title, said.text, said.tags) != (title, source, list(tags)):
        raise ProtocolError("schema", "post.text")


def require_shows(signed: Signed | None, post: Post) -> None:
    """The statement has the pictures and files that the post shows now, with their descriptions. Raises
    ProtocolError `schema`, MediaRefusal."""
    if signed is None:
        return
    said = tuple(replace(each, alt=each.alt.strip()) for each in signed.statement.attachments or ())
    if said != exhibits.stated(post):
        raise ProtocolError("schema", "post.attachments")


def require_next(signed: Signed | None, post: Post, number: int) -> None:
    """It is the version `number` of this post. Raises ProtocolError `schema`."""
    if signed is None:
        return
    said = signed.statement
    if (said.id, said.number, said.published) != (str(post.uid), number, post.published):
        raise ProtocolError("schema", "post.number")


def date_of(signed: Signed | None) -> int:
    """When a new post is published: now, as its statement says it. Raises ProtocolError `clock`."""
    now = clock.now()
    if signed is None:
        return now
    if abs(signed.statement.published - now) > APART:
        raise ProtocolError("clock", "post.published")
    return signed.statement.published


def save(post: Post, signed: Signed | None) -> None:
    """Keep the statement of what a post says now, in the transaction that makes it say so."""
    if signed is None:
        SignedPost.objects.filter(post=post).delete()
        return
    wires = {
        "wire": canonical(signed.statement.wire),
        "certificate": canonical(signed.certificate.wire),
    }
    SignedPost.objects.update_or_create(post=post, defaults=wires)


def page(user: User, after: int) -> tuple[list[dict[str, Any]], int | None]:
    """The next `PAGE` statements of a member's posts, as `{post, certificate}`, and where to go on."""
    kept = list(SignedPost.objects.filter(post__author=user, pk__gt=after).order_by("pk")[: PAGE + 1])
    return [_pair(each) for each in kept[:PAGE]], kept[PAGE - 1].pk if len(kept) > PAGE else None


def short_statement(post: Post) -> dict[str, Any] | None:
    """`{post, certificate}` of what a post says now, for feeds; None where there is none that is short."""
    kept: SignedPost | None = getattr(post, "signed", None)
    if kept is None or len(kept.wire) > SHORT:
        return None
    return _pair(kept)


def _pair(kept: SignedPost) -> dict[str, Any]:
    return {
        "post": parse(bytes(kept.wire), posts.SIGNED_BYTES),
        "certificate": parse(bytes(kept.certificate)),
    }


def document(post: Post) -> bytes | None:
    """`post.json` (SPEC 8.5), or None where nothing was signed."""
    kept = SignedPost.objects.filter(post=post).first()
    if kept is None:
        return None
    return b'{"certificate":%s,"post":%s,"v":1}' % (bytes(kept.certificate), bytes(kept.wire))
