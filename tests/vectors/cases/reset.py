"""Password resets."""

from homevault.protocol.keys import sign
from homevault.protocol.reset import make_reset
from tests.protocol.people import NOW
from tests.vectors.cases.case import Case, bad, good
from tests.vectors.cases.cast import ALICE, BOB, EVE, random_id
from tests.vectors.cases.statement import COMMON, Change, broken


def reset() -> list[Case]:
    nonce = random_id("reset", 32)
    value = make_reset(ALICE.key, ALICE.address, nonce, NOW + 600_000, "keep")
    dropped = make_reset(ALICE.key, ALICE.address, nonce, NOW + 600_000, "drop")
    changes: list[Change] = [
        *(change for change in COMMON if change[1] != "time"),
        ("account", "account", BOB.account, "signature", "another account"),
        ("address-user", "address.username", "bob", "signature", "another member"),
        ("address-site", "address.ip", "evil.example", "signature", "another site"),
        ("address-port", "address.port", 8443, "signature", "another port"),
        ("address-nobody", "address.username", "", "schema", "a site has no password"),
        ("expires-later", "expires", NOW + 700_000, "signature", "a longer life"),
        ("expires-kind", "expires", "soon", "schema", "a time is a number"),
        ("factors-dropped", "factors", "drop", "signature", "not what was signed"),
        ("factors-unknown", "factors", "some", "schema", "keep or drop"),
        ("nonce", "nonce", random_id("another", 32), "signature", "another challenge"),
        ("nonce-short", "nonce", "AAAA", "encoding", "a challenge too short"),
    ]
    other = {name: member for name, member in value.items() if name != "sig"}
    comment = sign("comment", other, ALICE.key)
    return [
        good("keep", "the second factors stay", "verify", value=value),
        good("drop", "the second factors go", "verify", value=dropped),
        bad("stranger", "another key", "signature", "verify", value=sign("password-reset", other, EVE.key)),
        bad(
            "purpose",
            "signed for something else",
            "signature",
            "verify",
            value=comment,
        ),
        *broken("verify", value, changes),
    ]
