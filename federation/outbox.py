"""Mail to other sites: durable with the transaction that makes it, sent until the other site says `accepted`.

`enqueue_envelope` writes a job; the job goes over the link, else by POST, and again later if neither reaches
the site. It ends when the other site has it, when the other site refuses it for good, or when its time is
over; the latter two are told to those who registered by `on_failed`. An envelope may arrive twice, never by
halves.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NoReturn

from federation import clock, here, jobs, links, post, threads
from federation.backoff import BackOff
from federation.guard import FetchError
from federation.here import Site
from federation.jobs import Failed, Retry
from federation.link import Link
from federation.models import Job
from homevault.protocol.addresses import Address
from homevault.protocol.envelope import Envelope, envelope_hash, read_envelope
from homevault.protocol.errors import ProtocolError

KIND = "envelope"
AT_ONCE = 16
"""Unanswered envelopes a site with a link; one at a time while there is none."""
ANSWER_SECONDS = 30.0
PASSING = {"unreachable", "too_many", "internal", "clock", "not_proven"}
"""Answers that may be another next time; any other is final."""

OnFailed = Callable[[Site, bytes, str, str], Any]
_told: list[OnFailed] = []
_back_off = BackOff(first=2.0, longest=600.0)


def register() -> None:
    jobs.register(KIND, _deliver, failed=_tell, per_group=_per_site, linked=True)


def on_failed(callback: OnFailed) -> None:
    """Register to be told (site, raw envelope, error code, detail) of mail that will not be delivered, or
    not to all (`unlisted_device`). Sync (called in a thread) or async; may be told twice."""
    _told.append(callback)


def enqueue_envelope(site: Site, raw: bytes) -> None:
    """Send an envelope to another site for as long as its time lasts; in the caller's transaction. The
    same bytes enqueued again are one job. Raises ProtocolError if `raw` is no envelope to that site."""
    envelope = read_envelope(raw)
    if envelope.to.site != site or site == here.site():
        raise ProtocolError("refused", "not for that site")
    jobs.enqueue(KIND, envelope_hash(envelope), raw, group=here.name(site))


def forget(username: str) -> None:
    """Send nothing more of what a member here wrote; in the caller's transaction."""
    for job in Job.objects.filter(kind=KIND, lease_until=0).iterator():
        if read_envelope(bytes(job.payload)).from_.username == username:
            job.delete()


def _per_site(name: str) -> int:
    return AT_ONCE if links.is_up(Address.parse(name).site) else 1


async def _deliver(job: Job) -> None:
    envelope = read_envelope(job.payload)
    site = envelope.to.site
    if envelope.time + envelope.ttl * clock.SECOND < clock.now():
        raise Failed("expired")
    wait = 0.0 if links.is_up(site) else _back_off.wait(site)
    if wait:
        raise Retry(wait, "waiting for the site", counted=False)
    link = await _link(site)
    try:
        await _send(site, envelope, link)
    except FetchError as error:
        _later(site, error)
    except ProtocolError as error:
        if error.code in PASSING:
            _later(site, error)
        raise Failed(error.code, error.detail) from error
    _back_off.reached(site)


async def _link(site: Site) -> Link | None:
    try:
        return await links.get(site)
    except ProtocolError as error:
        _later(site, error)


async def _send(site: Site, envelope: Envelope, link: Link | None) -> None:
    """By link; by POST if there is none or it ended under way (the envelope may then arrive twice)."""
    if link is not None:
        try:
            await link.request(envelope.raw, envelope.id, ANSWER_SECONDS)
            return
        except ProtocolError as error:
            if error.code != "unreachable":
                raise
    await post.envelope(site, envelope.raw)


def _later(site: Site, error: ProtocolError) -> NoReturn:
    if error.code != "too_many":
        _back_off.failed(site, error)
    raise Retry(reason=str(error)) from error


async def _tell(job: Job, code: str, detail: str) -> None:
    site = read_envelope(job.payload).to.site
    for callback in _told:
        if inspect.iscoroutinefunction(callback):
            await callback(site, job.payload, code, detail)
        else:
            await threads.work(callback, site, job.payload, code, detail)
