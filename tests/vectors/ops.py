"""What each `op` of the vectors does, for the generator and the tests. See README.md beside."""

from collections.abc import Callable
from typing import Any

from homevault.protocol import (
    canonical,
    certificates,
    comments,
    encoding,
    fingerprints,
    letters,
    phrase,
    possession,
    posts,
    prekeys,
    relisting,
    reset,
    sites,
)
from homevault.protocol.addresses import Address, is_public
from homevault.protocol.canonical import hash_bytes
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import DhKey, SignKey, sign, verify
from homevault.protocol.ports import EventStore
from homevault.protocol.swarm import events
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Added, Duplicate, Late, Outcome, Replica
from homevault.protocol.sync import lacking
from tests.vectors import key_ops, live_ops, sync_ops, talk_ops, wire_ops

Input = dict[str, Any]
Op = Callable[[Input], Any]

raw = wire_ops.raw


def _seed(given: Input) -> SignKey:
    return SignKey.from_seed(bytes.fromhex(given["seed_hex"]))


def _secret(given: Input) -> DhKey:
    return DhKey.from_secret(bytes.fromhex(given["secret_hex"]))


def _parse(given: Input) -> Any:
    return canonical.parse(raw(given), given.get("limit", canonical.LIMIT))


def _address(given: Input) -> dict[str, str]:
    address = Address.from_wire(given["value"])
    return {
        "text": str(address),
        "secure_origin": address.origin(True),
        "plain_origin": address.origin(False),
    }


def _verified(given: Input) -> bool:
    verify(given["what"], given["value"], given["public"])
    return True


def _certificate(given: Input) -> dict[str, Any]:
    found = certificates.verify_certificate(given["value"])
    return {name: getattr(found, name) for name in ("account", "device", "dh", "role", "time")}


def _device_list(given: Input) -> dict[str, Any]:
    found = certificates.verify_device_list(given["value"])
    return {
        "account": found.account,
        "number": found.number,
        "devices": list(found.devices),
        "time": found.time,
    }


def _newer(given: Input) -> bool:
    known = certificates.verify_device_list(given["known"]) if given["known"] else None
    return certificates.check_newer(known, certificates.verify_device_list(given["new"]))


def _held(given: Input) -> certificates.Certificate:
    return certificates.verify_certificate(given["certificate"])


def _document(given: Input) -> dict[str, Any]:
    found = prekeys.verify_keys_document(given["value"], given["account"])
    keys = {device: prekey.key for device, prekey in found.prekeys.items()}
    said = found.knowledge.freshness
    return {
        "account": found.list.account,
        "number": found.list.number,
        "prekeys": keys,
        "revoked": list(found.knowledge.revocations),
        "freshness": said.time if said else None,
    }


def _site(given: Input) -> dict[str, Any]:
    found = sites.verify_site_document(given["value"])
    return {"address": str(found.address), "key": found.key, "dh": found.dh, "time": found.time}


def _follows(given: Input) -> bool:
    return sites.verify_site_document(given["value"]).follows(given["known"])


def _possession(given: Input) -> str:
    devices = certificates.verify_device_list(given["list"])
    address = Address.from_wire(given["address"])
    return possession.verify_possession(given["value"], devices, address, given["now"])


def _reset(found: reset.Reset) -> dict[str, Any]:
    return {
        "account": found.account,
        "address": str(found.address),
        "expires": found.expires,
        "factors": found.factors,
        "nonce": found.nonce,
    }


def _change(found: comments.CommentChange) -> dict[str, str]:
    return {"hash": found.hash, "author": str(found.author), "comment": found.comment}


def _comment(found: comments.Comment) -> dict[str, str]:
    return {"hash": found.hash, "author": str(found.author)}


def _post(found: posts.PostStatement) -> dict[str, Any]:
    shown = None if found.attachments is None else [each.hash for each in found.attachments]
    about = {"deleted": found.text is None, "attachments": shown}
    return {"hash": found.hash, "id": found.id, "number": found.number, **about}


def _made_post(given: Input) -> dict[str, Any]:
    attachments = tuple(posts.PostAttachment(**each) for each in given["draft"]["attachments"])
    draft = posts.PostDraft(**{**given["draft"], "attachments": attachments})
    return posts.make_post(given["account"], _seed(given), draft, given["now"])


def _letter(given: Input) -> dict[str, str]:
    found = letters.read_letter(raw(given))
    return {"kind": found.kind, "swarm": found.swarm}


def _posts(given: Input) -> list[str]:
    return [hash_bytes("letter", each) for each in letters.make_posts(given["post"], given["certificate"])]


def _ack(given: Input) -> dict[str, Any]:
    found = letters.verify_ack(given["value"], _held(given))
    return {
        "swarm": found.swarm,
        "account": found.account,
        "device": found.device,
        "heads": list(found.heads),
    }


def _event(given: Input) -> dict[str, str]:
    found = events.read_signed_event(given["value"])
    return {"id": found.id, "swarm": found.swarm, "kind": found.kind}


def step(replica: Replica, signed: Any) -> dict[str, Any]:
    """What becomes of one event."""
    (outcome,) = replica.add_all([signed])
    return told(outcome)


def told(outcome: Outcome | ProtocolError) -> dict[str, Any]:
    """An outcome as vectors say it."""
    if isinstance(outcome, ProtocolError):
        return {"error": outcome.code}
    if isinstance(outcome, Added):
        refused = [[id, error.code] for id, error in outcome.refused]
        return {"added": [event.id for event in outcome.events], "refused": refused}
    if isinstance(outcome, Duplicate):
        return {"duplicate": True}
    if isinstance(outcome, Late):
        return {"late": True}
    return {"waiting": list(outcome.missing)}


