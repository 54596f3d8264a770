"""A post as a device of its author signed it, each version and the end of it (SPEC 8.5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from homevault.protocol import schema
from homevault.protocol.canonical import canonical, object_id, parse
from homevault.protocol.certificates import Certificate, require_names, verify_certificate
from homevault.protocol.encoding import b64decode
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import SignKey, sign, verify
from homevault.protocol.schema import SUITE, VERSION, Check, schema_error

TEXT_BYTES = 240_000
POST_BYTES = 262_144
SIGNED_BYTES = 288_000
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
MEDIA_TYPE = r"[a-z0-9][a-z0-9.+-]{0,31}/[a-z0-9][a-z0-9.+-]{0,31}"

_words: dict[str, Check] = {
    "v": schema.version,
    "suite": schema.suite(),
    "account": schema.key,
    "device": schema.key,
    "id": schema.matching(UUID),
    "number": schema.integer(1),
    "published": schema.time,
    "tags": schema.listing(schema.label(80), 0, 40),
    "text": schema.nullable(schema.text(0, TEXT_BYTES)),
    "time": schema.time,
    "title": schema.label(200),
    "sig": schema.signature,
}
_attachment = schema.closed(
    alt=schema.label(1_500), hash=schema.key, size=schema.integer(1), type=schema.matching(MEDIA_TYPE)
)
_of_words = schema.closed(**_words)
_of_all = schema.closed(**_words, attachments=schema.listing(_attachment, 0, 20))


def _post(value: Any, path: str) -> None:
    is_of_all = isinstance(value, dict) and "attachments" in value
    (_of_all if is_of_all else _of_words)(value, path)


_signed = schema.closed(post=_post, certificate=schema.opened())


@dataclass(frozen=True, slots=True)
class PostAttachment:
    """A picture or file of a post: `hash` is the SHA-256 of the `size` bytes that the feed gives the address
    of, `type` their media type, `alt` what it shows."""

    hash: str
    type: str
    size: int
    alt: str

    def wire(self) -> dict[str, Any]:
        return {"alt": self.alt, "hash": self.hash, "size": self.size, "type": self.type}


@dataclass(frozen=True, slots=True)
class PostDraft:
    """What a version of a post says: `text` in Markdown, None when the post is deleted by it."""

    id: str
    number: int
    title: str
    text: str | None
    tags: list[str]
    published: int
    attachments: tuple[PostAttachment, ...] = ()


@dataclass(frozen=True, slots=True)
class PostStatement:
    """A verified version of a post; `attachments` is None where it does not speak of them."""

    account: str
    device: str
    id: str
    number: int
    title: str
    text: str | None
    tags: list[str]
    published: int
    attachments: tuple[PostAttachment, ...] | None
    time: int
    hash: str
    wire: dict[str, Any]


def make_post(account: str, device: SignKey, draft: PostDraft, now: int) -> dict[str, Any]:
    statement = {
        "v": VERSION,
        "suite": SUITE,
        "account": account,
        "attachments": [each.wire() for each in draft.attachments],
        "device": device.public,
        "id": draft.id,
        "number": draft.number,
        "published": draft.published,
        "tags": draft.tags,
        "text": draft.text,
        "time": now,
        "title": draft.title,
    }
    return sign("post", statement, device)


def verify_post(value: Any, certificate: Certificate) -> PostStatement:
    """A version signed by the certificate's device for the certificate's account. `json_too_large` for text
    that takes too many escapes."""
    _post(value, "post")
    if len(canonical(value)) > POST_BYTES:
        raise ProtocolError("json_too_large", "post")
    attachments = value.get("attachments")
    if value["text"] is None and (value["title"] or value["tags"] or attachments):
        raise schema_error("post.text")
    require_names(certificate, value["account"], value["device"])
    verify("post", value, certificate.device)
    return PostStatement(
        value["account"],
        value["device"],
        value["id"],
        value["number"],
        value["title"],
        value["text"],
        value["tags"],
        value["published"],
        None if attachments is None else tuple(PostAttachment(**each) for each in attachments),
        value["time"],
        object_id("post", value),
        value,
    )


def read_parts(parts: Iterable[str], id: str) -> tuple[PostStatement, Certificate]:
    """What letters `post` of this id brought together: the data of all parts, in order."""
    value = parse(b"".join(b64decode(part) for part in parts), SIGNED_BYTES)
    if object_id("signed-post", value) != id:
        raise schema_error("post.id")
    return verify_signed_post(value)


def supersedes(said: PostStatement, before: PostStatement) -> bool:
    """Whether of two versions of a post `said` is the one that counts."""
    if (said.text is None) != (before.text is None):
        return said.text is None
    return (said.number, said.hash) > (before.number, before.hash)


def verify_signed_post(value: Any) -> tuple[PostStatement, Certificate]:
    """The object `{post, certificate}` that an author's browser gives to its site."""
    _signed(value, "body")
    certificate = verify_certificate(value["certificate"])
    return verify_post(value["post"], certificate), certificate
