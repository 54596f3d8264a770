"""Two real sites: people are found, their keys are fetched and claimed, over sockets and signed requests."""

from __future__ import annotations

import json
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.local.processes import Child, Site, free_port
from homevault.protocol.addresses import Address
from homevault.protocol.prekeys import verify_keys_document
from tests import sites
from tests.server.identities import Identity
from tests.server.sockets import DeviceSocket
from tests.server.test_accounts_process import Browser


@dataclass
class Home:
    """Somebody with a site of their own, enrolled, with prekeys published."""

    site: Site
    username: str
    browser: Browser
    identity: Identity

    @property
    def address(self) -> Address:
        return Address(self.site.host, self.site.port, self.username)

    @property
    def cookies(self) -> dict[str, str]:
        return {cookie.name: str(cookie.value) for cookie in self.browser.jar}

    def socket(self) -> DeviceSocket:
        return DeviceSocket(self.site, self.username, self.identity.browser, self.cookies)


def settle(site: Site, username: str) -> Home:
    browser, identity = Browser(site), Identity()
    browser.first_run(username)
    home = Home(site, username, browser, identity)
    body = {"list": identity.device_list(), "proof": identity.possession(home.address)}
    assert browser.ask("PUT", "/api/v1/keys/list", body)[0] == 200
    return home


@pytest.fixture
def homes(two_sites: list[Site]) -> tuple[Home, Home]:
    first, second = two_sites
    return settle(first, "alice"), settle(second, "bob")


def test_people_of_another_site_are_found_with_profile_and_account(homes: tuple[Home, Home]) -> None:
    alice, bob = homes
    alice.browser.ask(
        "PATCH", "/api/v1/me/profile", {"name": "Alice Ng", "position": "Baker", "location": "Oslo"}
    )
    for text in (str(alice.address), f"{alice.site.origin}/@alice", str(alice.address).upper()):
        status, found, _ = bob.browser.ask("GET", f"/api/v1/people/lookup?address={text}")
        assert status == 200, found
        assert found["address"] == alice.address.wire()
        assert found["account"] == alice.identity.account.public
        assert (found["name"], found["position"], found["location"]) == ("Alice Ng", "Baker", "Oslo")
        assert (found["local"], found["following"], found["posts"]) == (False, False, [])
    here = alice.browser.ask("GET", f"/api/v1/people/lookup?address={alice.address}")[1]
    assert here == {**found, "local": True}


def test_lookups_that_fail_say_why(two_sites: list[Site]) -> None:
    own, other = two_sites
    bob = Browser(own)
    bob.first_run("bob")
    wrong = {
        f"@nobody@{other.host}:{other.port}": (404, "not_found"),
        f"@nobody@{own.host}:{own.port}": (404, "not_found"),
        "@alice@127.0.0.1:1": (502, "unreachable"),
        "@alice@10.0.0.1": (502, "unreachable"),
        "@alice@nowhere.invalid": (502, "unreachable"),
        "not%20an%20address": (400, "address"),
        f"http://{other.host}/": (400, "address"),
        "": (400, "address"),
    }
    for text, expected in wrong.items():
        status, found, _ = bob.ask("GET", f"/api/v1/people/lookup?address={text}")
        assert (status, found["code"]) == expected, text
        assert found["message"]


def test_keys_of_another_site_come_over_the_socket_with_a_claimed_prekey(homes: tuple[Home, Home]) -> None:
    alice, bob = homes
    device = alice.identity.browser
    with alice.socket() as hers:
        batch = device.one_time(3)
        asked = hers.ask_site("prekeys", {"signed": device.signed_prekey(), "one_time": batch})
        hers.wait_for("accepted", ref=asked.id)

    with bob.socket() as his:
        taken = []
        for _ in range(4):
            asked = his.ask_site("keys", {"address": alice.address.wire(), "claim": True})
            answer = his.wait_for("keys-result", ref=asked.id)
            assert answer.from_device == his.server_key
            found = verify_keys_document(answer.data["keys"], alice.identity.account.public)
            assert list(found.prekeys) == [device.id]
            taken.append(answer.data["one_time"][device.id])
        assert taken == [*batch["keys"], None]

        asked = his.ask_site(
            "keys", {"address": {**alice.address.wire(), "username": "nobody"}, "claim": True}
        )
        assert his.wait_for("keys-result", ref=asked.id).data["keys"] is None
        asked = his.ask_site(
            "keys", {"address": {"ip": "127.0.0.1", "port": 1, "username": "x"}, "claim": False}
        )
        assert his.wait_for("error", "keys-result", ref=asked.id).data["code"] == "unreachable"

    left = alice.browser.ask("GET", "/api/v1/keys")[1]["prekeys_left"]
    assert left == {device.id: 0}


def test_a_device_that_leaves_the_list_is_cut_off(homes: tuple[Home, Home]) -> None:
    alice, _ = homes
    vault = alice.identity.add("vault")
    alice.browser.ask("PUT", "/api/v1/keys/list", {"list": alice.identity.device_list(2)})
    with DeviceSocket(alice.site, "alice", vault) as socket:
        [shown] = alice.browser.ask("GET", "/api/v1/vaults")[1]
        assert (shown["device"], shown["online"]) == (vault.id, True)
        alice.identity.devices.remove(vault)
        alice.browser.ask("PUT", "/api/v1/keys/list", {"list": alice.identity.device_list(3)})
        assert socket.close_code() == 4403
    assert alice.browser.ask("GET", "/api/v1/vaults")[1] == []


def test_the_site_serves_what_it_says_of_itself(two_sites: list[Site]) -> None:
    site = two_sites[0]
    with urllib.request.urlopen(f"{site.origin}/.well-known/porchlight", timeout=10) as answer:
        document = json.load(answer)
    assert document["key"] == Browser(site).ask("GET", "/api/v1/site")[1]["key"]


def test_daphne_serves_it_too(tmp_path: Path) -> None:
    """The development server has no ASGI lifespan, no bulk websocket writes and no uvloop."""
    port = free_port("localhost")
    assert port
    site = Site("daphne", "localhost", port, tmp_path / "daphne")
    sites.prepare(site)
    command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    site.child = Child("daphne", command, site.folder / "log" / "site.log", site.environment)
    site.child.start()
    try:
        site.wait_ready()
        home = settle(site, "alice")
        device = home.identity.browser
        with home.socket() as socket:
            asked = socket.ask_site("prekeys", {"signed": device.signed_prekey(), "one_time": None})
            socket.wait_for("accepted", ref=asked.id)
            asked = socket.ask_site("keys", {"address": home.address.wire(), "claim": False})
            assert socket.wait_for("keys-result", ref=asked.id).data["keys"]["prekeys"]
    finally:
        site.stop()
