"""Members of `data` for every type, good ones and such as break its schema."""

from typing import Any

from homevault.protocol.certificates import make_device_list, verify_device_list
from homevault.protocol.freshness import make_freshness
from homevault.protocol.keys import SignKey
from homevault.protocol.prekeys import make_one_time, make_signed_prekey
from tests.protocol.people import NOW, SeededRandom
from tests.vectors.cases.case import MISSING
from tests.vectors.cases.cast import ALICE, BOB, BROWSER, random_id


def a_box(label: str = "box") -> dict[str, Any]:
    """A box of good form with nothing in it."""
    return {
        "suite": "SE1",
        "dh": BROWSER.dh.public,
        "ephemeral": BOB.vault.dh.public,
        "prekey": BOB.browser.prekey.public,
        "one_time": None,
        "box": random_id(label, 272),
    }


def fields() -> dict[str, dict[str, Any]]:
    """Good members of `data` for every type, beyond the common ones."""
    browser = ALICE.browser
    prekey = make_signed_prekey(ALICE.account, browser.key, browser.prekey.public, NOW)
    one_time = make_one_time(ALICE.account, browser.key, [browser.one_time.public], NOW)
    mail = {
        "suite": "SE1",
        "body": random_id("body", 300),
        "wraps": {BOB.browser.id: a_box(), BOB.vault.id: a_box()},
    }
    devices = make_device_list(BOB.key, 1, [BOB.browser.wire], NOW)
    return {
        "mail": mail,
        "request": mail,
        "comment-state": {"comment": random_id("comment", 32), "state": "shown"},
        "typing": {"suite": "SE1", "sealed": a_box()},
        "presence": mail,
        "pair": {"slot": random_id("slot"), "step": "open", "payload": {"anything": ["na\u00efve", 1, None]}},
        "prekeys": {"signed": prekey, "one_time": one_time},
        "keys": {"address": BOB.address.wire(), "claim": True},
        "keys-result": {
            "ref": random_id("ref"),
            "keys": {"v": 1, "list": devices, "prekeys": []},
            "one_time": {BOB.browser.id: BOB.browser.one_time.public, BOB.vault.id: None},
        },
        "vouch": {
            "list": devices,
            "revocations": [],
            "freshness": make_freshness(BOB.browser.key, verify_device_list(devices), [], NOW),
        },
        "ack": {"hashes": [random_id("hash", 32)]},
        "accepted": {"ref": random_id("ref")},
        "changed": {"topic": "timeline"},
        "notice": {"text": "Please keep it kind."},
        "block-state": {"until": NOW + 1_800_000, "reason": "na\u00efve"},
        "watch": {"username": "bob"},
        "hint": {"username": "alice", "url": "https://alice.example/@alice/hello"},
        "error": {"ref": None, "code": "too_many", "message": "na\u00efve"},
    }


