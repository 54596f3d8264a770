"""Letters, requests, acks."""

from typing import Any

from homevault.protocol.canonical import canonical, parse
from homevault.protocol.encoding import b64encode
from homevault.protocol.letters import (
    make_ack,
    make_ack_letter,
    make_announce,
    make_contacts,
    make_declined,
    make_displayed,
    make_events,
    make_missing,
    make_posts,
    make_preferences,
    make_presence,
    make_removed,
    make_request,
    make_typing,
    make_wanted,
    make_whereabouts,
    make_withdrawn,
)
from homevault.protocol.posts import PostDraft, make_post
from homevault.protocol.swarm.events import make_event
from tests.protocol.people import NOW
from tests.vectors.cases.case import Case, bad, good, put
from tests.vectors.cases.cast import ALICE, BOB
from tests.vectors.cases.statement import COMMON, broken
from tests.vectors.cases.told import Signed, id_of, ids, joined

PICTURE = b64encode(b"\x89PNG" + bytes(1_020))
SOME_ID = b64encode(b"\x07" * 32)


def letter() -> list[Case]:
    told = joined()
    initial, join = told.events
    swarm = id_of(initial)
    browser, certificate = ALICE.browser, ALICE.browser.wire
    ack = make_ack(browser.key, ALICE.account, swarm, [id_of(join)], NOW)
    letters = {
        "request": make_request(initial, swarm, "Alice"),
        "request-titled": make_request(initial, swarm, "Alice", "Tea?", "On Sunday \u2615"),
        "events": make_events(swarm, told.events),
        "missing": make_missing(swarm, [swarm]),
        "ack": make_ack_letter(ack),
        "ack-most": make_ack_letter(make_ack(browser.key, ALICE.account, swarm, ids(64), NOW)),
        "request-pictured": make_request(initial, swarm, "Alice", avatar=PICTURE, invite=SOME_ID),
        "declined": make_declined(swarm),
        "declined-invite": make_declined(swarm, SOME_ID),
        "withdrawn": make_withdrawn(swarm),
        "withdrawn-invite": make_withdrawn(swarm, SOME_ID),
        "contacts": make_contacts(_contacts()),
        "contacts-most": make_contacts({**_contacts()[0], "account": each} for each in ids(100)),
        "largest": _sized(swarm, 40_960),
        "announce": make_announce(swarm, id_of(join), browser.id),
        "wanted": make_wanted(swarm),
        "removed": make_removed(swarm, erased=False),
        "erased": make_removed(swarm, erased=True),
        "displayed": make_displayed(swarm, id_of(join)),
        "preferences": make_preferences(swarm, _entries()),
        "preferences-first": make_preferences(swarm, [{**_entries()[0], "number": 1}]),
        "post": make_posts(*_said(10_000))[0],
        "post-last": make_posts(*_said(30_000))[-1],
        "whereabouts": make_whereabouts(swarm, BOB.account, BOB.address, "Bob"),
        "typing": make_typing(swarm, True),
        "presence": make_presence(here=True, answer=False),
        "odd-event": canonical({"kind": "events", "swarm": swarm, "events": [{"odd": 1}]}),
    }
    of_bob = make_event(
        BOB.browser.key, swarm=swarm, parents=[swarm], depth=1, author=BOB.account, seq=0, prev=None,
        type="merge", body={}, now=NOW,
    )  # fmt: skip
    request = {
        "kind": "request",
        "swarm": swarm,
        "initial": initial,
        "name": "",
        "title": None,
        "description": None,
        "avatar": None,
        "invite": None,
    }
    wrong = {
        "kind": ({"kind": "poem", "swarm": swarm}, "unknown_type", "no such kind"),
        "kind-longest": ({"kind": "p" * 64, "swarm": swarm}, "unknown_type", "a kind of 64 characters"),
        "kind-long": ({"kind": "p" * 65, "swarm": swarm}, "schema", "one of 65 characters"),
        "no-kind": ({"swarm": swarm}, "schema", "no kind"),
        "kind-kind": ({"kind": 1, "swarm": swarm}, "schema", "a kind is text"),
        "no-events": ({"kind": "events", "swarm": swarm, "events": []}, "schema", "no events"),
        "many-events": ({"kind": "events", "swarm": swarm, "events": [{}] * 65}, "schema", "65 events"),
        "many-missing": ({"kind": "missing", "swarm": swarm, "events": [swarm] * 101}, "schema", "101 ids"),
        "missing-short": ({"kind": "missing", "swarm": swarm, "events": ["AAAA"]}, "encoding", "not an id"),
        "name-long": ({**request, "name": "x" * 65}, "schema", "65 characters"),
        "title-long": ({**request, "title": "x" * 129}, "schema", "129 characters"),
        "description-long": ({**request, "description": "x" * 1_025}, "schema", "1,025 characters"),
        "avatar-long": ({**request, "avatar": "A" * 1_368}, "schema", "1,026 bytes"),
        "avatar-empty": ({**request, "avatar": ""}, "schema", "no bytes"),
        "avatar-odd": ({**request, "avatar": "a+b/"}, "encoding", "another alphabet"),
        "avatar-over": ({**request, "avatar": "A" * 1_367}, "schema", "1,025 bytes"),
        "invite-short": ({**request, "invite": "AAAA"}, "encoding", "not an id"),
        "declined-uninvited": ({"kind": "declined", "swarm": swarm}, "schema", "no invite"),
        "withdrawn-uninvited": ({"kind": "withdrawn", "swarm": swarm}, "schema", "no invite"),
        "withdrawn-short": ({"kind": "withdrawn", "swarm": swarm, "invite": "AAAA"}, "encoding", "not an id"),
        "whereabouts-site": (
            {
                "kind": "whereabouts",
                "swarm": swarm,
                "account": BOB.account,
                "address": BOB.address.site_address.wire(),
                "name": "",
            },
            "schema",
            "a site, no account",
        ),
        "extra": ({**request, "more": 1}, "schema", "an unknown member"),
        **_beside(swarm),
        "ack-many": ({"kind": "ack", "ack": {**ack, "heads": ids(65)}}, "schema", "65 heads"),
        "ack-form": ({"kind": "ack", "ack": {**ack, "heads": []}}, "schema", "no heads"),
        "large": (parse(_sized(swarm, 40_961), 40_961), "json_too_large", "40,961 bytes"),
    }
    two = sorted([id_of(join), swarm], reverse=True)
    astral = canonical({**request, "name": "\U0001f3e1" * 64, "title": "\U0001f3e1" * 128})
    posts = {"short": 0, "whole": 24_000 - len(_signed(0)), "more": 24_001 - len(_signed(0)), "long": 50_000}
    return [
        *(
            good(f"posts-{id}", "the letters of a post", "posts", post=said[0], certificate=said[1])
            for id, said in ((id, _said(size)) for id, size in posts.items())
        ),
        *(good(f"read-{id}", "a letter", "read", text=data.decode()) for id, data in letters.items()),
        good("read-astral", "characters are code points", "read", text=astral.decode()),
        *(
            bad(f"read-{id}", why, error, "read", text=canonical(value).decode())
            for id, (value, error, why) in wrong.items()
        ),
        bad("read-space", "not canonical", "json_not_canonical", "read", text='{"kind": "x"}'),
        good("request", "its initial event", "request", text=letters["request"].decode()),
        *_requests(request, of_bob),
        good("ack", "an ack", "ack", value=ack, certificate=certificate),
        *broken("ack", ack, COMMON, certificate=certificate),
        bad(
            "ack-order",
            "heads unsorted",
            "schema",
            "ack",
            value={**ack, "heads": two},
            certificate=certificate,
        ),
        bad(
            "ack-twice",
            "a head twice",
            "schema",
            "ack",
            value={**ack, "heads": two[:1] * 2},
            certificate=certificate,
        ),
        bad(
            "ack-device",
            "another device",
            "certificate_device",
            "ack",
            value=ack,
            certificate=ALICE.vault.wire,
        ),
        bad(
            "ack-account",
            "another account",
            "certificate_account",
            "ack",
            value=ack,
            certificate=BOB.browser.wire,
        ),
        bad(
            "ack-changed",
            "another head",
            "signature",
            "ack",
            value={**ack, "heads": [swarm]},
            certificate=certificate,
        ),
    ]


