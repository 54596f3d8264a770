"""Comments that members of this site make on posts elsewhere (SPEC 8.2, 8.3).

Stored, sent by a signed POST, tried again for seven days, and followed by the `comment-state` of the post's
site.

States: sending → pending → shown or refused → removed; failed where the other site will never take it; gone
where its author took it back. Of changes only the latest is sent (8.4), a comment that was taken back before
it was delivered never is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import orjson
from django.db import transaction

from federation import fetch, here, inbox, jobs, signatures, threads
from federation.fetch import Limits, Response
from federation.here import Site
from federation.models import Job
from homevault.protocol.canonical import canonical, parse
from homevault.protocol.certificates import Certificate
from homevault.protocol.comments import Comment as Signed
from homevault.protocol.comments import CommentChange
from homevault.protocol.envelope import Envelope
from homevault.protocol.errors import ProtocolError
from social.accounts.models import User
from social.posts import remote, telling
from social.posts.errors import Refusal
from social.posts.models import Comment, Item, SentComment

KIND = "comment"
LIMITS = Limits(bytes=16_384, seconds=30, redirects=0)
RANK = {"sending": 0, "failed": 0, "pending": 1, "shown": 2, "refused": 2, "removed": 3, "gone": 4}
PASSING = {401, 408, 421, 425, 429}  # may be another answer next time: a clock, a key rotation, a limit
CODE = re.compile("[a-z0-9_]{1,64}")


def register() -> None:
    jobs.register(KIND, _deliver, failed=_give_up, per_group=2, at_once=jobs.ABROAD)
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


def change(user: User, signed: CommentChange, certificate: Certificate) -> None:
    """Keep the latest change of a comment and have it delivered; an older one changes nothing. Raises
    Refusal `not_found`."""
    with transaction.atomic():
        mine = SentComment.objects.select_for_update().filter(user=user, ref=signed.comment, post=signed.post)
        sent = mine.first()
        if sent is None or sent.time != signed.written:
            raise Refusal("not_found")
        if sent.state == Comment.GONE or signed.number <= sent.change_number:
            return
        sent.change, sent.change_certificate = canonical(signed.wire), canonical(certificate.wire)
        sent.change_number, sent.changed = signed.number, signed.time
        sent.name, sent.text, sent.problem = signed.name, signed.text or "", ""
        if signed.text is None:
            sent.state, sent.wire = Comment.GONE, b""
        sent.save()
        jobs.enqueue(KIND, sent.ref, None, group=here.name((sent.ip, sent.port)))


def on_state(envelope: Envelope, raw: bytes, site: Site) -> None:
    """The site of the post says what became of a comment of ours."""
    sent = SentComment.objects.filter(ref=envelope.data["comment"]).first()
    if sent is None:
        return
    if (sent.ip, sent.port) != site:
        raise ProtocolError("wrong_sender", "comment")
    _advance(sent.ref, envelope.data["state"])


async def _deliver(job: Job) -> None:
    sent = await threads.run(SentComment.objects.select_related("user").filter(ref=job.key).first)
    if sent is not None and sent.state == SentComment.SENDING:
        response = await _post(sent.post, {"comment": sent.wire, "certificate": sent.certificate})
        await threads.work(_settle, sent.ref, response)
    if sent is not None and sent.change_number > sent.change_sent:
        response = await _post(sent.post, {"change": sent.change, "certificate": sent.change_certificate})
        await threads.work(_settle_change, sent, response)


async def _post(post: str, parts: Mapping[str, bytes | memoryview]) -> Response:
    url = f"{post}/comments"
    body = canonical({name: parse(bytes(part)) for name, part in parts.items()})
    return await fetch.post(url, body, signatures.sign_request("POST", url, body), LIMITS)


def _settle_change(sent: SentComment, response: Response) -> None:
    refused = 400 <= response.status < 500 and response.status not in PASSING
    if response.status != 200 and not refused:
        raise jobs.Retry(reason=f"status {response.status} {_code(response)}")
    problem = _code(response) if refused and sent.state != Comment.GONE else ""
    mine = SentComment.objects.filter(pk=sent.pk)
    mine.update(change_sent=sent.change_number, problem=problem)
    with transaction.atomic():
        telling.member(sent.user.username, "comments")
        remote.refresh_at(sent.post)


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
    """A comment that never arrived has failed; of one that did, only its last change has."""
    if SentComment.objects.filter(ref=job.key, state=SentComment.SENDING).exists():
        _advance(job.key, SentComment.FAILED, code)
    else:
        SentComment.objects.filter(ref=job.key).exclude(state=Comment.GONE).update(problem=code)


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
        code = orjson.loads(response.body)["code"]
    except (ValueError, LookupError, TypeError):
        return "refused"
    return code if isinstance(code, str) and CODE.fullmatch(code) else "refused"
