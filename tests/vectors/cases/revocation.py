"""Device revocations."""

from homevault.protocol.keys import sign
from homevault.protocol.revocations import make_revocation
from tests.protocol.people import NOW
from tests.vectors.cases.case import Case, bad, good, put
from tests.vectors.cases.cast import ALICE, BOB, EVE
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
    ]
