"""Live envelopes, and all that is refused: one error each, nothing forwarded, the socket goes on (SPEC 6)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical
from homevault.protocol.encoding import b64encode
from homevault.protocol.envelope import new_id
from tests.server.signaling.conftest import Join
from tests.server.signaling.world import BOX, HOST, RANDOM, Device, Relay

UNWANTED = "unwanted"  # as in policy.py
ELSEWHERE = Address.make("other.example", 443, "carol")


async def test_live_goes_to_the_device_byte_for_byte(anywhere: Relay, join: Join) -> None:
    alice, bob = await join(anywhere.device("alice")), await join(anywhere.device("bob"))
    words = [alice.device.typing(bob.device) for _ in range(50)]
    await alice.send(*words)
    await bob.receives(*words)


async def test_live_takes_the_long_way_where_the_short_one_does_not_reach(
    anywhere: Relay, join: Join
) -> None:
    """Text with escapes and beyond ASCII, to one device and to all of a member."""
    alice, phone = await join(anywhere.device("alice")), await join(anywhere.device("bob"))
    laptop = await join(anywhere.device("bob"))
    fields = {"ref": None, "code": "busy", "message": 'später, „ja“ \n "🏮"'}
    one = alice.device.envelope("error", phone.device.address, fields, to_device=phone.device.id)
    every = alice.device.envelope("error", phone.device.address, fields)
    await alice.send(one, every)
    await phone.receives(one, every)
    await laptop.receives(every)


async def test_live_to_an_absent_device_is_gone(anywhere: Relay, join: Join) -> None:
    alice, bob = await join(anywhere.device("alice")), anywhere.device("bob")
    await alice.send(alice.device.typing(bob))
    later = await join(bob)
    await later.nothing_before(alice)
    await alice.nothing_before(later)


async def test_live_to_a_device_of_somebody_else_reaches_nobody(anywhere: Relay, join: Join) -> None:
    """The address must be that of the device."""
    alice, bob = await join(anywhere.device("alice")), await join(anywhere.device("bob"))
    carol = anywhere.device("carol")
    fields = {"suite": "SE1", "sealed": BOX}
    await alice.send(alice.device.envelope("typing", carol.address, fields, to_device=bob.device.id))
    await bob.nothing_before(alice)


async def test_presence_goes_to_the_wrapped_devices_alone_and_is_kept_from_who_is_blocked(
    anywhere: Relay, join: Join
) -> None:
    """SPEC 7.8. The one whom nobody wants is told nothing, neither that nor anything else."""
    alice, phone = await join(anywhere.device("alice")), await join(anywhere.device("bob"))
    laptop, unwanted = await join(anywhere.device("bob")), await join(anywhere.device(UNWANTED))
    word = alice.device.mail(phone.device, type="presence", ttl=300)
    await alice.send(word)
    await phone.receives(word)
    await alice.send(alice.device.mail(unwanted.device, type="presence", ttl=300))
    await unwanted.send(unwanted.device.mail(phone.device, type="presence", ttl=300))
    for connected in (phone, laptop, unwanted, alice):
        await connected.nothing_before(await join(anywhere.device("dora")))


async def test_presence_to_who_is_away_is_gone_and_to_another_site_is_handed_on_once_wanted(
    anywhere: Relay, join: Join
) -> None:
    alice, bob = await join(anywhere.device("alice")), anywhere.device("bob")
    unwanted = await join(anywhere.device(UNWANTED))
    carol = Device(anywhere, "carol", site=(ELSEWHERE.ip, ELSEWHERE.port))
    before = len(anywhere.forwarded())
    word = alice.device.mail(carol, type="presence", ttl=300)
    await unwanted.send(unwanted.device.mail(carol, type="presence", ttl=300))
    await unwanted.nothing_before(alice)
    await alice.send(alice.device.mail(bob, type="presence", ttl=300), word)
    later = await join(bob)
    await later.nothing_before(alice)
    assert anywhere.forwarded()[before:] == [word.raw]


async def test_live_to_nobody_is_told(anywhere: Relay, join: Join) -> None:
    alice = await join(anywhere.device("alice"))
    word = alice.device.typing(Device(anywhere, "nobody"))
    await alice.send(word)
    await alice.refused("unknown_recipient", word.id)


async def test_live_to_another_site_is_handed_on(anywhere: Relay, join: Join) -> None:
    alice = await join(anywhere.device("alice"))
    fields = {"suite": "SE1", "sealed": BOX}
    word = alice.device.envelope("typing", ELSEWHERE, fields, to_device=alice.device.id)
    await alice.send(word)
    await alice.nothing_before(await join(anywhere.device("bob")))
    assert word.raw in anywhere.forwarded()


@pytest.mark.parametrize("change", ["username", "port", "ip", "from_device"])
async def test_nobody_speaks_for_another(anywhere: Relay, join: Join, change: str) -> None:
    alice, bob = await join(anywhere.device("alice")), await join(anywhere.device("bob"))
    word = alice.device.typing(bob.device).wire()
    if change == "from_device":
        word["data"][change] = bob.device.id
    else:
        word["from"] = {**word["from"], change: {"username": "bob", "port": 1, "ip": "a.example"}[change]}
    await alice.send(canonical(word))
    await alice.refused("wrong_sender", word["data"]["id"])
    await bob.nothing_before(alice)


def changed(env: Any, **data: Any) -> bytes:
    wire = env.wire()
    return canonical({**wire, "data": {**wire["data"], **data}})


BAD_BYTES: list[tuple[str, bytes]] = [
    ("json_syntax", b""),
    ("json_syntax", b"hello"),
    ("json_syntax", b"{"),
    ("schema", b"{}"),
    ("schema", b"[]"),
    ("schema", b'"mail"'),
    ("json_depth", b"[" * 17 + b"]" * 17),
    ("json_depth", b"[" * 30_000),
    ("json_number", b'{"data":1.5}'),
    ("json_number", b'{"data":9007199254740992}'),
    ("json_duplicate_key", b'{"data":1,"data":1}'),
    ("json_surrogate", rb'{"data":"\ud800"}'),
    ("json_not_canonical", b'{"to":1,"from":2}'),
    ("json_not_canonical", b'{ "data":1}'),
    ("json_syntax", b'{"data":NaN}'),
    ("json_not_utf8", b"\xef\xbb\xbf{}"),
]


@pytest.mark.parametrize(("code", "raw"), BAD_BYTES)
async def test_bad_bytes_are_named_and_the_socket_goes_on(
    anywhere: Relay, join: Join, code: str, raw: bytes
) -> None:
    alice, bob = await join(anywhere.device("alice")), await join(anywhere.device("bob"))
    await alice.send(raw)
    await alice.refused(code)
    await bob.nothing_before(alice)


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("unsupported_version", {"v": 2}),
        ("unsupported_suite", {"suite": "SE2"}),
        ("encoding", {"id": "A" * 21 + "B"}),
        ("encoding", {"sealed": {**BOX, "box": "AAAAA"}}),
        ("encoding", {"sealed": {**BOX, "box": "AB"}}),
        ("encoding", {"sealed": {**BOX, "dh": "A" * 42 + "B"}}),
        ("schema", {"sealed": {**BOX, "more": 1}}),
        ("schema", {"ttl": 2_592_001}),
        ("schema", {"ttl": -1}),
        ("schema", {"time": "now"}),
        ("schema", {"to_device": None}),
        ("schema", {"more": 1}),
    ],
)
async def test_a_bad_envelope_is_named_and_goes_nowhere(
    anywhere: Relay, join: Join, code: str, change: dict[str, Any]
) -> None:
    alice, bob = await join(anywhere.device("alice")), await join(anywhere.device("bob"))
    word = alice.device.typing(bob.device)
    await alice.send(changed(word, **change))
    await alice.refused(code, None if "id" in change else word.id)
    await bob.nothing_before(alice)


async def test_an_unknown_type_changes_nothing(anywhere: Relay, join: Join) -> None:
    alice, bob = await join(anywhere.device("alice")), await join(anywhere.device("bob"))
    word = alice.device.typing(bob.device)
    await alice.send(canonical({**word.wire(), "type": "telepathy"}))
    await alice.refused("unknown_type", word.id)
    await bob.nothing_before(alice)


@pytest.mark.parametrize(
    ("type", "fields"),
    [
        ("accepted", {"ref": new_id(RANDOM)}),
        ("changed", {"topic": "timeline"}),
        ("comment-state", {"comment": b64encode(bytes(32)), "state": "shown"}),
        ("watch", {"username": "alice"}),
        ("hint", {"username": "alice", "url": "http://localhost/@alice"}),
    ],
)
async def test_what_only_sites_say_a_device_may_not(
    relay: Relay, join: Join, type: str, fields: dict[str, Any]
) -> None:
    alice = await join(relay.device("alice"))
    template = alice.device.to_site("keys", {"address": relay.address.wire(), "claim": False}).wire()
    common = {name: template["data"][name] for name in ("v", "id", "time", "ttl", "from_device", "sig")}
    word = {**template, "type": type, "data": {**common, **fields, "to_device": None}}
    await alice.send(canonical(word))
    await alice.refused("schema", common["id"])


async def test_errors_are_never_answered(anywhere: Relay, join: Join) -> None:
    alice, bob = await join(anywhere.device("alice")), await join(anywhere.device("bob"))
    fields = {"ref": None, "code": "busy", "message": ""}
    nobody = Address.make(HOST, anywhere.port, "nobody")
    error = alice.device.envelope("error", nobody, fields, to_device=bob.device.id)
    await alice.send(error, changed(error, code="NO"), changed(error, from_device=bob.device.id))
    await alice.nothing_before(bob)


async def test_a_binary_message_is_refused_and_the_socket_goes_on(anywhere: Relay, join: Join) -> None:
    alice, bob = await join(anywhere.device("alice")), await join(anywhere.device("bob"))
    await alice.socket.send(alice.device.typing(bob.device).raw, text=False)
    await alice.refused("schema")
    await bob.nothing_before(alice)


async def test_more_than_64_kib_ends_the_socket(anywhere: Relay, join: Join) -> None:
    alice, bob = await join(anywhere.device("alice")), await join(anywhere.device("bob"))
    await alice.send(b'"' + b"x" * 65_534 + b'"')
    await alice.refused("schema")
    await alice.send(b'"' + b"x" * 65_535 + b'"')
    assert await alice.closed() == 4413
    await bob.nothing_before(await join(alice.device))


async def test_text_that_is_not_utf8_ends_the_socket(relay: Relay, join: Join) -> None:
    """Daphne ends it too, but without a close frame."""
    alice = await join(relay.device("alice"))
    await alice.socket.send(b'{"data":"\xff"}', text=True)
    assert await alice.closed() == 1007


async def test_the_site_answers_requests(anywhere: Relay, join: Join) -> None:
    alice = await join(anywhere.device("alice"))
    ask = alice.device.to_site("keys", {"address": ELSEWHERE.wire(), "claim": False})
    await alice.send(ask)
    assert (await alice.expect("keys-result")).data["ref"] == ask.id


async def test_a_fault_of_the_site_is_internal_and_the_socket_goes_on(anywhere: Relay, join: Join) -> None:
    alice, bob = await join(anywhere.device("alice")), await join(anywhere.device("bob"))
    ask = alice.device.to_site("keys", {"address": ELSEWHERE.wire(), "claim": True})
    await alice.send(ask)
    await alice.refused("internal", ask.id)
    await bob.nothing_before(alice)


async def test_a_request_nobody_knows_is_an_unknown_type(anywhere: Relay, join: Join) -> None:
    alice = await join(anywhere.device("alice"))
    ask = alice.device.to_site("prekeys", {"signed": {}, "one_time": None})
    await alice.send(ask)
    await alice.refused("unknown_type", ask.id)


async def test_requests_to_other_sites_go_nowhere(relay: Relay, join: Join) -> None:
    alice = await join(relay.device("alice"))
    elsewhere = Address.make("other.example", 443)
    ask = alice.device.envelope("keys", elsewhere, {"address": ELSEWHERE.wire(), "claim": False})
    await alice.send(ask)
    await alice.refused("refused", ask.id)


async def test_the_site_speaks_to_a_device_and_to_a_member(anywhere: Relay, join: Join) -> None:
    phone, laptop = await join(anywhere.device("dora")), await join(anywhere.device("dora"))
    await anywhere.call("push_site", "dora", "timeline")
    for client in (phone, laptop):
        assert (await client.expect("changed")).data["topic"] == "timeline"
    await anywhere.call("push_site", phone.device.id, "prekeys")
    assert (await phone.expect("changed")).data["topic"] == "prekeys"
    await laptop.nothing_before(phone)


async def test_the_site_ends_a_device_and_knows_who_is_here(anywhere: Relay, join: Join) -> None:
    alice = await join(anywhere.device("alice"))
    assert await anywhere.call("online", alice.device.id) == "True"
    await anywhere.call("close_device", alice.device.id)
    assert await alice.closed() == 4403
    assert await anywhere.call("online", alice.device.id) == "False"
    assert await anywhere.call("online", Device(anywhere, "alice").id) == "False"


async def test_the_reference_of_an_error_is_never_what_is_no_id(relay: Relay, join: Join) -> None:
    alice, bob = await join(relay.device("alice")), relay.device("bob")
    word = json.loads(alice.device.typing(bob).raw)
    word["data"]["id"] = "<script>"
    await alice.send(canonical(word))
    await alice.refused("encoding")
