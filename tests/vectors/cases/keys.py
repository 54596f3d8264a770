"""Signatures and key agreements, and those that lenient libraries would take."""

import hashlib
from typing import Any

from nacl.bindings import (
    crypto_core_ed25519_add,
    crypto_core_ed25519_scalar_add,
    crypto_core_ed25519_scalar_mul,
    crypto_core_ed25519_scalar_reduce,
    crypto_scalarmult_ed25519_base_noclamp,
)

from homevault.protocol.canonical import canonical, tag
from homevault.protocol.encoding import b64decode, b64encode
from homevault.protocol.keys import DhKey, sign
from tests.vectors.cases.case import Case, bad, flip, good
from tests.vectors.cases.cast import ALICE, BOB

_L = 2**252 + 27742317777372353535851937790883648493
_P = 2**255 - 19
_SMALL_ORDER = {
    "zero": (0).to_bytes(32, "little"),
    "one": (1).to_bytes(32, "little"),
    "eight-a": bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    "eight-b": bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    "minus-one": (_P - 1).to_bytes(32, "little"),
    "p": _P.to_bytes(32, "little"),
    "p-plus-one": (_P + 1).to_bytes(32, "little"),
}
WEAK_POINTS = {
    "zero": (0).to_bytes(32, "little"),
    "one": (1).to_bytes(32, "little"),
    "eight-a": bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    "eight-b": bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
    "minus-one": (_P - 1).to_bytes(32, "little"),
    "p": _P.to_bytes(32, "little"),
    "p-plus-one": (_P + 1).to_bytes(32, "little"),
    "zero-high-bit": (2**255).to_bytes(32, "little"),
}
_NONCE = crypto_core_ed25519_scalar_reduce(hashlib.sha512(b"nonce").digest())
_R = crypto_scalarmult_ed25519_base_noclamp(_NONCE)
_VALUE = {"v": 1, "text": "na\u00efve"}


def keys() -> list[Case]:
    seed = ALICE.key.seed.hex()
    return [
        good("public", "the key of a seed", "public", seed_hex=seed),
        good("sign", "a signed object", "sign", seed_hex=seed, what="comment", value=_VALUE),
        good(
            "sign-again",
            "an old sig is replaced",
            "sign",
            seed_hex=seed,
            what="ack",
            value={**_VALUE, "sig": 1},
        ),
        *_verified(),
        *_forged(),
        *_agreed(),
    ]


def _verified() -> list[Case]:
    signed = sign("comment", _VALUE, ALICE.key)
    public = ALICE.account
    cases = [
        ("other-kind", "signed as another kind", "envelope", signed, public),
        ("other-key", "another's key", "comment", signed, BOB.account),
        ("changed", "a member changed", "comment", {**signed, "v": 2}, public),
        ("added", "a member added", "comment", {**signed, "w": 2}, public),
        ("flipped", "another signature", "comment", {**signed, "sig": flip(signed["sig"])}, public),
    ]
    return [
        good("verify", "a good signature", "verify", what="comment", value=signed, public=public),
        *(
            bad(id, why, "signature", "verify", what=what, value=value, public=key)
            for id, why, what, value, key in cases
        ),
        bad("no-sig", "no signature", "encoding", "verify", what="comment", value=_VALUE, public=public),
        bad(
            "short-sig",
            "too short",
            "encoding",
            "verify",
            what="comment",
            value={**_VALUE, "sig": "AA"},
            public=public,
        ),
        bad("short-key", "a key too short", "encoding", "verify", what="comment", value=signed, public="AA"),
    ]


