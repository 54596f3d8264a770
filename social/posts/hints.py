"""The live hint: sister sites ask to be told of new posts (`watch`), and are told (`hint`); then they poll.

Both are live envelopes and may be lost; polling finds the post anyway. A watcher asks again after each
`RENEWED`; one that has not asked for `FORGOTTEN` is told no more. A hint carries nothing but where to look.
"""

from __future__ import annotations

from typing import Any

from federation import clock, here, inbox, jobs, links, replies, threads
from federation.here import Site
from federation.models import Job
from homevault.protocol.addresses import Address
from homevault.protocol.envelope import Envelope
from homevault.protocol.errors import ProtocolError
from social.accounts import limits
from social.accounts.models import User
from social.posts import polling, telling
from social.posts.models import Feed, Follow, Post, Watcher
from social.safety import access

WATCH, HINT = "watch", "hint"
RENEWED = 12 * clock.HOUR
FORGOTTEN = 7 * clock.DAY
MOST = 10_000  # watchers of one member
TRIES = 3
A_MINUTE = 120  # watches or hints taken from one site


def register() -> None:
    jobs.register(WATCH, _send_watch, linked=True)
    jobs.register(HINT, _send_hint, linked=True)
    inbox.register(WATCH, on_watch)
    inbox.register(HINT, on_hint)
    polling.on_polled(watch)


def tell(post: Post) -> None:
    """In the transaction of a change: members here look at once, watchers elsewhere are told after it."""
    telling.readers_of(post, "timeline")
    _tell_watchers(post.author, f"{here.origin()}/@{post.author.username}/{post.slug}", str(post.uid))


def _tell_watchers(author: User, url: str, key: str) -> None:
    watchers = Watcher.objects.filter(author=author, renewed__gt=clock.now() - FORGOTTEN)
    for ip, port in watchers.values_list("ip", "port"):
        payload = {"ip": ip, "port": port, "username": author.username, "url": url}
        jobs.enqueue(HINT, f"{here.name((ip, port))} {key}", payload, here.visible(clock.now()))


def tell_of(user: User) -> None:
    """The same where a member recommends something else."""
    followers = Follow.objects.filter(author=user).values_list("user__username", flat=True)
    telling.members(followers, "timeline")
    if access.may_reach(user):
        _tell_watchers(user, f"{here.origin()}/@{user.username}", f"recommends {user.pk}")


def watch(feed: Feed) -> None:
    """Ask a followed sister site to tell us, if that was not done lately."""
    if feed.ip and not feed.gone and feed.watched < clock.now() - RENEWED:
        payload = {"ip": feed.ip, "port": feed.port, "username": feed.username}
        jobs.enqueue(WATCH, str(feed.pk), payload)


def on_watch(envelope: Envelope, raw: bytes, site: Site) -> None:
    """Another site wants to be told of a member's new posts."""
    limits.require(WATCH, here.name(site), A_MINUTE, limits.MINUTE)
    author = User.objects.filter(username=envelope.data["username"], is_active=True).first()
    if author is None:
        raise ProtocolError("unknown_recipient", "username")
    now = clock.now()
    ip, port = site
    if Watcher.objects.filter(author=author, ip=ip, port=port).update(renewed=now):
        return
    Watcher.objects.filter(author=author, renewed__lt=now - FORGOTTEN).delete()
    if Watcher.objects.filter(author=author).count() >= MOST:
        raise ProtocolError("too_many", "watchers")
    Watcher.objects.get_or_create(author=author, ip=ip, port=port)


def on_hint(envelope: Envelope, raw: bytes, site: Site) -> None:
    """A followed sister site has something new: look now."""
    limits.require(HINT, here.name(site), A_MINUTE, limits.MINUTE)
    ip, port = site
    for feed in Feed.objects.filter(ip=ip, port=port, username=envelope.data["username"], gone=False):
        polling.now(feed)


async def _send_watch(job: Job) -> None:
    site, fields = _of(job.payload)
    await _send(job, site, WATCH, fields)
    await threads.run(Feed.objects.filter(pk=int(job.key)).update, watched=clock.now())


async def _send_hint(job: Job) -> None:
    site, fields = _of(job.payload)
    await _send(job, site, HINT, fields)


def _of(payload: dict[str, Any]) -> tuple[Site, dict[str, Any]]:
    fields = {name: value for name, value in payload.items() if name not in ("ip", "port")}
    return (payload["ip"], payload["port"]), fields


async def _send(job: Job, site: Site, kind: str, fields: dict[str, Any]) -> None:
    """A few tries only: what is told here is found by polling too."""
    try:
        await links.send_live(site, replies.write(Address(*site, ""), kind, fields).raw)
    except ProtocolError as error:
        if job.attempts >= TRIES:
            raise jobs.Failed(error.code, kind) from error
        raise


def on_recommended(user: User | None = None, **_: Any) -> None:
    if user is not None:
        tell_of(user)
