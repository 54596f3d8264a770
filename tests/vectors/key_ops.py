"""The ops about what is known of an account: revocations, freshness, new lists, moves."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from homevault.protocol import freshness, knowledge, moves, prekeys, relisting, revocations, rotation
from homevault.protocol.addresses import Address
from homevault.protocol.certificates import verify_certificate, verify_device_list
from homevault.protocol.keys import SignKey
from homevault.protocol.knowledge import KeyKnowledge

Input = dict[str, Any]


def _unite(given: Input) -> list[Any]:
    first, second = (
        revocations.verify_revocations(given[name], given["account"]) for name in ("first", "second")
    )
    return list(revocations.unite(first, second).values())


def _make(given: Input) -> dict[str, Any]:
    known = verify_device_list(given["list"])
    return freshness.make_freshness(_signer(given), known, given["revoked"], given["now"])


def _verify(given: Input) -> dict[str, Any]:
    found = freshness.verify_freshness(given["value"], verify_device_list(given["list"]))
    return {name: getattr(found, name) for name in ("number", "device", "revoked", "time")}


def _knowledge(given: Any) -> KeyKnowledge:
    devices = verify_device_list(given["list"])
    revoked = revocations.verify_revocations(given["revocations"], devices.account)
    said = given["freshness"]
    return KeyKnowledge(devices, revoked, freshness.verify_freshness(said, devices) if said else None)


def _learn(given: Input) -> dict[str, Any]:
    known = _knowledge(given["known"]) if given["known"] else None
    learned = knowledge.learn(known, _knowledge(given["served"]))
    found = learned.knowledge
    return {
        "number": found.list.number,
        "devices": list(found.devices),
        "revoked": list(found.revocations),
        "freshness": found.freshness.time if found.freshness else None,
        "alarms": list(learned.alarms),
    }


def _signer(given: Input) -> SignKey:
    return SignKey.from_seed(bytes.fromhex(given["seed_hex"]))


def _with(given: Input) -> dict[str, Any]:
    known = verify_device_list(given["list"])
    return relisting.list_with(_signer(given), known, given["certificate"], given["now"])


def _without(given: Input) -> dict[str, Any]:
    known = verify_device_list(given["list"])
    return relisting.list_without(_signer(given), known, given["device"], given["now"])


def _rebuild(given: Input) -> dict[str, Any]:
    found = [_knowledge(each) for each in given["found"]]
    keep = [verify_certificate(each) for each in given["keep"]]
    rebuilt = relisting.rebuild(_signer(given), found, keep, given["now"])
    return {"list": rebuilt.list, "revocations": list(rebuilt.revocations.values())}


def _move(given: Input) -> dict[str, Any]:
    found = moves.verify_move(given["value"], given["account"])
    return {"account": found.account, "number": found.number, "address": str(found.address)}


def _make_profile(given: Input) -> dict[str, Any]:
    return moves.make_profile(
        given["account"],
        _signer(given),
        given["number"],
        Address.from_wire(given["address"]),
        given["name"],
        tuple(Address.from_wire(each) for each in given["beacons"]),
        given["now"],
    )


def _profile(given: Input) -> dict[str, Any]:
    found = moves.verify_profile(given["value"], verify_certificate(given["certificate"]))
    return {
        "account": found.account,
        "number": found.number,
        "address": str(found.address),
        "name": found.name,
        "beacons": [str(each) for each in found.beacons],
    }


def _latest(given: Input) -> Any:
    known = moves.verify_move(given["known"]) if given["known"] is not None else None
    return moves.latest(known, moves.verify_move(given["found"])).wire


def _latest_profile(given: Input) -> Any:
    certificate = verify_certificate(given["certificate"])
    known = moves.verify_profile(given["known"], certificate) if given["known"] is not None else None
    return moves.latest(known, moves.verify_profile(given["found"], certificate)).wire


MOVES: dict[str, Callable[[Input], Any]] = {
    "make": lambda given: moves.make_move(
        _signer(given), given["number"], Address.from_wire(given["address"]), given["now"]
    ),
    "verify": _move,
    "profile-make": _make_profile,
    "profile": _profile,
    "latest": _latest,
    "latest-profile": _latest_profile,
    "ask": lambda given: moves.ask_beacons(given["failing_since"], given["now"]),
}


def _recipients(given: Input) -> list[dict[str, Any]]:
    document = prekeys.verify_keys_document(given["document"])
    found = prekeys.recipients(document.knowledge, document.prekeys, given["one_time"], given["now"])
    return [asdict(each) for each in found]


ROTATION: dict[str, Callable[[Input], Any]] = {
    "due": lambda given: rotation.rotation_due(given["made"], given["now"]),
    "drained": lambda given: rotation.drained(
        given["connected"], given["last_mail"], given["unopened"], given["now"]
    ),
    "erasable": lambda given: rotation.erasable_until(given["drained_at"], given["now"]),
    "dormant": lambda given: rotation.is_dormant(given["made"], given["now"]),
    "stock": lambda given: rotation.stock_wanted(given["left"]),
    "recipients": _recipients,
}

LISTS: dict[str, Callable[[Input], Any]] = {"with": _with, "without": _without, "rebuild": _rebuild}

OPS: dict[str, dict[str, Callable[[Input], Any]]] = {
    "revocation": {
        "verify": lambda given: list(revocations.verify_revocation(given["value"])),
        "set": lambda given: list(revocations.verify_revocations(given["value"], given["account"])),
        "unite": _unite,
        "hash": lambda given: revocations.revocations_hash(given["account"], given["devices"]),
    },
    "move": MOVES,
    "rotation": ROTATION,
    "freshness": {
        "make": _make,
        "verify": _verify,
        "learn": _learn,
        "age": lambda given: knowledge.age(_knowledge(given["known"]), given["now"]),
        "due": lambda given: knowledge.statement_due(_knowledge(given["known"]), given["now"]),
    },
}
