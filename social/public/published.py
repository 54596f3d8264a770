"""The store of finished pages: written in the transaction that changes them, read by the cache and the
view."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol
from weakref import WeakSet

from django.db import transaction
from django.db.models import F, Q

from federation import clock
from social.public import shelved
from social.public.models import Edition, PublishedPage
from social.public.pages import REVALIDATE, Answer, Gone

HTML = "text/html; charset=utf-8"
JSON_FEED = "application/feed+json; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"
JSON = "application/json; charset=utf-8"
CSS = "text/css; charset=utf-8"
SVG = "image/svg+xml"
STANDING = frozenset({"/", "/rules", "/privacy", "/imprint", "/stored"})
NO_SNIFFING = (b"x-content-type-options", b"nosniff")
FOR_PROGRAMS = [
    (b"access-control-allow-origin", b"*"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
]


class Memory(Protocol):
    """Something that keeps pages in this process."""

    def forget(self) -> None:
        """Called from any thread after a commit that changed pages."""
        ...


_memories: WeakSet[Memory] = WeakSet()


@dataclass(frozen=True, slots=True)
class Page:
    """A page as built: what `put` stores."""

    path: str
    content_type: str
    body: bytes
    status: int = 200
    cache: str = REVALIDATE


def may_be_page(path: str) -> bool:
    """Whether it is worth looking `path` up."""
    return path in STANDING or path.startswith(("/@", "/public-"))


def put(pages: Iterable[Page]) -> bool:
    """Store the pages whose bytes changed, inside the caller's transaction; true if there was one."""
    changed = [page.path for page in pages if _put(page)]
    if changed:
        Edition.objects.get_or_create(id=Edition.THE_ONE)
        _changed(changed)
    return bool(changed)


def lock() -> None:
    """Nobody else changes pages until the caller's transaction ends; for pages that show several people."""
    Edition.objects.select_for_update().get_or_create(id=Edition.THE_ONE)


def drop(path: str) -> None:
    """Take a page and those below it away, inside the caller's transaction."""
    below = Q(path=path) | Q(path__startswith=f"{path}/")
    found = PublishedPage.objects.filter(below)
    gone = list(found.values_list("path", flat=True))
    if gone:
        found.delete()
        _changed(gone)


def answer(path: str, extra: Iterable[tuple[bytes, bytes]] = ()) -> Answer | None:
    """The page at `path` as it is answered, or that its member is gone, or None. `extra` headers are for
    pages that browsers show."""
    page = PublishedPage.objects.filter(path=path).first() or _closed_above(path)
    if page is None:
        return None
    headers = [(b"content-type", page.content_type.encode("ascii"))]
    headers += extra if page.content_type == HTML else [NO_SNIFFING]
    headers += FOR_PROGRAMS if page.content_type in (JSON_FEED, ATOM, JSON) else []
    kind = Gone if page.status == 410 else Answer
    return kind(bytes(page.body), headers, page.cache, page.modified)


def _closed_above(path: str) -> PublishedPage | None:
    """What is below the page of a member who is gone, is gone."""
    person = "/".join(path.split("/", 2)[:2])
    return PublishedPage.objects.filter(path=person, status=410).first() if person.startswith("/@") else None


def edition() -> int:
    """The number that grows with each change of a page."""
    return Edition.objects.filter(id=Edition.THE_ONE).values_list("number", flat=True).first() or 0


def remember(memory: Memory) -> None:
    """Have `memory` forget after each commit that changes pages, for as long as it lives."""
    _memories.add(memory)


def _changed(paths: Sequence[str]) -> None:
    Edition.objects.filter(id=Edition.THE_ONE).update(number=F("number") + 1)
    transaction.on_commit(partial(_tell, paths))


def _tell(paths: Sequence[str]) -> None:
    for memory in list(_memories):
        memory.forget()
    shelved.lay(paths)


def _put(page: Page) -> bool:
    digest = base64.urlsafe_b64encode(hashlib.sha256(page.body).digest()[:18]).decode()
    old = PublishedPage.objects.filter(path=page.path).values("digest", "status", "modified").first()
    if old and (old["digest"], old["status"]) == (digest, page.status):
        return False
    now = clock.now() // clock.SECOND
    PublishedPage.objects.update_or_create(
        path=page.path,
        defaults={
            "status": page.status,
            "content_type": page.content_type,
            "cache": page.cache,
            "body": page.body,
            "digest": digest,
            "modified": max(now, old["modified"] + 1) if old else now,
        },
    )
    return True
