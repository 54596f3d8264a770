"""SE1: sealing for one device, and account mail on top of it (SPEC section 5). Not audited.

Nothing is erased here: `open_box` tells which one-time prekey was used, and the caller erases it in the same
transaction that stores what came with it.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import nacl.bindings as sodium
from nacl.exceptions import CryptoError

from homevault.protocol.canonical import canonical, tag
from homevault.protocol.encoding import b64decode, b64encode
from homevault.protocol.envelope import Envelope
from homevault.protocol.envelope_types import SEALED_SUITE, se1_box
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import KEY_BYTES, DhKey
from homevault.protocol.ports import PrekeyHolder, Random

PAD = 256
NONCE_BYTES = 24


@dataclass(frozen=True, slots=True)
class Opened:
    """A plaintext, and the one-time prekey (public half) that its box used, for the caller to erase."""

    plaintext: bytes
    one_time: str | None


@dataclass(frozen=True, slots=True)
class Recipient:
    """One device to seal to: its certificate's `dh`, its signed prekey, a claimed one-time prekey if any."""

    device: str
    dh: str
    prekey: str
    one_time: str | None = None


def envelope_context(
    from_: Mapping[str, Any], from_device: str, id: str, to: Mapping[str, Any], type: str
) -> dict[str, Any]:
    """What binds sealed parts to their envelope; addresses in wire form."""
    return {"from": dict(from_), "from_device": from_device, "id": id, "to": dict(to), "type": type}


def device_context(context: Mapping[str, Any], to_device: str) -> dict[str, Any]:
    """The context of a box for one device."""
    return {**context, "to_device": to_device}


def seal(
    plaintext: bytes,
    context: Mapping[str, Any],
    sender: DhKey,
    recipient: str,
    prekey: str,
    one_time: str | None,
    random: Random,
) -> dict[str, Any]:
    """An SE1 box for the device with the public `dh` key `recipient`."""
    ephemeral = DhKey.generate(random)
    shared = [sender.agree(prekey), ephemeral.agree(recipient), ephemeral.agree(prekey)]
    if one_time is not None:
        shared.append(ephemeral.agree(one_time))
    header = {
        "suite": SEALED_SUITE,
        "dh": sender.public,
        "ephemeral": ephemeral.public,
        "prekey": prekey,
        "one_time": one_time,
    }
    key, nonce = _derive(shared, sender.public, recipient)
    sealed = _encrypt(plaintext, _associated(context, header), nonce, key)
    return {**header, "box": b64encode(sealed)}


def open_box(
    box: Any, context: Mapping[str, Any], recipient: DhKey, prekeys: PrekeyHolder, sender_dh: str
) -> Opened:
    """What a box for this device holds. `sender_dh` is that of the sender's listed certificate."""
    se1_box(box, "box")
    if box["dh"] != sender_dh:
        raise ProtocolError("wrong_identity_key", "dh")
    shared = _shared_by_recipient(box, recipient, prekeys)
    key, nonce = _derive(shared, box["dh"], recipient.public)
    header = {name: member for name, member in box.items() if name != "box"}
    plaintext = _decrypt(b64decode(box["box"]), _associated(context, header), nonce, key)
    return Opened(plaintext, box["one_time"])


def _shared_by_recipient(box: Mapping[str, Any], recipient: DhKey, prekeys: PrekeyHolder) -> list[bytes]:
    prekey = prekeys.signed(box["prekey"])
    one_time = prekeys.one_time(box["one_time"]) if box["one_time"] is not None else None
    if prekey is None or (one_time is None) != (box["one_time"] is None):
        raise ProtocolError("unknown_prekey", "prekey")
    ephemeral = box["ephemeral"]
    shared = [prekey.agree(box["dh"]), recipient.agree(ephemeral), prekey.agree(ephemeral)]
    return shared if one_time is None else [*shared, one_time.agree(ephemeral)]


