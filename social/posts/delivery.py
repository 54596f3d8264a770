"""Comments that members of this site make on posts elsewhere (SPEC 8.2, 8.3).

Stored, sent by a signed POST, tried again for seven days, and followed by the `comment-state` of the post's
site.

States: sending → pending → shown or refused → removed; failed where the other site will never take it.
"""

from __future__ import annotations

import json
import re

from django.db import transaction

from federation import fetch, here, inbox, jobs, signatures, threads
from federation.fetch import Limits, Response
from federation.here import Site
from federation.models import Job
from homevault.protocol.canonical import canonical, parse
from homevault.protocol.certificates import Certificate
from homevault.protocol.comments import Comment as Signed
from homevault.protocol.envelope import Envelope
from homevault.protocol.errors import ProtocolError
from social.accounts.models import User
from social.posts import remote, telling
from social.posts.models import Comment, Item, SentComment

KIND = "comment"
LIMITS = Limits(bytes=16_384, seconds=30, redirects=0)
RANK = {"sending": 0, "failed": 0, "pending": 1, "shown": 2, "refused": 2, "removed": 3}
PASSING = {401, 408, 421, 425, 429}  # may be another answer next time: a clock, a key rotation, a limit
CODE = re.compile("[a-z0-9_]{1,64}")


def register() -> None:
    jobs.register(KIND, _deliver, failed=_give_up, per_group=2)
    inbox.register("comment-state", on_state)


def send(user: User, item: Item, signed: Signed, certificate: Certificate) -> SentComment:
    """Keep a verified comment and have it delivered, both or neither. The same one again changes nothing."""
    site = item.feed.site
    if site is None:
        raise ProtocolError("refused", "not a sister site")
    ip, port = site
    with transaction.atomic():
        sent, created = SentComment.objects.get_or_create(
            ref=signed.hash,
            defaults={
                "user": user,
                "post": signed.post,
                "ip": ip,
                "port": port,
                "name": signed.name,
                "text": signed.text,
                "time": signed.time,
                "wire": canonical(signed.wire),
                "certificate": canonical(certificate.wire),
            },
        )
        if created:
            jobs.enqueue(KIND, signed.hash, None, group=here.name(site))
    return sent


def on_state(envelope: Envelope, raw: bytes, site: Site) -> None:
    """The site of the post says what became of a comment of ours."""
    sent = SentComment.objects.filter(ref=envelope.data["comment"]).first()
    if sent is None:
        return
    if (sent.ip, sent.port) != site:
        raise ProtocolError("wrong_sender", "comment")
    _advance(sent.ref, envelope.data["state"])


async def _deliver(job: Job) -> None:
    sent = await threads.run(SentComment.objects.filter(ref=job.key, state=SentComment.SENDING).first)
    if sent is None:
        return
    url = f"{sent.post}/comments"
    body = canonical({"comment": parse(bytes(sent.wire)), "certificate": parse(bytes(sent.certificate))})
    response = await fetch.post(url, body, signatures.sign_request("POST", url, body), LIMITS)
    await threads.work(_settle, sent.ref, response)


def _settle(ref: str, response: Response) -> None:
    if response.status == 201:
        _advance(ref, Comment.SHOWN)
    elif response.status == 202:
        _advance(ref, Comment.PENDING)
    elif 400 <= response.status < 500 and response.status not in PASSING:
        raise jobs.Failed(_code(response), f"status {response.status}")
    else:
        raise jobs.Retry(reason=f"status {response.status} {_code(response)}")


def _give_up(job: Job, code: str, detail: str) -> None:
    _advance(job.key, SentComment.FAILED, code)


def _advance(ref: str, state: str, problem: str = "") -> None:
    """States only go forward: a late answer to the POST does not undo what the post's author decided."""
    with transaction.atomic():
        sent = SentComment.objects.select_for_update().select_related("user").filter(ref=ref).first()
        if sent is None or sent.state == state or RANK[state] < RANK[sent.state]:
            return
        sent.state, sent.problem = state, problem
        sent.save(update_fields=["state", "problem"])
        telling.member(sent.user.username, "comments")
        if state in (Comment.SHOWN, Comment.REMOVED):
            remote.refresh_at(sent.post)


def _code(response: Response) -> str:
    try:
        code = json.loads(response.body)["code"]
    except (ValueError, LookupError, TypeError):
        return "refused"
    return code if isinstance(code, str) and CODE.fullmatch(code) else "refused"
