"""Site documents."""

from homevault.protocol.addresses import Address
from homevault.protocol.keys import sign
from homevault.protocol.sites import make_site_document
from tests.protocol.people import NOW
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
    ]
