"""Comments that come in (SPEC 8.3): judged at receipt, stored once, shown or waiting.

A comment is taken if its author's site sent it, its device signed it, the device is listed by its account at
the author's address, and the post stands. A stranger's first comment waits for the post's author; after one
was shown, the same account's further ones are shown at once, but for those full of links. The same comment
again changes nothing. What a person says whom the author blocks looks as if it waited, and is kept nowhere.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from federation import clock, here
from federation.here import Site
from homevault.protocol import comments
from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical
from homevault.protocol.certificates import Certificate
from homevault.protocol.comments import Comment as Signed
from homevault.protocol.errors import ProtocolError
from homevault.protocol.prekeys import verify_keys_document
from social.accounts import keys, limits
from social.accounts.models import User
from social.posts import changes, links, replying, signals, telling
from social.posts.models import Comment, Post
from social.safety import persons

AHEAD = 5 * clock.MINUTE
OLDEST = 8 * clock.DAY  # a site tries for seven
WAITING_OF_ONE = 3  # comments of one account that may wait for one author
WAITING = 1_000
OF_SITE_A_MINUTE, OF_SITE_AN_HOUR = 60, 600
OF_ACCOUNT_A_MINUTE, OF_ACCOUNT_AN_HOUR = 10, 60


def read(body: Any, site: Site, username: str, slug: str) -> tuple[Signed, Certificate, Post]:
    """What a site posted, judged as far as it goes without asking anybody. Raises ProtocolError."""
    check_budget_of_site(site)
    signed, certificate = comments.verify_posted_comment(body)
    if signed.author.site != site:
        raise ProtocolError("wrong_sender", "author")
    post = standing(username, slug)
    if signed.post != url_of(post):
        raise ProtocolError("schema", "comment.post")
    check_time(signed)
    return signed, certificate, post


def check_budget_of_site(site: Site) -> None:
    """What one site may bring. Raises ProtocolError `too_many`."""
    limits.require("comments", here.name(site), OF_SITE_A_MINUTE, limits.MINUTE)
    limits.require("comments-hour", here.name(site), OF_SITE_AN_HOUR, limits.HOUR)


def check_budget_of_account(account: str) -> None:
    """What one account may say. Raises ProtocolError `too_many`."""
    limits.require("comments-by", account, OF_ACCOUNT_A_MINUTE, limits.MINUTE)
    limits.require("comments-by-hour", account, OF_ACCOUNT_AN_HOUR, limits.HOUR)


def standing(username: str, slug: str) -> Post:
    """The post at this path. Raises ProtocolError `refused` where there is none (any more)."""
    found = Post.objects.select_related("author")
    post = found.filter(author__username=username, author__is_active=True, slug=slug, deleted=None).first()
    if post is None:
        raise ProtocolError("refused", "post")
    return post


def url_of(post: Post) -> str:
    """The address of a post of this site."""
    return f"{here.origin()}/@{post.author.username}/{post.slug}"


def check_time(signed: Signed) -> None:
    now = clock.now()
    if signed.time > now + AHEAD:
        raise ProtocolError("clock", "comment.time")
    if signed.time < now - OLDEST:
        raise ProtocolError("expired", "comment.time")


def known(signed: Signed) -> Comment | None:
    """This very comment, if it came before."""
    return Comment.objects.filter(ref=signed.hash).first()


async def check_listed(author: Address, certificate: Certificate) -> None:
    """Ask the author's site whether the account lists the device. Raises ProtocolError `unlisted_device`,
    `certificate_account`, `unreachable` and what verification finds."""
    check_names(await keys.document_elsewhere(author), certificate)


def check_names(document: dict[str, Any] | None, certificate: Certificate) -> None:
    """Whether a keys document lists exactly this certificate."""
    if document is None:
        raise ProtocolError("unlisted_device", "nobody there")
    listed = verify_keys_document(document).list
    if listed.account != certificate.account:
        raise ProtocolError("certificate_account", "of the address")
    found = listed.devices.get(certificate.device)
    if found is None or found.wire != certificate.wire:
        raise ProtocolError("unlisted_device", "device")


def take(signed: Signed, certificate: Certificate, post: Post) -> Comment:
    """Store a judged comment, with the pages that show it; the one that is there if it came before.
    Raises ProtocolError `too_many`, or `replay` for another comment of the same device and id."""
    check_budget_of_account(signed.account)
    try:
        with transaction.atomic():
            author = User.objects.select_for_update().get(pk=post.author_id)
            return known(signed) or _store(signed, certificate, post, author)
    except IntegrityError as error:
        raise ProtocolError("replay", "comment.id") from error


def _store(signed: Signed, certificate: Certificate, post: Post, author: User) -> Comment:
    if persons.is_blocked(author, signed.author, signed.account):
        return Comment(post=post, ref=signed.hash, state=Comment.PENDING)
    own = signed.account == author.account
    current = Post.objects.filter(pk=post.pk, deleted=None).first()
    if current is None or not (own or replying.may(author, current, signed.author)):
        raise ProtocolError("refused", "post")
    shown = own or (is_known_here(author, signed.account) and not links.are_many(signed.text))
    if not shown:
        _check_room(author, signed.account)
    comment = Comment.objects.create(
        post=post,
        ref=signed.hash,
        account=signed.account,
        device=signed.device,
        number=signed.id,
        ip=signed.author.ip,
        port=signed.author.port,
        username=signed.author.username,
        name=signed.name,
        text=signed.text,
        time=signed.time,
        state=Comment.SHOWN if shown else Comment.PENDING,
        wire=canonical(signed.wire),
        certificate=canonical(certificate.wire),
    )
    changes.catch_up(comment)
    if comment.state == Comment.SHOWN:
        signals.comments_changed.send(Comment, post=post)
        telling.readers_of(post, "comments")
    else:
        telling.member(author.username, "comments")
    return comment


def is_known_here(author: User, account: str) -> bool:
    """Whether a comment of this account on a post of this author is shown."""
    return Comment.objects.filter(post__author=author, account=account, state=Comment.SHOWN).exists()


def _check_room(author: User, account: str) -> None:
    waiting = Comment.objects.filter(post__author=author, state=Comment.PENDING)
    if waiting.filter(account=account).count() >= WAITING_OF_ONE or waiting.count() >= WAITING:
        raise ProtocolError("too_many", "waiting")


def address_of(comment: Comment) -> Address:
    """Where the author of a comment lives."""
    return Address(comment.ip, comment.port, comment.username)
