"""Ed25519 and X25519 keys and signed objects (SPEC 2.3, 5.1).

Ed25519 is libsodium's alone, through nacl.bindings: others accept keys that it refuses, and two replicas
would disagree about history. Private halves show only in `.seed` and `.secret`, never in `repr`.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import nacl.bindings as sodium
from nacl._sodium import ffi, lib
from nacl.exceptions import CryptoError

from homevault.protocol.canonical import canonical, tag
from homevault.protocol.encoding import b64decode, b64encode
from homevault.protocol.errors import ProtocolError
from homevault.protocol.ports import Random

SIGNATURE_BYTES = 64
SIGNATURE_TEXT = 86
KEY_BYTES = 32


class SignKey:
    """A private Ed25519 key; `public` is the id of its account, device or site."""

    __slots__ = ("_secret", "public", "seed")

    def __init__(self, seed: bytes) -> None:
        public, self._secret = sodium.crypto_sign_seed_keypair(seed)
        self.seed = seed
        self.public = b64encode(public)

    @classmethod
    def from_seed(cls, seed: bytes) -> "SignKey":
        return cls(seed)

    @classmethod
    def generate(cls, random: Random) -> "SignKey":
        return cls(random.bytes(KEY_BYTES))

    def sign(self, data: bytes) -> bytes:
        """The detached signature over `data` as it stands: 64 bytes."""
        return sodium.crypto_sign(data, self._secret)[:SIGNATURE_BYTES]

    def __repr__(self) -> str:
        return f"SignKey({self.public})"


class DhKey:
    """A private X25519 key."""

    __slots__ = ("public", "secret")

    def __init__(self, secret: bytes) -> None:
        self.secret = secret
        self.public = b64encode(sodium.crypto_scalarmult_base(secret))

    @classmethod
    def from_secret(cls, secret: bytes) -> "DhKey":
        return cls(secret)

    @classmethod
    def generate(cls, random: Random) -> "DhKey":
        return cls(random.bytes(KEY_BYTES))

    def agree(self, public: str) -> bytes:
        """The 32 shared bytes; `weak_key` if they are all zero."""
        try:
            return sodium.crypto_scalarmult(self.secret, b64decode(public, KEY_BYTES))
        except (RuntimeError, CryptoError) as error:
            raise ProtocolError("weak_key") from error

    def __repr__(self) -> str:
        return f"DhKey({self.public})"


@lru_cache(4_096)
def _key_bytes(public: str) -> bytes:
    return b64decode(public, KEY_BYTES)


def verify_bytes(data: bytes, signature: str, public: str) -> None:
    """`signature` unless it is that of the key `public` over `data`; `encoding` if a value is misspelled."""
    verify_message(b64decode(signature, SIGNATURE_BYTES) + data, public)


def verify_message(message: bytes, public: str) -> None:
    """`signature` unless `message` is a signature of the key `public` and what it covers."""
    # nacl.bindings would give back what was signed: two copies, and nobody wants it.
    if lib.crypto_sign_open(ffi.NULL, ffi.NULL, message, len(message), _key_bytes(public)):
        raise ProtocolError("signature")


def signed_bytes(what: str, value: Mapping[str, Any]) -> bytes:
    """The bytes that the `sig` of an object of kind `what` covers."""
    return tag(what) + canonical({name: member for name, member in value.items() if name != "sig"})


def sign(what: str, value: Mapping[str, Any], key: SignKey) -> dict[str, Any]:
    """A copy of `value` with the member `sig`."""
    return {**value, "sig": b64encode(key.sign(signed_bytes(what, value)))}


def verify(what: str, value: Mapping[str, Any], public: str) -> None:
    """`signature` unless `value["sig"]` is that of `public` over the rest of `value`."""
    verify_bytes(signed_bytes(what, value), value.get("sig", ""), public)
