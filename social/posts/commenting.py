"""A member comments on something in the timeline, with a comment that their own device signed."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from federation import here
from homevault.protocol import comments
from homevault.protocol.addresses import Address
from homevault.protocol.certificates import Certificate
from homevault.protocol.comments import Comment, CommentChange
from homevault.protocol.errors import ProtocolError
from social.accounts import keys, limits
from social.accounts.models import User
from social.posts import changing, delivery, discussion, remote
from social.posts.access import Thing
from social.posts.errors import Refusal
from social.posts.models import Comment as Stored
from social.posts.models import Post, SentComment
from social.safety import access as safety

A_MINUTE = 10
TAKEN_BACK_A_MINUTE = 60


def comment(user: User, thing: Thing, comment: Any, certificate: Any) -> Stored | SentComment:
    """Check that it is the member's own and about this, then store it here or have it delivered.
    Raises ProtocolError or Refusal; nothing is stored then."""
    _allow(user)
    safety.require_reach(user)
    signed, vouched = comments.verify_posted_comment({"comment": comment, "certificate": certificate})
    _check_own(user, signed, vouched)
    discussion.check_time(signed)
    if isinstance(thing, Post):
        _require(signed.post == discussion.url_of(thing))
        return discussion.take(signed, vouched, thing)
    if not remote.is_open(thing):
        raise Refusal("comments_closed")
    _require(signed.post == thing.url)
    return delivery.send(user, thing, signed, vouched)


def change(user: User, thing: Thing, change: Any, certificate: Any) -> None:
    """Change a comment of one's own, or take it back; checked like a comment, but that whoever is blocked may
    still take back. Raises ProtocolError or Refusal."""
    _allow(user)
    signed, vouched = comments.verify_posted_change({"change": change, "certificate": certificate})
    if signed.text is not None:
        safety.require_reach(user)
    _check_own(user, signed, vouched)
    if isinstance(thing, Post):
        changing.check(signed, thing)
        changing.take(signed, vouched, thing)
    else:
        _require(signed.post == thing.url)
        delivery.change(user, signed, vouched)


def take_back(user: User, change: Any, certificate: Any) -> None:
    """Take back a comment that was sent to another site, whether its post is still followed or not. Raises
    ProtocolError or Refusal."""
    _require_account(user)
    limits.require("taking-back", user.username, TAKEN_BACK_A_MINUTE, limits.MINUTE)
    signed, vouched = comments.verify_posted_change({"change": change, "certificate": certificate})
    _check_own(user, signed, vouched)
    if signed.text is not None:
        raise ProtocolError("schema", "change.text")
    delivery.change(user, signed, vouched)


def elsewhere(user: User) -> QuerySet[SentComment]:
    """The member's comments on other sites, oldest first, until those have taken them back."""
    of_user = SentComment.objects.filter(user=user).exclude(state=SentComment.FAILED)
    return of_user.exclude(state=Stored.GONE, change_sent__gte=F("change_number")).order_by("pk")


def _allow(user: User) -> None:
    _require_account(user)
    limits.require("commenting", user.username, A_MINUTE, limits.MINUTE)


def _require_account(user: User) -> None:
    if user.account is None:
        raise Refusal("not_enrolled")


def _check_own(user: User, signed: Comment | CommentChange, certificate: Certificate) -> None:
    """Whether a device of the member's own signed it in their name."""
    if signed.account != user.account:
        raise ProtocolError("certificate_account", "account")
    if signed.author != Address(*here.site(), user.username):
        raise ProtocolError("wrong_sender", "author")
    discussion.check_names(keys.document_here(user.username), certificate)


def _require(about_this: bool) -> None:
    if not about_this:
        raise ProtocolError("schema", "comment.post")