def _derive(shared: list[bytes], sender: str, recipient: str) -> tuple[bytes, bytes]:
    """Key and nonce of a box."""
    info = tag("se1") + b64decode(sender, KEY_BYTES) + b64decode(recipient, KEY_BYTES)
    okm = hkdf(bytes(KEY_BYTES), b"\xff" * KEY_BYTES + b"".join(shared), info, KEY_BYTES + NONCE_BYTES)
    return okm[:KEY_BYTES], okm[KEY_BYTES:]


def hkdf(salt: bytes, ikm: bytes, info: bytes, length: int) -> bytes:
    """HKDF-SHA256 (RFC 5869)."""
    prk = hmac.digest(salt, ikm, hashlib.sha256)
    okm, block = b"", b""
    for number in range(1, -(-length // 32) + 1):
        block = hmac.digest(prk, block + info + bytes([number]), hashlib.sha256)
        okm += block
    return okm[:length]


def _associated(context: Mapping[str, Any], header: Mapping[str, Any]) -> bytes:
    return tag("se1") + canonical({"context": dict(context), "header": dict(header)})


def pad(plaintext: bytes) -> bytes:
    """Padded to a multiple of 256 by 0x80 and zeros, at least one byte."""
    return plaintext + b"\x80" + bytes(-(len(plaintext) + 1) % PAD)


def unpad(padded: bytes) -> bytes:
    """What was padded; `decrypt` if nothing was."""
    plaintext = padded.rstrip(b"\x00")
    if len(padded) % PAD or not plaintext.endswith(b"\x80") or len(padded) - len(plaintext) >= PAD:
        raise ProtocolError("decrypt", "padding")
    return plaintext[:-1]


def _encrypt(plaintext: bytes, associated: bytes, nonce: bytes, key: bytes) -> bytes:
    return sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(pad(plaintext), associated, nonce, key)


def _decrypt(sealed: bytes, associated: bytes, nonce: bytes, key: bytes) -> bytes:
    try:
        padded = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, associated, nonce, key)
    except (CryptoError, ValueError) as error:
        raise ProtocolError("decrypt") from error
    return unpad(padded)


def seal_mail(
    letter: bytes, context: Mapping[str, Any], sender: DhKey, recipients: list[Recipient], random: Random
) -> dict[str, Any]:
    """The fields `suite, body, wraps` of account mail: sealed once, its key boxed for each device."""
    key, nonce = random.bytes(KEY_BYTES), random.bytes(NONCE_BYTES)
    body = nonce + _encrypt(letter, tag("mail") + canonical(dict(context)), nonce, key)
    wraps = {
        each.device: seal(
            key, device_context(context, each.device), sender, each.dh, each.prekey, each.one_time, random
        )
        for each in recipients
    }
    return {"suite": SEALED_SUITE, "body": b64encode(body), "wraps": wraps}


def mail_context(envelope: Envelope) -> dict[str, Any]:
    """The context of an envelope that came."""
    return envelope_context(
        envelope.from_.wire(), envelope.from_device, envelope.id, envelope.to.wire(), envelope.type
    )


def open_mail(
    envelope: Envelope, device: str, recipient: DhKey, prekeys: PrekeyHolder, sender_dh: str
) -> Opened:
    """The letter of a `mail` or `request` for the device `device`; `decrypt` if it is not among the wraps."""
    box = envelope.data["wraps"].get(device)
    if box is None:
        raise ProtocolError("decrypt", "wraps")
    context = mail_context(envelope)
    opened = open_box(box, device_context(context, device), recipient, prekeys, sender_dh)
    body = b64decode(envelope.data["body"])
    if len(opened.plaintext) != KEY_BYTES:
        raise ProtocolError("decrypt", "wraps")
    associated = tag("mail") + canonical(context)
    letter = _decrypt(body[NONCE_BYTES:], associated, body[:NONCE_BYTES], opened.plaintext)
    return Opened(letter, opened.one_time)
