"""Pairing, from both sides."""

from typing import Any

from homevault.protocol.certificates import make_certificate, make_device_list
from tests.protocol.people import NOW, SeededRandom
from tests.vectors import wire_ops
from tests.vectors.cases.case import Case, bad, good, put
from tests.vectors.cases.cast import ALICE, BOB, BROWSER, SITE_KEY, random_id

BROWSER_NONCE = SeededRandom("pairing/browser").bytes(16).hex()
VAULT_NONCE = SeededRandom("pairing/vault").bytes(16).hex()


def _pairing_browser(messages: list[Any]) -> dict[str, Any]:
    return {
        "account": ALICE.account,
        "device": BROWSER.id,
        "random_hex": BROWSER_NONCE,
        "messages": messages,
    }


def _pairing_vault(messages: list[Any]) -> dict[str, Any]:
    vault = ALICE.vault
    return {
        "seed_hex": vault.key.seed.hex(),
        "secret_hex": vault.dh.secret.hex(),
        "name": "Pi in the hall",
        "random_hex": VAULT_NONCE,
        "messages": messages,
    }


def pairing() -> list[Case]:
    browser, vault = wire_ops.OPS["pairing"]["browser"], wire_ops.OPS["pairing"]["vault"]
    certificate = make_certificate(ALICE.key, ALICE.vault.id, ALICE.vault.dh.public, "vault", NOW)
    devices = make_device_list(ALICE.key, 2, [BROWSER.wire, certificate], NOW)
    enrol = {
        "certificate": certificate,
        "list": devices,
        "address": ALICE.address.wire(),
        "site_key": SITE_KEY.public,
    }
    [opened] = browser(_pairing_browser([]))["sent"]
    [commit] = vault(_pairing_vault([opened]))["sent"]
    revealed = browser(_pairing_browser([commit]))["sent"][-1]
    shown = vault(_pairing_vault([opened, revealed]))["sent"][-1]
    given = browser(_pairing_browser([commit, shown, {"enrol": enrol}]))["sent"][-1]
    done = {"step": "done", "payload": {}}
    abort = {"step": "abort", "payload": {"code": "pairing_busy"}}
    bob_list = make_device_list(BOB.key, 2, [BOB.browser.wire], NOW)
    bob_certificate = make_certificate(BOB.key, ALICE.vault.id, ALICE.vault.dh.public, "vault", NOW)
    other_dh = make_certificate(ALICE.key, ALICE.vault.id, BROWSER.dh.public, "vault", NOW)
    without = make_device_list(ALICE.key, 2, [BROWSER.wire], NOW)
    wrong_browser = {
        "browser-swapped-key": (
            [commit, put(shown, "payload.device", BOB.vault.id)],
            "pairing_commitment",
            "another device",
        ),
        "browser-swapped-dh": (
            [commit, put(shown, "payload.dh", BOB.vault.dh.public)],
            "pairing_commitment",
            "another key",
        ),
        "browser-swapped-nonce": (
            [commit, put(shown, "payload.nonce", random_id("x"))],
            "pairing_commitment",
            "another nonce",
        ),
        "browser-early-reveal": ([shown], "schema", "no commitment before"),
        "browser-second-commit": ([commit, commit], "schema", "another commitment"),
        "browser-early-done": ([commit, shown, done], "schema", "nothing was confirmed"),
        "browser-long-name": ([commit, put(shown, "payload.name", "x" * 65)], "schema", "65 characters"),
        "browser-abort": ([commit, abort], "pairing_busy", "the vault gave up"),
        "browser-extra": ([put(commit, "payload.more", 1)], "schema", "an unknown member"),
    }
    wrong_vault = {
        "vault-swapped-account": (
            [put(opened, "payload.account", BOB.account), revealed],
            "pairing_commitment",
            "another account",
        ),
        "vault-swapped-nonce": (
            [opened, put(revealed, "payload.nonce", random_id("x"))],
            "pairing_commitment",
            "another nonce",
        ),
        "vault-early-reveal": ([revealed], "schema", "no opening before"),
        "vault-early-certificate": ([opened, given], "schema", "no reveal before"),
        "vault-other-account": (
            [opened, revealed, put(given, "payload.certificate", bob_certificate)],
            "certificate_account",
            "another account's certificate",
        ),
        "vault-other-list": (
            [opened, revealed, put(given, "payload.list", bob_list)],
            "certificate_account",
            "another account's list",
        ),
        "vault-other-device": (
            [opened, revealed, put(given, "payload.certificate", BROWSER.wire)],
            "certificate_device",
            "another device",
        ),
        "vault-other-dh": (
            [opened, revealed, put(given, "payload.certificate", other_dh)],
            "certificate_device",
            "another dh key",
        ),
        "vault-not-listed": (
            [opened, revealed, put(given, "payload.list", without)],
            "certificate_device",
            "the list lacks it",
        ),
        "vault-forged": (
            [opened, revealed, put(given, "payload.certificate.role", "root")],
            "signature",
            "a changed certificate",
        ),
        "vault-site-address": (
            [opened, revealed, put(given, "payload.address.username", "")],
            "schema",
            "whose address?",
        ),
        "vault-abort": ([opened, abort], "pairing_busy", "the browser gave up"),
        "vault-again": ([opened, revealed, given, given], "schema", "nothing follows"),
    }
    return [
        good(
            "browser", "the whole way", "browser", **_pairing_browser([commit, shown, {"enrol": enrol}, done])
        ),
        good("browser-code", "until the code", "browser", **_pairing_browser([commit, shown])),
        good("vault-code", "until the code", "vault", **_pairing_vault([opened, revealed])),
        good("vault", "the whole way", "vault", **_pairing_vault([opened, revealed, given])),
        *(
            bad(id, why, error, "browser", **_pairing_browser(m))
            for id, (m, error, why) in wrong_browser.items()
        ),
        *(bad(id, why, error, "vault", **_pairing_vault(m)) for id, (m, error, why) in wrong_vault.items()),
    ]
