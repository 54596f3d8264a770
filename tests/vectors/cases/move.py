"""Moves to another site, and the profiles that name who tells of them."""

from typing import Any

from homevault.protocol.addresses import Address
from homevault.protocol.keys import sign
from homevault.protocol.moves import make_move, make_profile
from tests.protocol.people import NOW
from tests.vectors.cases.case import MISSING, Case, bad, good, put
from tests.vectors.cases.cast import ALICE, BOB, EVE, HERE, THERE
from tests.vectors.cases.statement import COMMON, Change, broken

NEW = Address.make("new.example", 443, "alice")
LOCAL = Address.make("127.0.0.2", 8002)
DAY = 86_400_000


def _move(number: int, address: Address = NEW, now: int = NOW) -> dict[str, Any]:
    return make_move(ALICE.key, number, address, now)


def _profile(number: int = 1, name: str = "Alice", beacons: tuple[Address, ...] = ()) -> dict[str, Any]:
    return make_profile(ALICE.account, ALICE.browser.key, number, ALICE.address, name, beacons, NOW)


def move() -> list[Case]:
    value = _move(2)
    changes: list[Change] = [
        *COMMON,
        ("number-zero", "number", 0, "schema", "numbers start at 1"),
        ("number-one", "number", 1, "signature", "of good form"),
        ("site", "address.username", "", "schema", "a site is nobody's new home"),
        ("no-port", "address.port", MISSING, "schema", "half an address"),
        ("ip", "address.ip", "New.example", "address", "not a host"),
        ("other-number", "number", 3, "signature", "another number"),
        ("other-address", "address.ip", "eve.example", "signature", "another address"),
        ("other-account", "account", EVE.account, "signature", "another account"),
    ]
    return [
        good(
            "make",
            "a move",
            "make",
            seed_hex=ALICE.key.seed.hex(),
            number=2,
            address=NEW.wire(),
            now=NOW,
        ),
        good("move", "a move", "verify", value=value, account=ALICE.account),
        good("anybody", "whoever it is", "verify", value=value, account=None),
        bad("foreign", "another's", "certificate_account", "verify", value=value, account=BOB.account),
        bad(
            "by-device",
            "a device moves nobody",
            "signature",
            "verify",
            value=sign("move", value, ALICE.vault.key),
            account=None,
        ),
        *broken("verify", value, changes, account=None),
        *_profiles(),
        *_latest(),
    ]


def _profiles() -> list[Case]:
    value = _profile(beacons=(THERE, LOCAL))
    wire = [each.wire() for each in (THERE, LOCAL)]
    own = {"certificate": ALICE.browser.wire}
    changes: list[Change] = [
        ("version", "v", 2, "unsupported_version", "a later version"),
        ("suite", "suite", "PL2", "unsupported_suite", "another suite"),
        ("name-long", "name", "x" * 65, "schema", "65 characters"),
        ("beacon-person", "beacons.0.username", "bob", "schema", "a beacon is a site"),
        ("beacons-many", "beacons", [{**wire[0], "port": port} for port in range(1, 5)], "schema", "four"),
        (
            "beacons-most",
            "beacons",
            [{**wire[0], "port": port} for port in range(1, 4)],
            "signature",
            "three",
        ),
        ("beacons-twice", "beacons", [wire[0]] * 2, "schema", "the same one twice"),
        ("beacons-order", "beacons", wire[::-1], "signature", "in another order"),
        ("beacon-other", "beacons.0.ip", "eve.example", "signature", "another beacon"),
        ("address", "address.ip", "eve.example", "signature", "another address"),
    ]
    three = (HERE, THERE, LOCAL)
    return [
        good(
            "profile-make",
            "a profile",
            "profile-make",
            account=ALICE.account,
            seed_hex=ALICE.browser.key.seed.hex(),
            number=1,
            address=ALICE.address.wire(),
            name="Alice",
            beacons=wire,
            now=NOW,
        ),
        good("profile", "with two beacons", "profile", value=value, **own),
        good("profile-bare", "with none", "profile", value=_profile(name=""), **own),
        good("profile-three", "with three", "profile", value=_profile(beacons=three), **own),
        bad(
            "profile-device",
            "another device's certificate",
            "certificate_device",
            "profile",
            value=value,
            certificate=ALICE.vault.wire,
        ),
        bad(
            "profile-account",
            "another account's",
            "certificate_account",
            "profile",
            value=value,
            certificate=BOB.browser.wire,
        ),
        *(
            bad(f"profile-{id}", why, error, "profile", value=put(value, path, member), **own)
            for id, path, member, error, why in changes
        ),
    ]


def _latest() -> list[Case]:
    other = _move(2, Address.make("other.example", 443, "alice"))
    pairs: dict[str, tuple[Any, Any, str]] = {
        "first": (None, _move(1), "none is known"),
        "higher": (_move(1), _move(2), "the higher number"),
        "lower": (_move(2), _move(1, now=NOW + DAY), "however late it was signed"),
        "equal": (_move(2), other, "the higher id"),
        "equal-again": (other, _move(2), "in whatever order"),
    }
    bobs = make_move(BOB.key, 9, BOB.address, NOW)
    profiles = (_profile(2), _profile(2, "Alicia"))
    own = {"certificate": ALICE.browser.wire}
    asks: dict[str, tuple[int | None, int, str]] = {
        "well": (None, NOW, "its site answers"),
        "soon": (NOW, NOW + DAY - 1, "not yet a day"),
        "day": (NOW, NOW + DAY, "a day"),
    }
    return [
        *(
            good(f"latest-{id}", why, "latest", known=known, found=found)
            for id, (known, found, why) in pairs.items()
        ),
        bad("latest-foreign", "another's", "certificate_account", "latest", known=_move(1), found=bobs),
        good(
            "latest-profile",
            "the higher id",
            "latest-profile",
            known=profiles[0],
            found=profiles[1],
            **own,
        ),
        good(
            "latest-profile-again",
            "in whatever order",
            "latest-profile",
            known=profiles[1],
            found=profiles[0],
            **own,
        ),
        *(
            good(f"ask-{id}", why, "ask", failing_since=since, now=now)
            for id, (since, now, why) in asks.items()
        ),
    ]
