"""SE1 step by step as SPEC 5 has it, and the letter of account mail for each device."""

import hashlib
import hmac

import nacl.bindings as sodium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homevault.protocol.canonical import canonical
from homevault.protocol.encoding import b64decode
from homevault.protocol.envelope import make_envelope, new_id
from homevault.protocol.errors import ProtocolError
from homevault.protocol.ports import SystemRandom
from homevault.protocol.seal import (
    Recipient,
    envelope_context,
    open_box,
    open_mail,
    pad,
    seal,
    seal_mail,
    unpad,
)
from tests.protocol.people import NOW, Person, Prekeys

ALICE, BOB = Person("alice"), Person("bob")
RANDOM = SystemRandom()
CONTEXT = {"some": "context"}


def test_a_box_is_what_the_spec_says() -> None:
    sender, to = ALICE.browser, BOB.browser
    box = seal(b"hello", CONTEXT, sender.dh, to.dh.public, to.prekey.public, to.one_time.public, RANDOM)
    ephemeral, identity = b64decode(box["ephemeral"]), b64decode(sender.dh.public)
    ikm = b"\xff" * 32 + sodium.crypto_scalarmult(to.prekey.secret, identity)
    for secret in (to.dh.secret, to.prekey.secret, to.one_time.secret):
        ikm += sodium.crypto_scalarmult(secret, ephemeral)
    prk = hmac.digest(bytes(32), ikm, hashlib.sha256)
    info = b"porchlight/se1/1\x00" + identity + b64decode(to.dh.public)
    one = hmac.digest(prk, info + b"\x01", hashlib.sha256)
    two = hmac.digest(prk, one + info + b"\x02", hashlib.sha256)
    header = {name: box[name] for name in ("suite", "dh", "ephemeral", "prekey", "one_time")}
    associated = b"porchlight/se1/1\x00" + canonical({"context": CONTEXT, "header": header})
    padded = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
        b64decode(box["box"]), associated, two[:24], one
    )
    assert padded == b"hello\x80" + bytes(250)


def test_opening_erases_nothing_and_names_the_one_time_prekey() -> None:
    sender, to = ALICE.browser, BOB.browser
    held = to.prekeys
    box = seal(b"hello", CONTEXT, sender.dh, to.dh.public, to.prekey.public, to.one_time.public, RANDOM)
    for _ in range(2):
        opened = open_box(box, CONTEXT, to.dh, held, sender.dh.public)
        assert (opened.plaintext, opened.one_time) == (b"hello", to.one_time.public)
    without = Prekeys(held.signed_keys)
    with pytest.raises(ProtocolError, match="unknown_prekey"):
        open_box(box, CONTEXT, to.dh, without, sender.dh.public)


def test_two_boxes_of_the_same_text_share_nothing() -> None:
    sender, to = ALICE.browser, BOB.browser
    boxes = [
        seal(b"hello", CONTEXT, sender.dh, to.dh.public, to.prekey.public, None, RANDOM) for _ in range(2)
    ]
    assert boxes[0]["ephemeral"] != boxes[1]["ephemeral"]
    assert boxes[0]["box"] != boxes[1]["box"]


@given(st.binary(max_size=600))
def test_padding_goes_on_and_off(plaintext: bytes) -> None:
    padded = pad(plaintext)
    assert len(padded) % 256 == 0
    assert 1 <= len(padded) - len(plaintext) <= 256
    assert unpad(padded) == plaintext


@pytest.mark.parametrize(
    "data", [b"", bytes(256), b"a" * 256, b"\x80", b"a\x80" + bytes(255), b"\x80" + bytes(511)], ids=len
)
def test_what_was_not_padded_does_not_unpad(data: bytes) -> None:
    with pytest.raises(ProtocolError, match="decrypt"):
        unpad(data)


def test_each_device_of_the_account_opens_the_same_letter() -> None:
    sender, id = ALICE.browser, new_id(RANDOM)
    context = envelope_context(ALICE.address.wire(), sender.id, id, BOB.address.wire(), "mail")
    devices = [BOB.browser, BOB.vault]
    recipients = [Recipient(each.id, each.dh.public, each.prekey.public) for each in devices]
    fields = seal_mail(b"letter", context, sender.dh, recipients, RANDOM)
    made = make_envelope(
        ALICE.address, BOB.address, "mail", fields, sender.key, sender.id, None, NOW, 60, RANDOM, id=id
    )
    for device in devices:
        opened = open_mail(made, device.id, device.dh, device.prekeys, sender.dh.public)
        assert opened.plaintext == b"letter"
