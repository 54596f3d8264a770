"""The short way accepts nothing that the long one would not, and reads the same from it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical
from homevault.protocol.envelope import Envelope, make_envelope, read_envelope
from homevault.protocol.keys import SignKey
from signaling.plain import Plain, read_plain
from tests.server.signaling.world import BOX, RANDOM

KEY, OTHER = SignKey.generate(RANDOM), SignKey.generate(RANDOM)
ALICE, BOB = Address.make("localhost", 8001, "alice"), Address.make("192.0.2.1", 443, "b-ob")
NO_ONE: dict[str, Any] = {"ref": None, "code": "busy", "message": ""}


def envelope(type: str, fields: dict[str, Any], ttl: int = 60) -> Envelope:
    return make_envelope(
        ALICE, BOB, type, fields, KEY, KEY.public, OTHER.public, 1_795_000_000_000, ttl, RANDOM
    )


TYPING = envelope("typing", {"suite": "SE1", "sealed": BOX}).raw
ERROR = envelope("error", NO_ONE).raw


def long_way(raw: bytes) -> Plain:
    """What `read_envelope` finds; raises for what it refuses."""
    env = read_envelope(raw)
    assert env.to_device is not None
    return (
        env.from_device.encode(),
        env.to_device.encode(),
        canonical(env.from_.wire()),
        canonical(env.to.wire()),
    )


@pytest.mark.parametrize(
    "raw",
    [
        TYPING,
        ERROR,
        envelope("typing", {"suite": "SE1", "sealed": {**BOX, "one_time": BOX["dh"], "box": ""}}, 0).raw,
        *[
            envelope("typing", {"suite": "SE1", "sealed": {**BOX, "box": "A" * size}}).raw
            for size in (2, 3, 4, 362, 363, 364, 10_000)
        ],
        envelope("error", {**NO_ONE, "ref": "A" * 22, "message": "It's {full}; wait ~1 min."}).raw,
    ],
)
def test_ordinary_live_envelopes_take_the_short_way(raw: bytes) -> None:
    assert read_plain(raw) == long_way(raw)


@pytest.mark.parametrize("type", ["mail", "keys", "pair"])
def test_everything_else_takes_the_long_way(type: str) -> None:
    assert read_plain(TYPING.replace(b'"type":"typing"', f'"type":"{type}"'.encode())) is None


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good envelope with a few pieces replaced, doubled or taken away."""
    raw = draw(st.sampled_from([TYPING, ERROR]))
    pieces = st.one_of(
        st.binary(max_size=3),
        st.sampled_from([b"", b"A", b"B", b"0", b"1", b" ", b'"', b"\\", b"{", b"}", b"null", b",", b"\n"]),
    )
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(raw)))
        raw = raw[:at] + draw(pieces) + raw[at + draw(st.integers(0, 3)) :]
    return raw


@given(damaged())
@example(TYPING + b"\n")
@example(TYPING.replace(b'"box":"AAAA"', b'"box":"AAAAA"'))
@example(TYPING.replace(b'"box":"AAAA"', b'"box":"AB"'))
@example(TYPING.replace(b'"ttl":60', b'"ttl":060'))
@example(ERROR.replace(b'"message":""', b'"message":"\x7f"'))
@example(ERROR.replace(b'"message":""', b'"message":"\\/"'))
def test_what_the_short_way_takes_the_long_way_takes_too(raw: bytes) -> None:
    """But for the addresses, which the relay compares with checked ones."""
    found = read_plain(raw)
    if found is not None and found[2:] == (canonical(ALICE.wire()), canonical(BOB.wire())):
        assert found == long_way(raw)
