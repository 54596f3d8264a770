"""What fuzzing begins with: good inputs of each target, taken from the vectors, and the files of `corpus`,
each of which broke something once or easily could."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from homevault.protocol.canonical import canonical
from homevault.protocol.errors import ProtocolError
from tests.fuzz.mutation import good_cases

CORPUS = Path(__file__).parent / "corpus"
# The target of a vector's file and op, where they are not called alike.
_SAME = {
    "revocation/set": "revocations",
    "revocation/verify": "revocation",
    "letter/read": "letter",
    "letter/request": "letter",
    "letter/ack": "ack",
    "event/read": "event",
    "canonical/parse": "canonical",
    "address/parse": "address-text",
    "address/wire": "address",
    "phrase/seed": "phrase",
    "encoding/decode": "base64",
    "certificate/verify": "certificate",
    "device-list/verify": "device-list",
    "prekey/signed": "signed-prekey",
    "prekey/one-time": "one-time",
    "prekey/keys": "keys-document",
    "comment/posted": "comment",
    "post/signed": "post",
    "possession/verify": "possession",
    "site/verify": "site",
    "reset/verify": "reset",
    "freshness/verify": "freshness",
}


def seeds() -> Iterator[tuple[str, bytes]]:
    """(target, data) of the good vectors."""
    for file, case in good_cases():
        given = case["input"]
        target = _SAME.get(f"{file}/{given['op']}")
        if target is not None:
            yield from ((target, data) for data in _data(given))
        for frame in given.get("frames", []):
            if isinstance(frame, str):
                yield from ((name, frame.encode("utf-8", "surrogatepass")) for name in _of_frame(file, frame))


def _of_frame(file: str, frame: str) -> Iterator[str]:
    if file == "sync":
        yield "sync"
    else:
        yield from (kind for kind in ("hello", "challenge", "proof", "welcome") if f'"{kind}"' in frame)


def _data(given: dict[str, Any]) -> Iterator[bytes]:
    if "text_hex" in given:
        yield bytes.fromhex(given["text_hex"])
    elif isinstance(given.get("text"), str):
        yield given["text"].encode("utf-8", "surrogatepass")
    elif "value" in given:
        try:
            yield canonical(given["value"])
        except ProtocolError:
            return