def _said(size: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A post of so many bytes, and its device's certificate."""
    draft = PostDraft("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9", 1, "", "x" * size, [], NOW)
    return make_post(ALICE.account, ALICE.browser.key, draft, NOW), ALICE.browser.wire


def _signed(size: int) -> bytes:
    post, certificate = _said(size)
    return canonical({"certificate": certificate, "post": post})


def _sized(swarm: str, size: int) -> bytes:
    """A letter of exactly this many bytes."""
    empty = canonical({"kind": "events", "swarm": swarm, "events": [{"x": ""}]})
    return canonical({"kind": "events", "swarm": swarm, "events": [{"x": "y" * (size - len(empty))}]})


def _entries() -> list[dict[str, Any]]:
    written = {
        "auto_download": 1_000_000,
        "color": "#a0B1c2",
        "ignore_notifications": True,
        "symbol": "\u2615",
    }
    return [
        {"name": name, "value": value, "number": 3, "device": ALICE.browser.id}
        for name, value in written.items()
    ]


def _contacts() -> list[dict[str, Any]]:
    standings = zip(sorted((ALICE.account, BOB.account)), ("added", "blocked"), strict=True)
    return [
        {"account": account, "standing": standing, "number": number, "device": ALICE.browser.id}
        for number, (account, standing) in enumerate(standings, 1)
    ]


def _beside(swarm: str) -> dict[str, tuple[dict[str, Any], str, str]]:
    """Wrong letters about what is no event."""
    base = {"kind": "preferences", "swarm": swarm}
    download, color, ignored, symbol = _entries()
    wrong = {
        "none": ([], "no entries"),
        "order": ([symbol, color], "unsorted"),
        "twice": ([color, color], "a name twice"),
        "name": ([{**color, "name": "font"}], "an unknown name"),
        "number": ([{**color, "number": 0}], "numbers begin at 1"),
        "color": ([{**color, "value": "#12345"}], "five digits"),
        "color-word": ([{**color, "value": "red"}], "a word"),
        "ignored": ([{**ignored, "value": "yes"}], "a text"),
        "symbol": ([{**symbol, "value": "x" * 65}], "65 bytes"),
        "symbol-empty": ([{**symbol, "value": ""}], "no bytes"),
        "download": ([{**download, "value": -1}], "less than none"),
    }
    one, two = _contacts()
    contacts = {
        "none": ([], "no entries"),
        "order": ([two, one], "unsorted"),
        "twice": ([one, one], "an account twice"),
        "standing": ([{**one, "standing": "loved"}], "an unknown standing"),
        "many": ([{**one, "account": each} for each in ids(101)], "101 entries"),
    }
    (post,) = (parse(each, 40_960) for each in make_posts(*_said(100)))
    parts = {
        "part-zero": ({"part": 0}, "schema", "parts begin at 1"),
        "part-beyond": ({"part": 2}, "schema", "the second of one"),
        "parts-many": ({"parts": 13}, "schema", "13 parts"),
        "data-empty": ({"data": ""}, "schema", "no bytes"),
        "data-long": ({"data": "A" * 32_004}, "schema", "24,003 bytes"),
        "data-odd": ({"data": "a+b/"}, "encoding", "another alphabet"),
        "id-short": ({"id": "AAAA"}, "encoding", "not an id"),
        "swarm": ({"swarm": swarm}, "schema", "it is about none"),
    }
    return {
        **{f"post-{id}": ({**post, **change}, error, why) for id, (change, error, why) in parts.items()},
        **{
            f"contacts-{id}": ({"kind": "contacts", "entries": entries}, "schema", why)
            for id, (entries, why) in contacts.items()
        },
        "announce-bare": ({"kind": "announce", "swarm": swarm, "event": swarm}, "schema", "no device"),
        "removed-more": ({"kind": "removed", "swarm": swarm, "why": ""}, "schema", "an unknown member"),
        "displayed-none": ({"kind": "displayed", "swarm": swarm, "event": None}, "schema", "no event"),
        "presence-silent": ({"kind": "presence", "here": True}, "schema", "no answer"),
        "presence-word": ({"kind": "presence", "here": 1, "answer": False}, "schema", "a number"),
        "presence-swarm": (
            {"kind": "presence", "swarm": swarm, "here": True, "answer": True},
            "schema",
            "about no swarm",
        ),
        "typing-word": ({"kind": "typing", "swarm": swarm, "typing": "yes"}, "schema", "a text"),
        **{
            f"preferences-{id}": ({**base, "entries": entries}, "schema", why)
            for id, (entries, why) in wrong.items()
        },
    }


def _requests(request: dict[str, Any], other: Signed) -> list[Case]:
    wrong = {
        "other-swarm": ({**request, "swarm": SOME_ID}, "event_id", "the initial event of another swarm"),
        "not-initial": ({**request, "initial": other}, "event_id", "another event"),
        "forged": (put(request, "initial.event.time", 1), "signature", "a changed event"),
        "odd": ({**request, "initial": {}}, "schema", "no event"),
    }
    return [
        bad(f"request-{id}", why, error, "request", text=canonical(value).decode())
        for id, (value, error, why) in wrong.items()
    ]
