"""The body of every kind of event: as it should be, as large as it may be, and with one thing wrong."""

from typing import Any

from homevault.protocol.encoding import b64encode
from homevault.protocol.revocations import make_revocation
from tests.protocol.people import NOW
from tests.vectors.cases.case import MISSING, Case, bad, good, put
from tests.vectors.cases.cast import ALICE, BOB, EVE, random_id
from tests.vectors.cases.told import Told, ids, joined

SOME, OTHER = ids(2)
CALL = random_id("call")
HOST = f"{ALICE.account}/{ALICE.browser.id}"
_TARGET = {"account": BOB.account, "device": None}
_ENDED = {**_TARGET, "quorum": 1, "senior": SOME, "votes": []}
_FILE = {
    "tid": random_id("tid"),
    "display_name": "na\u00efve.png",
    "total_size": 0,
    "sha3sum": SOME,
    "media": "image/png",
}
_CALL = {"call": CALL, "outcome": "missed", "duration": None, "uri": None}
_PROFILE: dict[str, Any] = {"title": "Tea", "description": None, "avatar": None, "hosts": [HOST]}
_REVOKED = make_revocation(BOB.key, BOB.account, BOB.vault.id, NOW)
_BY_VAULT = make_revocation(BOB.vault.key, BOB.account, BOB.browser.id, NOW, BOB.vault.wire)
_LINK = {"certificate": EVE.browser.wire, "invite": SOME, "proof": b64encode(bytes(64))}

# By id: the type and its body.
BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "add": ("member", {"action": "add", "account": BOB.account, "invite": None}),
    "add-link": ("member", {"action": "add", "account": None, "invite": SOME}),
    "leave": ("member", {"action": "leave"}),
    "grant": ("member", {"action": "grant", "account": BOB.account}),
    "resign": ("member", {"action": "resign"}),
    "ban": ("member", {"action": "ban", **_ENDED}),
    "unban": ("member", {"action": "unban", **_ENDED}),
    "vote": ("vote", {"action": "ban", **_TARGET, "last": None}),
    "revocation": ("device", {"revocation": _REVOKED}),
    "revocation-by-vault": ("device", {"revocation": _BY_VAULT}),
    "update-profile": ("update-profile", _PROFILE),
    "edit": ("edit", {"target": SOME, "text": "better"}),
    "delete": ("delete", {"target": SOME}),
    "reaction": ("reaction", {"target": SOME, "emoji": "\U0001f44d"}),
    "data-transfer": ("data-transfer", _FILE),
    "call-history": ("call-history", _CALL),
}
# By id: which body, the members that are other, and why.
FINE: dict[str, tuple[str, dict[str, Any], str]] = {
    "ban-device": ("ban", {"device": BOB.vault.id, "votes": ids(255)}, "of a device, with 255 votes"),
    "unvote": ("vote", {"action": "unban", "last": SOME}, "to unban"),
    "profile-none": ("update-profile", {"title": None, "hosts": []}, "says nothing"),
    "profile-most": (
        "update-profile",
        {
            "title": "\U0001f3e1" * 128,
            "description": "x" * 1_024,
            "avatar": SOME,
            "hosts": [f"{SOME}/{each}" for each in ids(8)],
        },
        "says all there may be",
    ),
    "emoji-longest": ("reaction", {"emoji": "x" * 64}, "64 bytes"),
    "emoji-shortest": ("reaction", {"emoji": "x"}, "one byte"),
    "name-shortest": ("data-transfer", {"display_name": "x"}, "one byte"),
    "edit-longest": ("edit", {"text": "x" * 16_384}, "16,384 bytes"),
    "name-longest": ("data-transfer", {"display_name": "\u00e9" * 127 + "x"}, "255 bytes"),
    "name-path": ("data-transfer", {"display_name": "../x"}, "a name is shown, not used"),
    "size-most": ("data-transfer", {"total_size": 2**53 - 1}, "the greatest number"),
    "media-longest": ("data-transfer", {"media": "a!#$&^_.+-" + "b" * 53 + "/" + "1" * 63}, "63 each"),
    "call-ended": ("call-history", {"outcome": "ended", "duration": 0}, "an end has a duration"),
    "call-declined": ("call-history", {"outcome": "declined"}, "neither"),
}
# By id: which body, the members that are other, the error and why.
WRONG: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "add-both": ("add", {"invite": SOME}, "schema", "an account and a link"),
    "add-neither": ("add", {"account": None}, "schema", "nobody"),
    "add-uri": ("add", {"account": "jami:abc"}, "encoding", "not an account"),
    "ban-quorum": ("ban", {"quorum": 0}, "schema", "no quorum"),
    "ban-votes": ("ban", {"votes": [OTHER, SOME]}, "schema", "votes out of order"),
    "ban-vote-twice": ("ban", {"votes": [SOME, SOME]}, "schema", "a vote twice"),
    "ban-votes-many": ("ban", {"votes": ids(256)}, "schema", "256 votes"),
    "ban-nobody": ("ban", {"account": None}, "schema", "nobody"),
    "vote-action": ("vote", {"action": "mute"}, "schema", "no such vote"),
    "vote-last": ("vote", {"last": "AAAA"}, "encoding", "not an id"),
    "profile-title": ("update-profile", {"title": "x" * 129}, "schema", "129 characters"),
    "profile-description": ("update-profile", {"description": "x" * 1_025}, "schema", "1,025 characters"),
    "profile-avatar": ("update-profile", {"avatar": "AAAA"}, "encoding", "not a sum"),
    "profile-hosts": ("update-profile", {"hosts": [HOST] * 2}, "schema", "a host twice"),
    "profile-hosts-many": (
        "update-profile",
        {"hosts": [f"{SOME}/{each}" for each in ids(9)]},
        "schema",
        "nine hosts",
    ),
    "profile-host": ("update-profile", {"hosts": [ALICE.account]}, "schema", "a host without a device"),
    "edit-empty": ("edit", {"text": ""}, "schema", "no text"),
    "edit-long": ("edit", {"text": "x" * 16_385}, "schema", "16,385 bytes"),
    "emoji-none": ("reaction", {"emoji": ""}, "schema", "no emoji"),
    "emoji-long": ("reaction", {"emoji": "x" * 65}, "schema", "65 bytes"),
    "tid-short": ("data-transfer", {"tid": "AAAA"}, "encoding", "four characters"),
    "name-none": ("data-transfer", {"display_name": ""}, "schema", "no name"),
    "name-long": ("data-transfer", {"display_name": "\u00e9" * 128}, "schema", "256 bytes"),
    "size-negative": ("data-transfer", {"total_size": -1}, "schema", "less than nothing"),
    "sum-short": ("data-transfer", {"sha3sum": "AAAA"}, "encoding", "not a sum"),
    "media-plain": ("data-transfer", {"media": "image"}, "schema", "no subtype"),
    "media-upper": ("data-transfer", {"media": "image/PNG"}, "schema", "capital letters"),
    "media-long": ("data-transfer", {"media": "image/" + "x" * 64}, "schema", "64 characters"),
    "media-parameter": ("data-transfer", {"media": "text/plain; charset=utf-8"}, "schema", "a parameter"),
    "call-unended": ("call-history", {"outcome": "ended"}, "schema", "an end without duration"),
    "call-missed-long": ("call-history", {"duration": 1}, "schema", "a duration without an end"),
    "call-unstarted": ("call-history", {"outcome": "started"}, "schema", "a start without URI"),
    "call-missed-uri": ("call-history", {"uri": "x"}, "schema", "a URI without a start"),
    "call-outcome": ("call-history", {"outcome": "busy"}, "schema", "no such outcome"),
    "revocation-both": ("revocation", {"certificate": BOB.vault.wire}, "schema", "a certificate too"),
    "revocation-role": (
        "revocation-by-vault",
        {"revocation": put(_BY_VAULT, "vault", BOB.browser.wire)},
        "certificate_device",
        "a browser revokes nothing",
    ),
    "revocation-account": (
        "revocation-by-vault",
        {"revocation": put(_BY_VAULT, "vault", ALICE.vault.wire)},
        "certificate_account",
        "another account's vault",
    ),
    "revocation-forged": (
        "revocation",
        {"revocation": put(_REVOKED, "device", BOB.browser.id)},
        "signature",
        "another device",
    ),
}


