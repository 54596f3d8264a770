"""Moderators' blocks: begun at once, told to the device, ended by their time, and the end is told too.

A block holds for the device, for whoever it belongs to, and, of a visitor, for everybody who begins anew
from the same network while it lasts: clearing cookies gives a new key, not a way around.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet

from federation import clock, jobs
from federation.models import Job
from signaling import relay
from social.accounts import standing, visitors
from social.accounts.models import User, Visitor
from social.safety import access, log, telling
from social.safety.models import Block
from social.safety.presence import Present

EMERGENCY = 30 * clock.MINUTE
KIND = "block-end"


def register() -> None:
    jobs.register(KIND, _end)


def block_of(username: str, device: str = "") -> standing.Block | None:
    """The block on this member or visitor that lasts longest, if there is one now."""
    if not current().exists():  # nearly always, and asked of everybody who connects
        return None
    found = _standing(username, device).order_by("-until").first()
    return standing.Block(found.until, found.reason) if found else None


def current() -> QuerySet[Block]:
    """All blocks that stand now."""
    return Block.objects.filter(until__gt=clock.now(), ended=None)


def begin(by: User, target: Present, hours: int | None, reason: str = "") -> Block:
    """Block for so many hours, or, with None, for the half hour of an emergency. Raises Unsafe `own_kind`."""
    access.require_below(by, target.username)
    now = clock.now()
    length = EMERGENCY if hours is None else hours * clock.HOUR
    with transaction.atomic():
        block = Block.objects.create(
            username=target.username,
            device=target.device,
            prefix=target.prefix,
            label=target.label,
            emergency=hours is None,
            reason=reason,
            made=now,
            until=now + length,
        )
        log.record(by, "block", target.logged, reason, minutes=length // clock.MINUTE, block=block.pk)
        jobs.enqueue(KIND, str(block.pk), None, run_at=block.until)
        transaction.on_commit(lambda: _tell(block))
        _tell_all()
    return block


def lift(by: User, block: Block) -> None:
    """End a block early. Doing it twice changes nothing."""
    with transaction.atomic():
        if not Block.objects.filter(pk=block.pk, ended=None).update(ended=clock.now()):
            return
        target = block.label if visitors.is_visitor(block.username) else block.username
        log.record(by, "unblock", target, block=block.pk)
        jobs.cancel(KIND, str(block.pk))
        transaction.on_commit(lambda: _tell(block))
        _tell_all()


def _end(job: Job) -> None:
    """The time of a block is over; it counts no more already, now it is told."""
    block = Block.objects.filter(pk=int(job.key)).first()
    if block is not None and block.until > clock.now():
        raise jobs.Retry((block.until - clock.now()) / clock.SECOND, counted=False)
    if block is not None and block.ended is None:
        _tell(block)
        _tell_all()


def _tell_all() -> None:
    telling.moderators()
    telling.members()


def _standing(username: str, device: str) -> QuerySet[Block]:
    same = Q(username=username)
    if device:
        same |= Q(device=device)
    visitor = visitors.of_username(username)
    if visitor is not None:
        same |= Q(prefix=visitor.prefix, made__lte=visitor.made)
    return current().filter(same)


def _tell(block: Block) -> None:
    """Everybody it holds for hears how they stand now, and is held to it."""
    names = {block.username}
    if block.prefix:
        anew = Visitor.objects.filter(prefix=block.prefix, made__gte=block.made)
        names |= {visitor.username for visitor in anew}
    for name in names:
        now = block_of(name)
        if now is not None:
            relay.limit(name)
        relay.push_site(name, "block-state", now.fields() if now else {"until": None, "reason": ""})
