"""Blocks through the doors that people use: the API and the websocket of a real site, on a moved clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from deploy.local.processes import free_port
from homevault.protocol.addresses import Address
from homevault.protocol.envelope import Envelope
from tests import sites
from tests.server.clocked_site import ClockedSite, Visitor
from tests.server.identities import Identity
from tests.server.people import Person, until
from tests.server.sockets import DeviceSocket

HOUR = 3_600_000
MINUTE = 60_000


@pytest.fixture(scope="module")
def ana(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """The owner of a site with a clock that the test moves."""
    folder = tmp_path_factory.mktemp("safety") / "site"
    site = ClockedSite("safety", "localhost", free_port("localhost") or 0, folder)
    sites.start(site)
    yield Person.moves_in(site, "ana")
    site.stop()


def site_of(person: Person) -> ClockedSite:
    assert isinstance(person.site, ClockedSite)
    return person.site


def present(ana: Person) -> list[dict[str, Any]]:
    return list(ana.ask("GET", "/api/v1/moderation")["present"])


@contextmanager
def connected(ana: Person, visitor: Visitor | None = None) -> Iterator[tuple[DeviceSocket, str]]:
    """The socket of a (new) visitor, and the handle by which moderators know it."""
    if visitor is None:
        visitor = Visitor(ana.site)
        visitor.begin()
    before = {one["handle"] for one in present(ana)}
    with visitor.connect() as socket:
        new = until(lambda: [one for one in present(ana) if one["handle"] not in before])
        yield socket, str(new[0]["handle"])


def block(ana: Person, handle: str, hours: int | None, status: int = 201) -> Any:
    body = {"handle": handle, "hours": hours, "reason": "Please calm down."}
    return ana.ask("POST", "/api/v1/moderation/blocks", body, status)


def letter(socket: DeviceSocket, to: Address) -> Envelope:
    """A request to somebody, with nothing in it."""
    some = Identity().browser.dh.public
    box = {"suite": "SE1", "dh": some, "ephemeral": some, "prekey": some, "one_time": None, "box": "AAAA"}
    fields = {"suite": "SE1", "body": "AAAA", "wraps": {Identity().browser.id: box}}
    return socket.send(to, "request", fields)


def answer_to(socket: DeviceSocket, sent: Envelope) -> str:
    found = socket.wait_for("error", "accepted", ref=sent.id)
    return str(found.data.get("code", "accepted"))


def test_an_emergency_block_is_told_holds_and_ends_by_itself(ana: Person) -> None:
    with connected(ana) as (bystander, _), connected(ana) as (socket, handle):
        assert answer_to(socket, letter(socket, ana.address)) == "unlisted_device"
        begun = block(ana, handle, None)
        assert begun["until"] - begun["made"] == 30 * MINUTE
        told = socket.wait_for("block-state")
        assert told.data["until"] == begun["until"]
        assert told.data["reason"] == "Please calm down."
        assert answer_to(socket, letter(socket, ana.address)) == "blocked"
        assert answer_to(bystander, letter(bystander, ana.address)) == "unlisted_device"

        site_of(ana).move_clock(31 * MINUTE)
        assert socket.wait_for("block-state").data["until"] is None
        assert answer_to(socket, letter(socket, ana.address)) == "unlisted_device"


@pytest.mark.parametrize("hours", [0, 25, -1, 1.5, "x"])
def test_a_block_lasts_one_to_twenty_four_hours(ana: Person, hours: Any) -> None:
    assert block(ana, "A" * 22, hours, 400)["code"] == "schema"


@pytest.mark.parametrize("hours", [1, 24])
def test_a_chosen_block_ends_after_its_hours(ana: Person, hours: int) -> None:
    with connected(ana) as (socket, handle):
        block(ana, handle, hours)
        assert socket.wait_for("block-state").data["until"]
        site_of(ana).move_clock(hours * HOUR - MINUTE)
        assert answer_to(socket, letter(socket, ana.address)) == "blocked"
        site_of(ana).move_clock(MINUTE)
        assert socket.wait_for("block-state").data["until"] is None


def test_a_block_survives_reconnecting_and_clearing_cookies(ana: Person) -> None:
    visitor = Visitor(ana.site)
    visitor.begin()
    with connected(ana, visitor) as (_, handle):
        begun = block(ana, handle, 24)
    with visitor.connect() as socket:
        assert socket.wait_for("block-state").data["until"] == begun["until"]
    anew = Visitor(ana.site)
    anew.begin()
    with anew.connect() as socket:
        assert socket.wait_for("block-state").data["until"] == begun["until"]
        assert answer_to(socket, letter(socket, ana.address)) == "blocked"
        ana.ask("DELETE", f"/api/v1/moderation/blocks/{begun['id']}", status=204)
        assert socket.wait_for("block-state").data["until"] is None
        assert answer_to(socket, letter(socket, ana.address)) == "unlisted_device"


def test_a_notice_reaches_one_device_or_its_audience(ana: Person) -> None:
    with connected(ana) as (one, _), connected(ana) as (two, handle):
        body = {"handle": handle, "text": "Only for you."}
        assert ana.ask("POST", "/api/v1/moderation/notices", body, 201) == {"devices": 1}
        body = {"audience": "visitors", "text": "For all visitors."}
        assert ana.ask("POST", "/api/v1/moderation/notices", body, 201)["devices"] >= 2
        assert two.wait_for("notice").data["text"] == "Only for you."
        assert one.wait_for("notice").data["text"] == "For all visitors."
    gone = {"handle": "A" * 22, "text": "Too late."}
    assert ana.ask("POST", "/api/v1/moderation/notices", gone, 404)["code"] == "not_online"


def test_moderators_see_labels_and_no_keys(ana: Person) -> None:
    visitor = Visitor(ana.site)
    visitor.begin()
    with visitor.connect(), DeviceSocket(ana.site, "ana", ana.identity.browser, ana.cookies):
        found = until(lambda: [one for one in present(ana) if one["own"]])
        assert found[0]["username"] == "ana"
        text = str(present(ana)) + str(ana.ask("GET", "/api/v1/moderation/log"))
        assert visitor.device.id not in text
        assert visitor.identity.account.public not in text
        assert ana.identity.browser.id not in text


def test_the_log_tells_who_did_what(ana: Person) -> None:
    entries = ana.ask("GET", "/api/v1/moderation/log")["entries"]
    deeds = {entry["deed"] for entry in entries}
    assert {"block", "unblock", "notice"} <= deeds
    assert [entry["id"] for entry in entries] == sorted((entry["id"] for entry in entries), reverse=True)


def test_a_visitor_is_its_key_and_its_cookie(ana: Person) -> None:
    visitor = Visitor(ana.site)
    visitor.begin()
    again = visitor.browser.ask("GET", "/api/v1/visitor")
    assert again["visitor"]["username"] == visitor.username == f"~{visitor.identity.account.public}"
    thief = Visitor(ana.site)
    thief.begin()
    thief.username, thief.identity = visitor.username, visitor.identity
    with pytest.raises(Exception, match="refused"):
        thief.connect().__enter__()
    cleared = Person(ana.site, "")
    assert cleared.ask("GET", "/api/v1/visitor")["visitor"] is None


MakeWish = Callable[[Visitor], dict[str, Any]]


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (lambda visitor: visitor.certificate("root"), "certificate_device"),
        (lambda visitor: {**visitor.certificate(), "device": Identity().browser.id}, "signature"),
        (lambda visitor: {}, "schema"),
    ],
)
def test_a_visitor_signs_for_itself_and_for_a_visitor_only(ana: Person, wish: MakeWish, code: str) -> None:
    visitor = Visitor(ana.site)
    visitor.browser.ask("GET", "/api/v1/visitor")
    answer = visitor.browser.ask("POST", "/api/v1/visitor", {"certificate": wish(visitor)}, 400)
    assert answer["code"] == code
