"""A comment on a post and its author's later changes of it, signed by a device of theirs (SPEC 8.3)."""

from dataclasses import dataclass
from typing import Any

from homevault.protocol import schema
from homevault.protocol.addresses import Address, check_account_address
from homevault.protocol.canonical import object_id
from homevault.protocol.certificates import Certificate, require_names, verify_certificate
from homevault.protocol.encoding import b64encode
from homevault.protocol.keys import SignKey, sign, verify
from homevault.protocol.ports import Random
from homevault.protocol.schema import SUITE, VERSION

TEXT_BYTES = 8_192


_comment = schema.closed(
    v=schema.version,
    suite=schema.suite(),
    account=schema.key,
    author=check_account_address,
    device=schema.key,
    id=schema.nonce,
    name=schema.label(),
    post=schema.text(1, 2_048),
    text=schema.text(1, TEXT_BYTES),
    time=schema.time,
    sig=schema.signature,
)
_change = schema.closed(
    v=schema.version,
    suite=schema.suite(),
    account=schema.key,
    author=check_account_address,
    comment=schema.key,
    device=schema.key,
    name=schema.label(),
    number=schema.integer(1),
    post=schema.text(1, 2_048),
    text=schema.nullable(schema.text(1, TEXT_BYTES)),
    time=schema.time,
    written=schema.time,
    sig=schema.signature,
)
_posted = schema.closed(comment=_comment, certificate=schema.opened())
_posted_change = schema.closed(change=_change, certificate=schema.opened())


@dataclass(frozen=True, slots=True)
class Comment:
    """A verified comment; `hash` is what `comment-state` calls it, `id` what its author drew."""

    account: str
    author: Address
    device: str
    id: str
    name: str
    post: str
    text: str
    time: int
    hash: str
    wire: dict[str, Any]


def make_comment(
    account: str, author: Address, device: SignKey, name: str, post: str, text: str, now: int, random: Random
) -> dict[str, Any]:
    statement = {
        "v": VERSION,
        "suite": SUITE,
        "account": account,
        "author": author.wire(),
        "device": device.public,
        "id": b64encode(random.bytes(16)),
        "name": name,
        "post": post,
        "text": text,
        "time": now,
    }
    return sign("comment", statement, device)


def verify_comment(value: Any, certificate: Certificate) -> Comment:
    """A comment signed by the certificate's device for the certificate's account."""
    _comment(value, "comment")
    require_names(certificate, value["account"], value["device"])
    verify("comment", value, certificate.device)
    return Comment(
        value["account"],
        Address.from_wire(value["author"]),
        value["device"],
        value["id"],
        value["name"],
        value["post"],
        value["text"],
        value["time"],
        object_id("comment", value),
        value,
    )


def verify_posted_comment(value: Any) -> tuple[Comment, Certificate]:
    """The body `{comment, certificate}` that an author's site posts."""
    _posted(value, "body")
    certificate = verify_certificate(value["certificate"])
    return verify_comment(value["comment"], certificate), certificate


@dataclass(frozen=True, slots=True)
class CommentChange:
    """A verified change: what the comment `comment` of `account` says from now on, null for nothing any more.
    `written` is when the comment was made, `time` when the change was."""

    account: str
    author: Address
    comment: str
    device: str
    name: str
    number: int
    post: str
    text: str | None
    time: int
    written: int
    hash: str
    wire: dict[str, Any]

    @property
    def rank(self) -> tuple[int, str]:
        """Of several changes of a comment the one of the highest rank counts."""
        return self.number, self.hash


def make_comment_change(
    comment: Comment, author: Address, device: SignKey, name: str, number: int, text: str | None, now: int
) -> dict[str, Any]:
    """`number` is one more than that of the change before, 1 for the first; `text` null takes the comment
    back."""
    statement = {
        "v": VERSION,
        "suite": SUITE,
        "account": comment.account,
        "author": author.wire(),
        "comment": comment.hash,
        "device": device.public,
        "name": name,
        "number": number,
        "post": comment.post,
        "text": text,
        "time": now,
        "written": comment.time,
    }
    return sign("comment-change", statement, device)


def verify_comment_change(value: Any, certificate: Certificate) -> CommentChange:
    """A change signed by the certificate's device for the certificate's account."""
    _change(value, "change")
    require_names(certificate, value["account"], value["device"])
    verify("comment-change", value, certificate.device)
    return CommentChange(
        value["account"],
        Address.from_wire(value["author"]),
        value["comment"],
        value["device"],
        value["name"],
        value["number"],
        value["post"],
        value["text"],
        value["time"],
        value["written"],
        object_id("comment-change", value),
        value,
    )


def verify_posted_change(value: Any) -> tuple[CommentChange, Certificate]:
    """The body `{change, certificate}` that an author's site posts."""
    _posted_change(value, "body")
    certificate = verify_certificate(value["certificate"])
    return verify_comment_change(value["change"], certificate), certificate
