"""What shows that nobody stands between two people, their safety number (SPEC 4.7), or between two devices
that connect directly, their signed DTLS fingerprints (SPEC 5.5)."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from homevault.protocol import schema
from homevault.protocol.canonical import tag
from homevault.protocol.certificates import Certificate, require_names
from homevault.protocol.encoding import b64decode
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import KEY_BYTES, SignKey, sign, verify
from homevault.protocol.schema import SUITE, VERSION

GROUPS = 12
MAX_FINGERPRINTS = 8
NEAR = 300_000


def safety_number(account_a: str, account_b: str) -> str:
    """Twelve groups of five digits, the same whichever of the two asks."""
    first, second = sorted(b64decode(account, KEY_BYTES) for account in (account_a, account_b))
    digest = hashlib.sha256(tag("safety-number") + first + second).digest()
    bits = int.from_bytes(digest[:30], "big")
    pieces = [bits >> 20 * (GROUPS - 1 - at) & 0xFFFFF for at in range(GROUPS)]
    return " ".join(f"{piece % 100_000:05d}" for piece in pieces)


_HASHES = {"sha-256": 32, "sha-384": 48, "sha-512": 64}
_fingerprint = "|".join(
    f"{name} [0-9A-F]{{2}}(?::[0-9A-F]{{2}}){{{size - 1}}}" for name, size in _HASHES.items()
)
_is_fingerprint = re.compile(_fingerprint).fullmatch
_LINE = re.compile(r"a=fingerprint:([!-~]+) ([0-9A-Fa-f:]+)").fullmatch

_statement = schema.closed(
    v=schema.version,
    suite=schema.suite(),
    account=schema.key,
    device=schema.key,
    peer=schema.key,
    session=schema.nonce,
    fingerprints=schema.listing(schema.matching(_fingerprint), 1, MAX_FINGERPRINTS),
    time=schema.time,
    sig=schema.signature,
)


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """A device's word which DTLS certificates are its own in one session with the device `peer`."""

    device: str
    peer: str
    session: str
    fingerprints: tuple[str, ...]
    time: int


def sdp_fingerprints(sdp: str) -> list[str]:
    """All that a session description names, as `sha-256 AB:CD:…`, sorted, each once.

    Strict, so that no other parser sees more than this one: a line that speaks of a fingerprint in any other
    way, another hash function, or none at all is `wrong_fingerprint`.
    """
    lines = [line for line in re.split(r"\r\n|\r|\n", sdp) if "fingerprint" in line.lower()]
    found = {_named(line) for line in lines}
    if not found:
        raise ProtocolError("wrong_fingerprint", "none")
    return sorted(found)


def _named(line: str) -> str:
    parts = _LINE(line)
    text = f"{parts[1].lower()} {parts[2].upper()}" if parts else ""
    if not _is_fingerprint(text):
        raise ProtocolError("wrong_fingerprint", "sdp")
    return text


def make_fingerprints(
    account: str, device: SignKey, peer: str, session: str, fingerprints: Iterable[str], now: int
) -> dict[str, Any]:
    """Signed by the device; `fingerprints` as `sdp_fingerprints` gives them, at most eight."""
    statement = {
        "v": VERSION,
        "suite": SUITE,
        "account": account,
        "device": device.public,
        "peer": peer,
        "session": session,
        "fingerprints": sorted(set(fingerprints)),
        "time": now,
    }
    return sign("fingerprints", statement, device)


def verify_fingerprints(
    value: Any, certificate: Certificate, own: str, session: str, now: int
) -> Fingerprints:
    """What the certificate's device says to the device `own` in this session.

    `wrong_sender` if it is for another device, `replay` if of another session, `clock` and `expired` if it is
    not of these five minutes.
    """
    _statement(value, "fingerprints")
    if not schema.ascending(value["fingerprints"]):
        raise schema.schema_error("fingerprints")
    require_names(certificate, value["account"], value["device"])
    if value["peer"] != own:
        raise ProtocolError("wrong_sender", "peer")
    if value["session"] != session:
        raise ProtocolError("replay", "session")
    verify("fingerprints", value, certificate.device)
    if value["time"] > now + NEAR:
        raise ProtocolError("clock", "fingerprints")
    if value["time"] < now - NEAR:
        raise ProtocolError("expired", "fingerprints")
    named = tuple(value["fingerprints"])
    return Fingerprints(value["device"], value["peer"], value["session"], named, value["time"])


def check_sdp(sdp: str, signed: Fingerprints) -> None:
    """`wrong_fingerprint` unless the device signed every fingerprint of a description. To be called before
    the description is handed to the connection, so that a swapped certificate never gets a byte."""
    if not set(sdp_fingerprints(sdp)) <= set(signed.fingerprints):
        raise ProtocolError("wrong_fingerprint", "sdp")
