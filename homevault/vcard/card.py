"""A conversation's profile as a vCard: writes 4.0, reads 2.1, 3.0 and 4.0.

Promise: reading takes only what the card itself carries (nothing is fetched), within the limits of an
`update-profile`; what does not fit is cut or left out. VCardError if it is too large or no card at all.
"""

import base64
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from homevault.protocol.swarm.bodies import check_body
from homevault.protocol.swarm.files import sha3sum
from homevault.vcard.lines import Property, escaped, read_lines, write_line

LIMIT = 2_000_000
PICTURE_LIMIT = 1_000_000
TITLE, DESCRIPTION, HOSTS = 128, 1_024, 8

_HOST = "X-PORCHLIGHT-HOST"
_HOST_FORM = re.compile(r"[A-Za-z0-9_-]{43}/[A-Za-z0-9_-]{43}")
_MAGIC = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
}


class VCardError(ValueError):
    """`code` is `too_large` or `no_card`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Card:
    """What a profile says, with the bytes of its picture (PNG, JPEG or WebP) instead of their sum."""

    title: str | None = None
    description: str | None = None
    picture: bytes | None = None
    hosts: tuple[str, ...] = ()

    @property
    def profile(self) -> dict[str, Any]:
        """The body of an `update-profile`."""
        avatar = None if self.picture is None else sha3sum([self.picture])
        body = {"title": self.title, "description": self.description, "avatar": avatar}
        return {**body, "hosts": list(self.hosts)}


def card_of(profile: Mapping[str, Any], picture: bytes | None) -> Card:
    """The card of a profile; `picture` are the bytes of its avatar, where they are at hand."""
    whole = picture is not None and sha3sum([picture]) == profile["avatar"]
    return Card(profile["title"], profile["description"], picture if whole else None, tuple(profile["hosts"]))


def write_vcard(card: Card) -> bytes:
    """vCard 4.0. `schema` if the card is none of a profile."""
    check_body("update-profile", card.profile)
    lines = [("BEGIN", "VCARD"), ("VERSION", "4.0"), ("FN", escaped(card.title or ""))]
    if card.description is not None:
        lines.append(("NOTE", escaped(card.description)))
    media = media_of(card.picture) if card.picture else None
    if card.picture and media:
        lines.append(("PHOTO", f"data:{media};base64,{base64.b64encode(card.picture).decode()}"))
    lines += [(_HOST, host) for host in card.hosts]
    return "".join(write_line(name, value) for name, value in [*lines, ("END", "VCARD")]).encode()


def read_vcard(data: bytes) -> Card:
    """The first card in `data`."""
    if len(data) > LIMIT:
        raise VCardError("too_large")
    text = data.decode("utf-8-sig", "replace")
    if re.search(r"^BEGIN:VCARD\s*$", text, re.IGNORECASE | re.MULTILINE) is None:
        raise VCardError("no_card")
    properties: dict[str, list[Property]] = {}
    for found in read_lines(text):
        properties.setdefault(found.name, []).append(found)
    title = _first(properties, ("FN", "NICKNAME", "ORG"), TITLE) or _name(properties.get("N", []))
    return Card(
        None if title is None else " ".join(title.split()),
        _first(properties, ("NOTE", "DESCRIPTION"), DESCRIPTION),
        _picture(properties.get("PHOTO", []) + properties.get("LOGO", [])),
        _hosts(properties.get(_HOST, [])),
    )


def media_of(picture: bytes) -> str | None:
    """What kind of picture the bytes are; None for kinds that are not taken."""
    return next((media for media, magic in _MAGIC.items() if magic.match(picture)), None)


def _first(properties: dict[str, list[Property]], names: tuple[str, ...], limit: int) -> str | None:
    texts = (_clean(each.text) for name in names for each in properties.get(name, []))
    return next((text[:limit].rstrip() for text in texts if text), None)


def _name(found: list[Property]) -> str | None:
    """The given and the family name of an `N`, which a 2.1 may have alone."""
    parts = [_clean(part) for each in found[:1] for part in each.text.split(";")[:2]]
    return " ".join(part for part in reversed(parts) if part)[:TITLE].rstrip() or None


def _clean(text: str) -> str:
    """Without control characters but line breaks, and without blank ends."""
    return "".join(
        each for each in text if each in "\n\t" or unicodedata.category(each) not in ("Cc", "Cs")
    ).strip()


def _picture(found: list[Property]) -> bytes | None:
    data = (each.data for each in found)
    return next((each for each in data if each and len(each) <= PICTURE_LIMIT and media_of(each)), None)


def _hosts(found: list[Property]) -> tuple[str, ...]:
    hosts = {each.value.strip() for each in found if _HOST_FORM.fullmatch(each.value.strip())}
    return tuple(sorted(hosts)[:HOSTS])
