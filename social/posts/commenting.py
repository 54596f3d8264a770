"""A member comments on something in the timeline, with a comment that their own device signed."""

from __future__ import annotations

from typing import Any

from federation import here
from homevault.protocol import comments
from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError
from social.accounts import keys, limits
from social.accounts.models import User
from social.posts import delivery, discussion, remote
from social.posts.access import Thing
from social.posts.errors import Refusal
from social.posts.models import Comment, Post, SentComment
from social.safety import access as safety

A_MINUTE = 10


def comment(user: User, thing: Thing, comment: Any, certificate: Any) -> Comment | SentComment:
    """Check that it is the member's own and about this, then store it here or have it delivered.
    Raises ProtocolError or Refusal; nothing is stored then."""
    if user.account is None:
        raise Refusal("not_enrolled")
    safety.require_reach(user)
    limits.require("commenting", user.username, A_MINUTE, limits.MINUTE)
    signed, vouched = comments.verify_posted_comment({"comment": comment, "certificate": certificate})
    if signed.account != user.account:
        raise ProtocolError("certificate_account", "comment.account")
    if signed.author != Address(*here.site(), user.username):
        raise ProtocolError("wrong_sender", "comment.author")
    discussion.check_names(keys.document_here(user.username), vouched)
    discussion.check_time(signed)
    if isinstance(thing, Post):
        _require(signed.post == discussion.url_of(thing))
        return discussion.take(signed, vouched, thing)
    if not remote.is_open(thing):
        raise Refusal("comments_closed")
    _require(signed.post == thing.url)
    return delivery.send(user, thing, signed, vouched)


def _require(about_this: bool) -> None:
    if not about_this:
        raise ProtocolError("schema", "comment.post")