def _forged() -> list[Case]:
    """Signatures that lenient libraries take."""
    signed = sign("comment", _VALUE, ALICE.key)
    data = ALICE.key.sign(b"")
    zero = bytes(32)
    cases = [
        bad(
            f"small-order-key-{id}",
            "a key of small order, under which a constant signature would verify for everything",
            "signature",
            "verify",
            what="comment",
            value={**_VALUE, "sig": b64encode((1).to_bytes(32, "little") + zero)},
            public=b64encode(point),
        )
        for id, point in _SMALL_ORDER.items()
    ]
    cases += [
        bad(
            f"small-order-r-{id}",
            "R of small order",
            "signature",
            "verify",
            what="comment",
            value={**_VALUE, "sig": b64encode(point + data[32:])},
            public=ALICE.account,
        )
        for id, point in _SMALL_ORDER.items()
    ]
    return [*cases, _malleable(signed), *_mixed()]


def _mixed() -> list[Case]:
    """A key, and an R, with a part of order eight: what holds only times the cofactor is refused, what holds
    is taken."""
    part = _SMALL_ORDER["eight-a"]
    key = crypto_core_ed25519_add(b64decode(ALICE.account), part)
    numbered = [{**_VALUE, "n": n} for n in range(100)]
    held = next(value for value in numbered if _challenge(_R, key, value)[0] % 8 == 0)
    lost = next(value for value in numbered if _challenge(_R, key, value)[0] % 8)
    named = {"what": "comment", "public": b64encode(key)}
    nonce = crypto_core_ed25519_add(_R, part)
    own = b64decode(ALICE.account)
    return [
        good("mixed-order-key", "it holds", "verify", value=_signed(_R, key, held), **named),
        bad(
            "mixed-order-key-cofactor",
            "only times eight",
            "signature",
            "verify",
            value=_signed(_R, key, lost),
            **named,
        ),
        bad(
            "mixed-order-r",
            "only times eight",
            "signature",
            "verify",
            what="comment",
            public=ALICE.account,
            value=_signed(nonce, own, _VALUE),
        ),
    ]


def _challenge(nonce: bytes, key: bytes, value: dict[str, Any]) -> bytes:
    data = nonce + key + tag("comment") + canonical(value)
    return crypto_core_ed25519_scalar_reduce(hashlib.sha512(data).digest())


def _signed(nonce: bytes, key: bytes, value: dict[str, Any]) -> dict[str, Any]:
    """By Alice's secret, as if `key` were hers and `nonce` the point of `_NONCE`."""
    half = bytearray(hashlib.sha512(ALICE.key.seed).digest()[:32])
    half[0], half[31] = half[0] & 248, half[31] & 63 | 64
    secret = crypto_core_ed25519_scalar_reduce(bytes(half) + bytes(32))
    product = crypto_core_ed25519_scalar_mul(_challenge(nonce, key, value), secret)
    return {**value, "sig": b64encode(nonce + crypto_core_ed25519_scalar_add(_NONCE, product))}


def _malleable(signed: dict[str, Any]) -> Case:
    data = b64decode(signed["sig"])
    high = (int.from_bytes(data[32:], "little") + _L).to_bytes(32, "little")
    value = {**signed, "sig": b64encode(data[:32] + high)}
    return bad(
        "malleable",
        "S plus the order",
        "signature",
        "verify",
        what="comment",
        value=value,
        public=ALICE.account,
    )


def _agreed() -> list[Case]:
    mine = ALICE.browser.dh.secret.hex()
    rfc = "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"
    point = bytes.fromhex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
    high = bytes([*point[:31], point[31] | 0x80])
    theirs = DhKey.from_secret(BOB.browser.dh.secret).public
    return [
        good("dh-public", "the key of a secret", "dh-public", secret_hex=mine),
        good("agree", "two keys agree", "agree", secret_hex=mine, public=theirs),
        good("agree-rfc7748", "RFC 7748, section 5.2", "agree", secret_hex=rfc, public=b64encode(point)),
        good("agree-high-bit", "the top bit does not count", "agree", secret_hex=rfc, public=b64encode(high)),
        *(
            bad(f"weak-{id}", "gives zero", "weak_key", "agree", secret_hex=mine, public=b64encode(weak))
            for id, weak in WEAK_POINTS.items()
        ),
        bad("agree-short", "a key too short", "encoding", "agree", secret_hex=mine, public="AAAA"),
    ]