def history(given: Input, store: EventStore | None = None) -> dict[str, Any]:
    """What an empty replica makes of events given in this order."""
    replica = Replica(MemoryEventStore() if store is None else store, given["swarm"])
    steps = [step(replica, signed) for signed in given["events"]]
    state = replica.state if replica.heads else None
    return {
        "steps": steps,
        "heads": list(replica.heads),
        "missing": list(replica.missing()),
        "members": sorted(state.members) if state else [],
        "devices": [list(pair) for pair in sorted(state.devices)] if state else [],
        "order": [event.id for event in replica.display_order()],
    }


def group(given: Input, store: EventStore | None = None) -> dict[str, Any]:
    """The same of a group, with all that its state says."""
    replica = Replica(MemoryEventStore() if store is None else store, given["swarm"])
    steps = [step(replica, signed) for signed in given["events"]]
    return {"steps": steps, **group_view(replica)}


def group_view(replica: Replica) -> dict[str, Any]:
    """All that a replica shows of a group."""
    if not replica.heads:
        return {"heads": [], "order": []}
    state = replica.state
    order = [event.id for event in replica.display_order()]
    marks = {id: replica.mark(id) for id in order}
    return {
        "heads": list(replica.heads),
        "members": sorted(state.members),
        "admins": sorted(state.admins, key=state.admins.__getitem__),
        "invited": sorted(state.invited),
        "links": sorted(state.links),
        "devices": [list(pair) for pair in sorted(state.devices)],
        "revoked": [list(pair) for pair in sorted(state.revoked)],
        "banned": [
            list(target) for target in sorted(state.bans, key=lambda target: (target[0], target[1] or ""))
        ],
        "profile": max(state.profile, default=None),
        "order": order,
        "void": [id for id in order if marks[id] == "void"],
        "collapsed": [id for id in order if marks[id] == "collapsed"],
    }


def _lacking(given: Input) -> list[str]:
    replica = Replica(MemoryEventStore())
    for signed in given["events"]:
        replica.add(signed)
    return [event.id for event in lacking.events_after(replica.store, given["heads"])]


OPS: dict[str, dict[str, Op]] = {
    "canonical": {
        "parse": _parse,
        "write": lambda given: canonical.canonical(given["value"]).decode(),
        "id": lambda given: canonical.object_id(given["what"], given["value"]),
    },
    "encoding": {
        "encode": lambda given: encoding.b64encode(bytes.fromhex(given["data_hex"])),
        "decode": lambda given: encoding.b64decode(given["text"], given["length"]).hex(),
    },
    "address": {
        "wire": _address,
        "parse": lambda given: Address.parse(given["text"]).wire(),
        "public": lambda given: is_public(given["ip"]),
    },
    "keys": {
        "public": lambda given: _seed(given).public,
        "sign": lambda given: sign(given["what"], given["value"], _seed(given)),
        "verify": _verified,
        "dh-public": lambda given: _secret(given).public,
        "agree": lambda given: _secret(given).agree(given["public"]).hex(),
    },
    "certificate": {"verify": _certificate},
    "device-list": {"verify": _device_list, "newer": _newer, **key_ops.LISTS},
    "prekey": {
        "signed": lambda given: prekeys.verify_signed_prekey(given["value"], _held(given)).key,
        "one-time": lambda given: prekeys.verify_one_time(given["value"], _held(given)).keys,
        "document": _document,
        "claim": lambda given: prekeys.read_claim(given["value"]),
        "claimed": lambda given: prekeys.read_claimed(given["value"]),
    },
    "site": {"verify": _site, "follows": _follows},
    "post": {
        "make": _made_post,
        "verify": lambda given: _post(posts.verify_post(given["value"], _held(given))),
        "signed": lambda given: _post(posts.verify_signed_post(given["value"])[0]),
    },
    "comment": {
        "verify": lambda given: _comment(comments.verify_comment(given["value"], _held(given))),
        "posted": lambda given: _comment(comments.verify_posted_comment(given["value"])[0]),
        "change": lambda given: _change(comments.verify_comment_change(given["value"], _held(given))),
        "posted-change": lambda given: _change(comments.verify_posted_change(given["value"])[0]),
    },
    "phrase": {
        "words": lambda given: phrase.phrase_from_seed(bytes.fromhex(given["seed_hex"])),
        "seed": lambda given: phrase.seed_from_phrase(given["text"]).hex(),
        "account": lambda given: relisting.account_key(given["text"], given["account"]).public,
    },
    "possession": {"verify": _possession},
    "reset": {"verify": lambda given: _reset(reset.verify_reset(given["value"]))},
    "safety-number": {"number": lambda given: fingerprints.safety_number(given["a"], given["b"])},
    "letter": {
        "read": _letter,
        "posts": _posts,
        "request": lambda given: letters.read_request(letters.read_letter(raw(given))).id,
        "ack": _ack,
    },
    "event": {"read": _event, "id": lambda given: events.event_id(given["event"])},
    "groups": {"history": group},
    "replica": {"history": history, "lacking": _lacking},
    **talk_ops.OPS,
    **sync_ops.OPS,
    **key_ops.OPS,
    **live_ops.OPS,
    **wire_ops.OPS,
}


def run(file: str, given: Input) -> dict[str, Any]:
    """`{"output": …}` or `{"error": code}`."""
    try:
        return {"output": OPS[file][given["op"]](given)}
    except ProtocolError as error:
        return {"error": error.code}