def typed_changes() -> dict[str, dict[str, tuple[str, Any, str]]]:
    """What breaks the schema of one type: `(path, member, error)` by case id, by type."""
    device = BOB.browser.id
    many = {SignKey.generate(SeededRandom(f"w{n}")).public: a_box() for n in range(33)}
    return {
        "mail": {
            "mail-suite": ("data.suite", "SE2", "unsupported_suite"),
            "mail-suite-missing": ("data.suite", MISSING, "schema"),
            "mail-body": ("data.body", "A", "encoding"),
            "mail-body-kind": ("data.body", None, "schema"),
            "mail-no-wraps": ("data.wraps", {}, "schema"),
            "mail-many-wraps": ("data.wraps", many, "schema"),
            "mail-wraps-kind": ("data.wraps", [], "schema"),
            "mail-wrap-name": ("data.wraps", {"bob": a_box()}, "encoding"),
            "mail-wrap-box": (f"data.wraps.{device}.box", "A+B/", "encoding"),
            "mail-wrap-suite": (f"data.wraps.{device}.suite", "PL1", "unsupported_suite"),
            "mail-wrap-extra": (f"data.wraps.{device}.more", 1, "schema"),
            "mail-to-device": ("data.to_device", device, "schema"),
        },
        "typing": {
            "typing-no-device": ("data.to_device", None, "schema"),
            "typing-sealed": ("data.sealed", None, "schema"),
            "typing-ephemeral": ("data.sealed.ephemeral", "AAAA", "encoding"),
            "typing-one-time": ("data.sealed.one_time", 0, "schema"),
        },
        "presence": {
            "presence-device": ("data.to_device", device, "schema"),
            "presence-no-wraps": ("data.wraps", {}, "schema"),
            "presence-here": ("data.here", True, "schema"),
        },
        "pair": {
            "pair-slot": ("data.slot", "AAAA", "encoding"),
            "pair-step": ("data.step", "jump", "schema"),
            "pair-payload": ("data.payload", [], "schema"),
            "pair-payload-large": ("data.payload", {"a": "x" * 32_761}, "schema"),
        },
        "prekeys": {
            "prekeys-signed": ("data.signed", None, "schema"),
            "prekeys-one-time": ("data.one_time", [], "schema"),
        },
        "keys": {
            "keys-claim": ("data.claim", 1, "schema"),
            "keys-address": ("data.address.ip", "", "address"),
            "keys-address-extra": ("data.address.more", "", "schema"),
        },
        "keys-result": {
            "result-ref": ("data.ref", None, "schema"),
            "result-keys": ("data.keys", [], "schema"),
            "result-one-time": ("data.one_time", {device: 1}, "schema"),
            "result-one-time-name": ("data.one_time", {"bob": None}, "encoding"),
            "result-one-time-many": ("data.one_time", dict.fromkeys(list(many)[:17]), "schema"),
            "result-no-device": ("data.to_device", None, "schema"),
        },
        "vouch": {
            "vouch-list": ("data.list", None, "schema"),
            "vouch-revocations": ("data.revocations", None, "schema"),
            "vouch-revocations-many": ("data.revocations", [{}] * 65, "schema"),
            "vouch-freshness": ("data.freshness", None, "schema"),
        },
        "ack": {
            "ack-none": ("data.hashes", [], "schema"),
            "ack-many": ("data.hashes", [random_id("hash", 32)] * 501, "schema"),
            "ack-short": ("data.hashes", [random_id("hash", 16)], "encoding"),
        },
        "accepted": {"accepted-null": ("data.ref", None, "schema")},
        "changed": {
            "changed-topic": ("data.topic", "weather", "schema"),
            "changed-topic-case": ("data.topic", "People", "schema"),
        },
        "notice": {
            "notice-empty": ("data.text", "", "schema"),
            "notice-long": ("data.text", "a" * 2_049, "schema"),
            "notice-kind": ("data.text", None, "schema"),
        },
        "block-state": {
            "block-until": ("data.until", -1, "schema"),
            "block-until-missing": ("data.until", MISSING, "schema"),
            "block-reason": ("data.reason", "a" * 513, "schema"),
            "block-reason-null": ("data.reason", None, "schema"),
        },
        "comment-state": {
            "comment-short": ("data.comment", random_id("c"), "encoding"),
            "comment-state": ("data.state", "hidden", "schema"),
        },
        "watch": {
            "watch-visitor": ("data.username", "~" + ALICE.account, "schema"),
            "watch-empty": ("data.username", "", "schema"),
            "watch-newline": ("data.username", "bob\n", "schema"),
        },
        "hint": {
            "hint-no-url": ("data.url", "", "schema"),
            "hint-long-url": ("data.url", "h" * 2_049, "schema"),
        },
        "error": {
            "error-code": ("data.code", "Bad!", "schema"),
            "error-code-long": ("data.code", "a" * 65, "schema"),
            "error-message": ("data.message", "a" * 1_025, "schema"),
            "error-ref-short": ("data.ref", "AAAA", "encoding"),
        },
    }