def bodies() -> list[Case]:
    told = joined()
    links = {**BODIES, "link": ("member", {"action": "join", **_LINK})}

    def drafted(id: str, **members: Any) -> Any:
        type, body = links[id]
        return told.draft(ALICE.browser, ALICE.account, type, body={**body, **members})

    def holed(id: str, member: str) -> Any:
        type, body = links[id]
        return told.draft(ALICE.browser, ALICE.account, type, body=put(body, member, MISSING))

    return [
        *(good(f"read-{id}", "an event", "read", value=drafted(id)) for id in BODIES),
        *(
            good(f"read-{id}", why, "read", value=drafted(like, **members))
            for id, (like, members, why) in FINE.items()
        ),
        *(
            bad(f"body-{id}", why, error, "read", value=drafted(like, **members))
            for id, (like, members, error, why) in WRONG.items()
        ),
        *(
            bad(f"body-{id}-extra", "an unknown member", "schema", "read", value=drafted(id, badfile=""))
            for id in links
        ),
        *(
            bad(f"body-{id}-no-{member}", "a member is missing", "schema", "read", value=holed(id, member))
            for id, (_, body) in links.items()
            for member in body
            if (id, member) != ("link", "invite") and len(body) > 1 and "revocation" not in body
        ),
        *_calls(told),
    ]


def _calls(told: Told) -> list[Case]:
    def started(uri: str) -> Any:
        body = {**_CALL, "outcome": "started", "uri": uri}
        return told.draft(ALICE.browser, ALICE.account, "call-history", body=body)

    swarm = told.replica.swarm
    wrong = {
        "device": f"{ALICE.account}/{ALICE.vault.id}/{swarm}/{CALL}",
        "swarm": f"{HOST}/{SOME}/{CALL}",
        "call": f"{HOST}/{swarm}/{random_id('other')}",
        "short": f"{HOST}/{swarm}",
    }
    return [
        good("read-call-started", "an event", "read", value=started(f"{HOST}/{swarm}/{CALL}")),
        *(
            bad(f"body-call-uri-{id}", "a URI of another call", "schema", "read", value=started(uri))
            for id, uri in wrong.items()
        ),
    ]
