"""Envelopes and handshakes, made and read through the public functions."""

import json

import pytest

from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical
from homevault.protocol.envelope import (
    Envelope,
    check_time,
    envelope_hash,
    make_envelope,
    peek_id,
    read_envelope,
    verify_envelope,
)
from homevault.protocol.errors import ProtocolError
from homevault.protocol.handshake import ClientHandshake, ServerHandshake, refusal
from homevault.protocol.keys import SignKey
from homevault.protocol.ports import SystemRandom

NOW = 1_790_000_000_000
ALICE = Address.make("alice.example", 443, "alice")
SITE = Address.make("alice.example", 443)
DEVICE = SignKey.from_seed(bytes(32))
RANDOM = SystemRandom()


def keys_envelope() -> Envelope:
    fields = {"address": ALICE.wire(), "claim": False}
    return make_envelope(ALICE, SITE, "keys", fields, DEVICE, DEVICE.public, None, NOW, 60, RANDOM)


def changed(path: str, value: object) -> bytes:
    wire = json.loads(keys_envelope().raw)
    *parents, last = path.split(".")
    inner = wire
    for name in parents:
        inner = inner[name]
    inner[last] = value
    return canonical(wire)


def test_an_envelope_reads_back_as_it_was_made() -> None:
    made = keys_envelope()
    read = read_envelope(made.raw)
    verify_envelope(read)
    check_time(read, NOW)
    assert read == made
    assert (read.from_, read.to.site, read.type) == (ALICE, ("alice.example", 443), "keys")
    assert envelope_hash(read) == envelope_hash(made)


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("type", "teleport", "unknown_type"),
        ("type", 7, "schema"),
        ("from.ip", "Alice.example", "address"),
        ("from.port", 0, "address"),
        ("from.username", "", "schema"),
        ("data.v", 2, "unsupported_version"),
        ("data.ttl", 2_592_001, "schema"),
        ("data.id", "short", "encoding"),
        ("data.more", 1, "schema"),
        ("data.claim", 1, "schema"),
    ],
)
def test_a_bad_envelope_is_refused_with_its_code(path: str, value: object, code: str) -> None:
    raw = changed(path, value)
    with pytest.raises(ProtocolError) as error:
        read_envelope(raw)
    assert error.value.code == code


def test_a_float_is_a_number_error_before_it_is_a_schema_error() -> None:
    raw = keys_envelope().raw.replace(b'"ttl":60', b'"ttl":60.5')
    with pytest.raises(ProtocolError, match="json_number"):
        read_envelope(raw)
    assert peek_id(raw) == keys_envelope().id or peek_id(raw) is not None


def test_a_changed_envelope_does_not_verify() -> None:
    with pytest.raises(ProtocolError, match="signature"):
        verify_envelope(read_envelope(changed("data.claim", True)))


def test_time_bounds() -> None:
    made = keys_envelope()
    check_time(made, NOW + 60_000)
    with pytest.raises(ProtocolError, match="expired"):
        check_time(made, NOW + 60_001)
    with pytest.raises(ProtocolError, match="clock"):
        check_time(made, NOW - 5 * 60_000 - 1)


def shake(
    origin: str = "https://alice.example", expected: str | None = None
) -> tuple[ClientHandshake, ServerHandshake]:
    server = ServerHandshake(SignKey.from_seed(b"s" * 32), ["https://alice.example"], RANDOM)
    client = ClientHandshake(DEVICE, "device", ALICE, origin, RANDOM, expected)
    [challenge] = server.receive(client.start())
    proof = client.receive(challenge)
    assert proof is not None
    assert server.receive(proof) == []
    client.receive(server.welcome(ALICE, ["live"], {"envelope": 65_536}))
    return client, server


def test_a_handshake_proves_both_sides() -> None:
    client, server = shake()
    assert server.proven
    assert server.hello is not None
    assert server.hello.key == DEVICE.public
    assert client.welcome is not None
    assert client.welcome.limits == {"envelope": 65_536}


def test_a_foreign_origin_is_refused() -> None:
    with pytest.raises(ProtocolError, match="refused"):
        shake(origin="https://evil.example")


def test_another_site_key_than_the_pinned_one_is_refused() -> None:
    with pytest.raises(ProtocolError, match="not_proven"):
        shake(expected=DEVICE.public)


def test_a_proof_by_another_key_is_refused() -> None:
    server = ServerHandshake(SignKey.from_seed(b"s" * 32), ["https://alice.example"], RANDOM)
    honest = ClientHandshake(DEVICE, "device", ALICE, "https://alice.example", RANDOM)
    thief = ClientHandshake(SignKey.from_seed(b"t" * 32), "device", ALICE, "https://alice.example", RANDOM)
    [challenge] = server.receive(honest.start())
    with pytest.raises(ProtocolError, match="not_proven"):
        thief.receive(challenge)
    assert not server.proven


def test_the_client_learns_the_code_of_a_refusal() -> None:
    client = ClientHandshake(DEVICE, "device", ALICE, "https://alice.example", RANDOM)
    client.start()
    with pytest.raises(ProtocolError, match="unlisted_device"):
        client.receive(refusal(ProtocolError("unlisted_device")))
