"""Every parser of bytes that come from outside, as `target(data)`; only a ProtocolError may come out."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from homevault.protocol import (
    addresses,
    certificates,
    comments,
    encoding,
    envelope,
    fingerprints,
    freshness,
    handshake,
    letters,
    live,
    moves,
    pairing,
    phrase,
    possession,
    posts,
    prekeys,
    reset,
    revocations,
    seal,
    sites,
)
from homevault.protocol.canonical import canonical, parse
from homevault.protocol.errors import ProtocolError
from homevault.protocol.scanner import scan
from homevault.protocol.swarm.events import read_signed_event
from homevault.protocol.sync import checkpoint, frames
from homevault.vcard.card import VCardError, read_vcard, write_vcard
from tests.protocol.people import NOW, Person

Target = Callable[[bytes], object]

ALICE = Person("alice")
CERTIFICATE = ALICE.browser.certificate
LIST = certificates.verify_device_list(
    certificates.make_device_list(ALICE.key, 1, [ALICE.browser.wire, ALICE.vault.wire], NOW)
)
CONTEXT = {"from": {}, "from_device": "", "id": "", "to": {}, "type": "mail"}


def outcome(work: Callable[[], Any]) -> Any:
    """What comes of it, an error as its code."""
    try:
        return work()
    except ProtocolError as error:
        return error.code


def _canonical(data: bytes) -> None:
    """The quick way and the strict one agree, and there is one spelling."""

    def strictly() -> Any:
        value = scan(data)
        if canonical(value) != data:
            raise ProtocolError("json_not_canonical")
        return value

    assert outcome(lambda: parse(data)) == outcome(strictly)


def _event(data: bytes) -> None:
    """An event given as bytes is judged like one given as what they mean."""
    assert outcome(lambda: read_signed_event(data)) == outcome(lambda: read_signed_event(parse(data)))


def _letter(data: bytes) -> None:
    letter = letters.read_letter(data)
    if letter.kind == "request":
        letters.read_request(letter)


def _envelope(data: bytes) -> None:
    read = envelope.read_envelope(data)
    assert canonical(parse(data)) == data
    envelope.verify_envelope(read)


def _text(work: Callable[[str], object]) -> Target:
    return lambda data: work(data.decode("utf-8", "surrogateescape"))


def _value(work: Callable[[Any], object]) -> Target:
    return lambda data: work(parse(data))


def _box(value: Any) -> None:
    seal.open_box(value, CONTEXT, ALICE.browser.dh, ALICE.browser.prekeys, ALICE.vault.dh.public)


def _possession(value: Any) -> None:
    possession.verify_possession(value, LIST, ALICE.address, NOW)


def _vcard(data: bytes) -> None:
    """What was understood of a card is understood again once it is written."""
    with suppress(VCardError):
        card = read_vcard(data)
        assert read_vcard(write_vcard(card)) == card


def _frame(kind: str) -> Target:
    return lambda data: handshake.read_frame(data, kind)


TARGETS: dict[str, Target] = {
    "canonical": _canonical,
    "event": _event,
    "letter": _letter,
    "envelope": _envelope,
    "hello": _frame("hello"),
    "challenge": _frame("challenge"),
    "proof": _frame("proof"),
    "welcome": _frame("welcome"),
    "sync": lambda data: frames.read_frame(data, "A" * 43),
    "checkpoint": _value(lambda value: checkpoint.verify_checkpoint(value, CERTIFICATE, "A" * 43)),
    "certificate": _value(certificates.verify_certificate),
    "device-list": _value(certificates.verify_device_list),
    "revocation": _value(revocations.verify_revocation),
    "revocations": _value(lambda value: revocations.verify_revocations(value, ALICE.account)),
    "freshness": _value(lambda value: freshness.verify_freshness(value, LIST)),
    "signed-prekey": _value(lambda value: prekeys.verify_signed_prekey(value, CERTIFICATE)),
    "one-time": _value(lambda value: prekeys.verify_one_time(value, CERTIFICATE)),
    "keys-document": _value(prekeys.verify_keys_document),
    "claim": _value(prekeys.read_claim),
    "claimed": _value(prekeys.read_claimed),
    "ack": _value(lambda value: letters.verify_ack(value, CERTIFICATE)),
    "comment": _value(comments.verify_posted_comment),
    "change": _value(comments.verify_posted_change),
    "post": _value(posts.verify_signed_post),
    "post-part": lambda data: posts.read_parts([data.decode("utf-8", "surrogateescape")], "A" * 43),
    "possession": _value(_possession),
    "site": _value(sites.verify_site_document),
    "move": _value(moves.verify_move),
    "profile": _value(lambda value: moves.verify_profile(value, CERTIFICATE)),
    "reset": _value(reset.verify_reset),
    "live": _value(lambda value: live.verify_hello(value, CERTIFICATE, ALICE.account, NOW)),
    "fingerprints": _value(
        lambda value: fingerprints.verify_fingerprints(value, CERTIFICATE, ALICE.vault.id, "A" * 22, NOW)
    ),
    "sdp": _text(fingerprints.sdp_fingerprints),
    "vcard": _vcard,
    "box": _value(_box),
    "address": _value(lambda value: addresses.Address.from_wire(value, "")),
    "address-text": _text(addresses.Address.parse),
    "ticket": _text(pairing.Ticket.parse),
    "phrase": _text(phrase.seed_from_phrase),
    "base64": _text(encoding.b64decode),
}
