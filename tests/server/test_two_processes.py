"""Two processes of one real site over Redis: what ends somebody's connection at one process is felt by the
sockets that the other holds.

Neither process looks for such sockets by itself here, so that what closes them is the word alone.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest

from deploy.local.processes import free_port
from tests import sites
from tests.server.clocked_site import SWEEPLESS, ClockedSite, Visitor
from tests.server.identities import Device
from tests.server.people import Person, until
from tests.server.redis_server import needs_redis, redis_server
from tests.server.sockets import DeviceSocket
from tests.server.test_accounts_sessions import ALLAUTH, ENDED, HOST, REVOKED
from tests.server.test_safety_blocks import answer_to, block, letter, present

pytestmark = needs_redis


@dataclass
class Two:
    """Requests go to one process, which is all that `ana` knows; sockets are opened at the `other`."""

    ana: Person
    other: int
    lists: int = 1
    rest: ExitStack = field(default_factory=ExitStack)

    def publish(self, **also: object) -> None:
        """Her devices as they are now."""
        self.lists += 1
        found = {"list": self.ana.identity.device_list(self.lists), **also}
        self.ana.ask("PUT", "/api/v1/keys/list", found)

    def open(self, browser: Person, device: Device) -> DeviceSocket:
        asked = DeviceSocket(self.ana.site, "ana", device, browser.cookies, self.other)
        return self.rest.enter_context(asked)

    def another(self) -> tuple[Person, Device, DeviceSocket]:
        """One more browser of hers, with a device and its socket."""
        browser, device = Person.logs_in(self.ana.site, "ana"), self.ana.identity.add("root")
        self.publish()
        return browser, device, self.open(browser, device)


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    with ExitStack() as stack:
        extra = {**SWEEPLESS, "REDIS_URL": stack.enter_context(redis_server())}
        folder = tmp_path_factory.mktemp("two") / "site"
        site = ClockedSite("first", HOST, free_port(HOST) or 0, folder, extra=extra)
        stack.callback(site.stop)
        sites.start(site)
        port = free_port(HOST) or 0
        other = ClockedSite(
            "other", HOST, site.port, folder, extra={**extra, "PORCHLIGHT_BIND_PORT": f"{port}"}
        )
        stack.callback(other.stop)
        other.start()
        until(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0)
        yield Two(Person.moves_in(site, "ana"), port)


@pytest.fixture
def two(processes: Two) -> Iterator[Two]:
    with processes.rest:
        yield processes


def end_one(ana: Person, other: Person) -> None:
    found = ana.ask("GET", "/api/v1/me/sessions")
    ana.ask(
        "DELETE", f"/api/v1/me/sessions/{next(one['id'] for one in found if not one['current'])}", None, 204
    )


def end_all_others(ana: Person, other: Person) -> None:
    ana.ask("DELETE", "/api/v1/me/sessions", None, 204)


def log_out(ana: Person, other: Person) -> None:
    other.ask("DELETE", f"{ALLAUTH}/session", None, 401)


@pytest.mark.parametrize("end", [end_one, end_all_others, log_out])
def test_a_login_that_ends_takes_its_socket_along(two: Two, end: Callable[[Person, Person], None]) -> None:
    stays = two.open(two.ana, two.ana.identity.browser)
    browser, _, goes = two.another()
    end(two.ana, browser)
    assert goes.close_code() == ENDED
    assert browser.raw("GET", "/api/v1/me").status_code == 401
    stays.ask_site("keys", {"address": two.ana.address.wire(), "claim": False})
    stays.wait_for("keys-result")


def test_a_revoked_device_is_cut_off(two: Two) -> None:
    browser, device, goes = two.another()
    two.ana.identity.devices.remove(device)
    two.publish(revocations=[two.ana.identity.revocation(device)])
    assert goes.close_code() in (ENDED, REVOKED)
    with pytest.raises(Exception, match=r"refused|4403"):
        two.open(browser, device)


def test_a_block_holds_at_the_other_process(two: Two) -> None:
    visitor = Visitor(two.ana.site)
    visitor.begin()
    guest = two.rest.enter_context(visitor.connect(two.other))
    assert answer_to(guest, letter(guest, two.ana.address)) == "unlisted_device"
    handle = until(lambda: [one["handle"] for one in present(two.ana) if one["handle"]])[0]
    begun = block(two.ana, handle, None)
    assert guest.wait_for("block-state").data["until"] == begun["until"]
    assert answer_to(guest, letter(guest, two.ana.address)) == "blocked"
    two.ana.ask("DELETE", f"/api/v1/moderation/blocks/{begun['id']}", status=204)
    assert guest.wait_for("block-state").data["until"] is None
    assert answer_to(guest, letter(guest, two.ana.address)) == "unlisted_device"
