"""Site documents."""

from typing import Any

from homevault.protocol.addresses import Address
from homevault.protocol.keys import SignKey, sign
from homevault.protocol.sites import make_rotation, make_site_document
from tests.protocol.people import NOW, SeededRandom
from tests.vectors.cases.case import Case, bad, good, put
from tests.vectors.cases.cast import ALICE, SITE_KEY
from tests.vectors.cases.statement import COMMON, broken


def site() -> list[Case]:
    value = make_site_document(ALICE.address, SITE_KEY, ALICE.browser.dh.public, NOW)
    local = make_site_document(Address.make("127.0.0.2", 8002), SITE_KEY, ALICE.browser.dh.public, NOW)
    upper = sign("site-document", {**value, "ip": "Alice.example"}, SITE_KEY)
    more = sign("site-document", {**value, "motto": "hello"}, SITE_KEY)
    changes = [change for change in COMMON if change[0] != "unknown-member"]
    return [
        good("site", "a site document", "verify", value=value),
        good("site-local", "on another port", "verify", value=local),
        good("site-open", "unknown members are signed too, and ignored", "verify", value=more),
        *broken("verify", value, changes),
        bad(
            "site-member-added",
            "a member added after signing",
            "signature",
            "verify",
            value={**value, "motto": 1},
        ),
        bad("site-port", "no such port", "schema", "verify", value=put(value, "port", 65_536)),
        bad("site-ip", "not a host", "address", "verify", value=upper),
        bad("site-key", "another key", "signature", "verify", value=put(value, "key", ALICE.account)),
        *_rotations(),
    ]


def _rotations() -> list[Case]:
    """Whether a document is believed by somebody who knows the key `first`."""
    first, second, third = (SignKey.generate(SeededRandom(f"site/{n}")) for n in range(3))
    a, b, c = first.public, second.public, SITE_KEY.public
    home, other = ALICE.address, Address.make("other.example", 443)
    ab, bc = make_rotation(home, first, b, NOW), make_rotation(home, second, c, NOW + 1)
    ac, ca = make_rotation(home, first, c, NOW), make_rotation(home, SITE_KEY, a, NOW)
    forged = sign("site-rotation", {**ac, "sig": ""}, third)
    extra = sign("site-rotation", {**ac, "more": 1, "sig": ""}, first)

    def by(*steps: Any) -> dict[str, Any]:
        return make_site_document(home, SITE_KEY, ALICE.browser.dh.public, NOW, steps)

    def empty(value: Any) -> dict[str, Any]:
        return sign("site-document", {**by(), "rotations": value, "sig": ""}, SITE_KEY)

    cases = {
        "same": ("the key that was known", by(), c),
        "none": ("another key without a word", by(), a),
        "empty": ("no statements", empty([]), a),
        "one": ("the old key's word", by(ac), a),
        "two": ("from key to key", by(ab, bc), a),
        "middle": ("known by the key between", by(ab, bc), b),
        "last": ("known by the present one", by(ab, bc), c),
        "order": ("newest first", by(bc, ab), a),
        "short": ("the last step lacks", by(ab), a),
        "long": ("the first step lacks", by(bc), a),
        "back": ("there and back again: not the present key", by(ac, ca), a),
        "aside": ("a forged step that nobody needs", by(bc, forged), b),
    }
    wrong = {
        "forged": ("signed by another key", by(forged), "signature"),
        "elsewhere": ("of another site", by(make_rotation(other, first, c, NOW)), "refused"),
        "port": ("of another port", by(make_rotation(Address.make(home.ip, 444), first, c, NOW)), "refused"),
        "more": ("an unknown member", by(extra), "schema"),
        "kind": ("no list", empty("none"), "schema"),
        "many": ("nine", by(*[ac] * 9), "schema"),
        "added": ("added after signing", {**by(), "rotations": [ac]}, "signature"),
    }
    return [
        *(
            good(f"follows-{id}", why, "follows", value=value, known=known)
            for id, (why, value, known) in cases.items()
        ),
        *(
            bad(f"follows-{id}", why, error, "follows", value=value, known=a)
            for id, (why, value, error) in wrong.items()
        ),
    ]
