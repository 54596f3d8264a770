"""Device revocations."""

from typing import Any

from homevault.protocol.keys import sign
from homevault.protocol.revocations import make_revocation
from tests.protocol.people import NOW
from tests.vectors.cases.case import Case, bad, good, put
from tests.vectors.cases.cast import ALICE, BOB, EVE, random_id
from tests.vectors.cases.statement import COMMON, Change, broken


def revocation() -> list[Case]:
    account, device = ALICE.account, ALICE.browser.id
    root = make_revocation(ALICE.key, account, device, NOW)
    vault = make_revocation(ALICE.vault.key, account, device, NOW, ALICE.vault.wire)
    browser = make_revocation(ALICE.browser.key, account, ALICE.vault.id, NOW, ALICE.browser.wire)
    foreign = make_revocation(EVE.vault.key, account, device, NOW, EVE.vault.wire)
    forged = sign("revocation", {**vault, "vault": put(vault["vault"], "role", "vault")}, EVE.key)
    untrue = put(ALICE.browser.wire, "role", "vault")
    claimed = make_revocation(ALICE.browser.key, account, device, NOW, untrue)
    changes: list[Change] = [
        *COMMON,
        ("no-vault", "vault", "AAAA", "schema", "a certificate is an object"),
        ("other-device", "device", BOB.browser.id, "signature", "another device"),
        ("other-account", "account", BOB.account, "signature", "another account"),
        ("short-device", "device", "AAAA", "encoding", "not a key"),
    ]
    return [
        good("root", "by the account key", "verify", value=root),
        good("vault", "by a vault of the account", "verify", value=vault),
        good(
            "itself",
            "a vault may revoke itself",
            "verify",
            value=make_revocation(ALICE.vault.key, account, ALICE.vault.id, NOW, ALICE.vault.wire),
        ),
        bad("browser", "only vaults and the root revoke", "certificate_device", "verify", value=browser),
        bad("foreign", "another account's vault", "certificate_account", "verify", value=foreign),
        bad("stranger", "signed by somebody else", "signature", "verify", value=forged),
        bad("untrue", "a forged vault certificate", "signature", "verify", value=claimed),
        bad(
            "self-made",
            "a device for an account",
            "signature",
            "verify",
            value=make_revocation(EVE.key, account, device, NOW),
        ),
        *broken("verify", root, changes),
        *_sets(root, vault),
    ]


def _many(count: int, by_vault: bool) -> list[dict[str, Any]]:
    """Sorted revocations of devices that are nobody's."""
    names = sorted(random_id(f"gone/{by_vault}/{number}", 32) for number in range(count))
    key, certificate = (ALICE.vault.key, ALICE.vault.wire) if by_vault else (ALICE.key, None)
    return [make_revocation(key, ALICE.account, name, NOW, certificate) for name in names]


def _sets(root: dict[str, Any], vault: dict[str, Any]) -> list[Case]:
    account, device = ALICE.account, ALICE.browser.id
    two = sorted([root, make_revocation(ALICE.key, account, ALICE.vault.id, NOW)], key=lambda r: r["device"])
    later = make_revocation(ALICE.key, account, device, NOW + 1)
    bobs = make_revocation(BOB.key, BOB.account, device, NOW)
    flood, mine = _many(64, True), _many(2, False)
    sets: dict[str, tuple[Any, str | None, str]] = {
        "empty": ([], None, "nothing revoked"),
        "two": (two, None, "two devices"),
        "full": (flood, None, "as many as a set holds"),
        "many": (_many(65, False), "schema", "one too many"),
        "unsorted": (two[::-1], "device_list_order", "in another order"),
        "twice": ([root, later], "device_list_order", "a device twice"),
        "foreign": ([bobs], "certificate_account", "another account's"),
        "forged": ([put(root, "time", NOW + 1)], "signature", "one of them changed"),
    }
    unions: dict[str, tuple[Any, Any, str]] = {
        "both": (two[:1], two[1:], "each has one"),
        "same": (two, two, "both have both"),
        "root-over-vault": ([vault], [root], "the account key's word stays"),
        "vault-under-root": ([root], [vault], "in whatever order"),
        "lower-id": ([root], [later], "of two by the same key the lower id"),
        "lower-id-again": ([later], [root], "in whatever order"),
        "flood": (flood, mine, "a stolen vault crowds nobody out"),
        "flooded": (mine, flood, "in whatever order"),
    }
    return [
        *(
            Case(f"set-{id}", why, {"op": "set", "value": value, "account": account}, error)
            for id, (value, error, why) in sets.items()
        ),
        *(
            good(f"unite-{id}", why, "unite", first=first, second=second, account=account)
            for id, (first, second, why) in unions.items()
        ),
        good("hash-empty", "of nothing", "hash", account=account, devices=[]),
        good("hash", "in any order", "hash", account=account, devices=[ALICE.vault.id, device]),
        good("hash-again", "in any order", "hash", account=account, devices=[device, ALICE.vault.id]),
    ]
