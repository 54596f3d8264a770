"""Pairing, from both sides."""

from dataclasses import asdict
from typing import Any

from homevault.protocol.certificates import make_certificate, make_device_list
from homevault.protocol.pairing import Newcomer
from tests.protocol.people import NOW, SeededRandom
from tests.vectors import wire_ops
from tests.vectors.cases.case import MISSING, Case, bad, flip, good, put
from tests.vectors.cases.cast import ALICE, BOB, BROWSER, EVE, SITE_KEY, random_id

HOLDER_RANDOM = SeededRandom("pairing/browser").bytes(16).hex()
NEWCOMER_RANDOM = SeededRandom("pairing/vault").bytes(32).hex()
SLOT = random_id("pairing/slot")
NEWCOMERS = {
    "vault": asdict(Newcomer(ALICE.vault.id, ALICE.vault.dh.public, "Pi in the hall", "vault")),
    "member": asdict(Newcomer(EVE.browser.id, EVE.browser.dh.public, "Telephone", "member")),
}


def _holder(messages: list[Any], ticket: str | None = None) -> dict[str, Any]:
    return {
        "account": ALICE.account,
        "device": BROWSER.id,
        "ticket": ticket,
        "random_hex": HOLDER_RANDOM,
        "messages": messages,
    }


def _newcomer(messages: list[Any], role: str = "vault") -> dict[str, Any]:
    return {"newcomer": NEWCOMERS[role], "random_hex": NEWCOMER_RANDOM, "messages": messages}


def _certified(role: Any) -> dict[str, Any]:
    """What the person confirms."""
    newcomer = NEWCOMERS[role]
    certificate = make_certificate(ALICE.key, newcomer["device"], newcomer["dh"], role, NOW)
    devices = make_device_list(ALICE.key, 2, [BROWSER.wire, certificate], NOW)
    address = ALICE.address.wire()
    enrol = {"certificate": certificate, "list": devices, "address": address, "site_key": SITE_KEY.public}
    return {"enrol": enrol}


def _way(role: str, ticket: str | None = None) -> list[Any]:
    """All that is said until the certificate: open, commit, both reveals, certificate."""
    holder, newcomer = wire_ops.OPS["pairing"]["holder"], wire_ops.OPS["pairing"]["newcomer"]
    [opened] = holder(_holder([]))["sent"]
    [commit] = newcomer(_newcomer([opened], role))["sent"]
    revealed = holder(_holder([commit], ticket))["sent"][-1]
    shown = newcomer(_newcomer([opened, revealed], role))["sent"][-1]
    given = holder(_holder([commit, shown, _certified(role)], ticket))["sent"][-1]
    return [opened, commit, revealed, shown, given]


def _ticket(role: str) -> str:
    given = {"newcomer": NEWCOMERS[role], "random_hex": NEWCOMER_RANDOM, "slot": SLOT}
    return str(wire_ops.OPS["pairing"]["ticket"](given))


def _tickets() -> list[Case]:
    text, other = _ticket("member"), _ticket("vault")
    opened, commit, revealed, shown, given = _way("member", text)
    done = {"step": "done", "payload": {}}
    enrol = _certified("member")
    unproven = put(given, "payload.proof", None)
    forged = put(given, "payload.proof", flip(given["payload"]["proof"]))
    scans = {
        "suite": (text.replace("PL1", "PL2"), "unsupported_suite", "another suite"),
        "parts": (text + ".", "schema", "a part too many"),
        "cut": (text.rsplit(".", 1)[0], "schema", "a part too few"),
        "commit": (f"PL1.{SLOT}.AAAA.{SLOT}", "encoding", "not a commitment"),
        "empty": ("", "unsupported_suite", "nothing"),
        "address": ("https://example.org/", "unsupported_suite", "any other code"),
    }
    shows = {"newcomer": NEWCOMERS["member"], "random_hex": NEWCOMER_RANDOM, "slot": SLOT}
    enrolments = {
        "scanned": (given, None, "the holder scanned it"),
        "compared": (unproven, None, "it was compared"),
        "forged-proof": (forged, "not_proven", "a proof without the secret"),
    }
    return [
        good("ticket", "what is shown", "ticket", **shows),
        good("scan", "what is scanned", "scan", text=text),
        *(bad(f"scan-{id}", why, error, "scan", text=given) for id, (given, error, why) in scans.items()),
        good("holder-scanned", "no comparing", "holder", **_holder([commit, shown, enrol, done], text)),
        bad(
            "holder-other-ticket",
            "not whom it scanned",
            "pairing_commitment",
            "holder",
            **_holder([commit], other),
        ),
        *(
            Case(
                f"newcomer-{id}",
                why,
                {"op": "newcomer", **_newcomer([opened, revealed, last], "member")},
                error,
            )
            for id, (last, error, why) in enrolments.items()
        ),
    ]


