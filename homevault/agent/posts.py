"""The owner's posts: taken from letters of the own devices (SPEC 6.6, 8.5), listed, and written as Markdown.

Promise: what is kept was signed by a device of the own account that is not revoked, and no version gives way
to an older one. An export changes only files of the names it gives; the same post has the same name again.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from homevault.protocol.canonical import LIMIT, canonical, parse
from homevault.protocol.certificates import Certificate, verify_certificate
from homevault.protocol.errors import ProtocolError
from homevault.protocol.letters import Letter
from homevault.protocol.posts import SIGNED_BYTES, PostStatement, read_parts, supersedes, verify_post
from homevault.storage.sqlite import contacts, posts
from homevault.storage.sqlite.database import Database
from homevault.storage.sqlite.posts import KeptPost

TITLE = 80
NAME = 48


def take(database: Database, own: str, letter: Letter, now: int) -> None:
    """A letter `post` of an own device, inside the caller's transaction. Raises ProtocolError if the whole
    is bad; its parts are forgotten then."""
    fields = letter.fields
    parts = posts.add_part(database, fields["id"], fields["part"], fields["parts"], fields["data"], now)
    if parts is None:
        return
    posts.drop_parts(database, fields["id"])
    statement, certificate = read_parts(parts, fields["id"])
    if statement.account != own:
        raise ProtocolError("certificate_account", "post.account")
    if statement.device in _revoked(database, own):
        raise ProtocolError("unlisted_device", "post.device")
    _keep(database, statement, certificate)


def _revoked(database: Database, own: str) -> set[str]:
    contact = contacts.get(database, own)
    return {each["device"] for each in parse(contact.revocations)} if contact else set()


def _keep(database: Database, statement: PostStatement, certificate: Certificate) -> None:
    before = posts.get(database, statement.id)
    if before is not None and not supersedes(statement, _statement(before)):
        return
    kept = KeptPost(
        statement.id,
        statement.text is None,
        statement.published,
        canonical(statement.wire),
        canonical(certificate.wire),
    )
    posts.save(database, kept)


def _statement(kept: KeptPost) -> PostStatement:
    return verify_post(parse(kept.post, SIGNED_BYTES), verify_certificate(parse(kept.certificate, LIMIT)))


@dataclass(frozen=True, slots=True)
class OwnPost:
    """`title` as given, or how the text begins; times in ms; `text` is Markdown; `attachments` is None where
    nothing was signed of them."""

    id: str
    number: int
    title: str
    text: str
    tags: list[str]
    published: int
    time: int
    attachments: list[dict[str, Any]] | None = None

    def wire(self) -> dict[str, Any]:
        names = ("id", "number", "title", "text", "tags", "published", "time", "attachments")
        return {name: getattr(self, name) for name in names}


def own_posts(database: Database) -> list[OwnPost]:
    """The newest first."""
    return [_shown(parse(kept.post, SIGNED_BYTES)) for kept in posts.everyone(database)]


def _shown(said: Mapping[str, Any]) -> OwnPost:
    lines = said["text"].strip().splitlines() or [""]
    title = said["title"] or lines[0].lstrip("# ")[:TITLE]
    names = ("id", "number", "text", "tags", "published", "time")
    return OwnPost(title=title, attachments=said.get("attachments"), **{name: said[name] for name in names})


def export(found: list[OwnPost], folder: Path) -> list[Path]:
    """Write each post as a Markdown file with its title, dates and tags at the head. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder / _file_name(post), _markdown(post)) for post in found]


def _write(path: Path, text: str) -> Path:
    half = path.with_name(f".{path.name}.part")
    half.write_text(text, encoding="utf-8", newline="")
    return half.replace(path)


def _file_name(post: OwnPost) -> str:
    plain = unicodedata.normalize("NFKD", post.title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:NAME].strip("-")
    return "-".join(part for part in (_date(post.published)[:10], words, post.id) if part) + ".md"


def _markdown(post: OwnPost) -> str:
    """The values at the head are JSON, which YAML reads as well."""
    head = {
        "title": post.title,
        "published": _date(post.published),
        "updated": _date(post.time),
        "tags": post.tags,
        "id": f"urn:uuid:{post.id}",
        "version": post.number,
        **({"attachments": post.attachments} if post.attachments else {}),
    }
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in head.items()]
    return "\n".join(["---", *lines, "---", "", post.text, ""])


def _date(time: int) -> str:
    """In UTC; a device may have claimed a time that no calendar has."""
    try:
        return datetime.fromtimestamp(time / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, OSError, ValueError):
        return "undated"