def pairing() -> list[Case]:
    enrol = _certified("vault")
    opened, commit, revealed, shown, given = _way("vault")
    as_member = make_certificate(ALICE.key, ALICE.vault.id, ALICE.vault.dh.public, "member", NOW)
    demoted = make_device_list(ALICE.key, 2, [BROWSER.wire, as_member], NOW)
    other_role = put(put(given, "payload.certificate", as_member), "payload.list", demoted)
    done = {"step": "done", "payload": {}}
    abort = {"step": "abort", "payload": {"code": "pairing_busy"}}
    bob_list = make_device_list(BOB.key, 2, [BOB.browser.wire], NOW)
    bob_certificate = make_certificate(BOB.key, ALICE.vault.id, ALICE.vault.dh.public, "vault", NOW)
    other_dh = make_certificate(ALICE.key, ALICE.vault.id, BROWSER.dh.public, "vault", NOW)
    without = make_device_list(ALICE.key, 2, [BROWSER.wire], NOW)
    wrong_holder = {
        "holder-swapped-key": (
            [commit, put(shown, "payload.device", BOB.vault.id)],
            "pairing_commitment",
            "another device",
        ),
        "holder-swapped-dh": (
            [commit, put(shown, "payload.dh", BOB.vault.dh.public)],
            "pairing_commitment",
            "another key",
        ),
        "holder-swapped-nonce": (
            [commit, put(shown, "payload.nonce", random_id("x"))],
            "pairing_commitment",
            "another nonce",
        ),
        "holder-swapped-role": (
            [commit, put(shown, "payload.role", "member")],
            "pairing_commitment",
            "another role",
        ),
        "holder-root": ([commit, put(shown, "payload.role", "root")], "schema", "no newcomer is root"),
        "holder-early-reveal": ([shown], "schema", "no commitment before"),
        "holder-second-commit": ([commit, commit], "schema", "another commitment"),
        "holder-early-done": ([commit, shown, done], "schema", "nothing was confirmed"),
        "holder-long-name": ([commit, put(shown, "payload.name", "x" * 65)], "schema", "65 characters"),
        "holder-abort": ([commit, abort], "pairing_busy", "the vault gave up"),
        "holder-extra": ([put(commit, "payload.more", 1)], "schema", "an unknown member"),
    }
    wrong_newcomer = {
        "newcomer-swapped-account": (
            [put(opened, "payload.account", BOB.account), revealed],
            "pairing_commitment",
            "another account",
        ),
        "newcomer-swapped-nonce": (
            [opened, put(revealed, "payload.nonce", random_id("x"))],
            "pairing_commitment",
            "another nonce",
        ),
        "newcomer-early-reveal": ([revealed], "schema", "no opening before"),
        "newcomer-early-certificate": ([opened, given], "schema", "no reveal before"),
        "newcomer-other-account": (
            [opened, revealed, put(given, "payload.certificate", bob_certificate)],
            "certificate_account",
            "another account's certificate",
        ),
        "newcomer-other-list": (
            [opened, revealed, put(given, "payload.list", bob_list)],
            "certificate_account",
            "another account's list",
        ),
        "newcomer-other-device": (
            [opened, revealed, put(given, "payload.certificate", BROWSER.wire)],
            "certificate_device",
            "another device",
        ),
        "newcomer-other-dh": (
            [opened, revealed, put(given, "payload.certificate", other_dh)],
            "certificate_device",
            "another dh key",
        ),
        "newcomer-other-role": ([opened, revealed, other_role], "certificate_device", "another role"),
        "newcomer-no-proof": (
            [opened, revealed, put(given, "payload.proof", MISSING)],
            "schema",
            "a member is missing",
        ),
        "newcomer-not-listed": (
            [opened, revealed, put(given, "payload.list", without)],
            "certificate_device",
            "the list lacks it",
        ),
        "newcomer-forged": (
            [opened, revealed, put(given, "payload.certificate.role", "root")],
            "signature",
            "a changed certificate",
        ),
        "newcomer-site-address": (
            [opened, revealed, put(given, "payload.address.username", "")],
            "schema",
            "whose address?",
        ),
        "newcomer-abort": ([opened, abort], "pairing_busy", "the browser gave up"),
        "newcomer-again": ([opened, revealed, given, given], "schema", "nothing follows"),
    }
    return [
        good("holder", "the whole way", "holder", **_holder([commit, shown, enrol, done])),
        good("holder-code", "until the code", "holder", **_holder([commit, shown])),
        good("newcomer-code", "until the code", "newcomer", **_newcomer([opened, revealed])),
        good("newcomer", "the whole way", "newcomer", **_newcomer([opened, revealed, given])),
        *(bad(id, why, error, "holder", **_holder(m)) for id, (m, error, why) in wrong_holder.items()),
        *_tickets(),
        *(bad(id, why, error, "newcomer", **_newcomer(m)) for id, (m, error, why) in wrong_newcomer.items()),
    ]
