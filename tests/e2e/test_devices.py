"""A second browser of Alice's: linked by a scanned code, by choosing it in a list, by the phrase; removed;
and what a site that lies about devices can reach.

Two real browser contexts; the steps build on each other and run in order.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from deploy.local.processes import Site
from homevault.protocol.canonical import canonical, parse
from homevault.protocol.certificates import make_certificate
from homevault.protocol.keys import DhKey, SignKey
from homevault.protocol.ports import SystemRandom
from homevault.protocol.prekeys import make_signed_prekey
from tests.e2e.camera import photograph
from tests.e2e.conftest import World, until
from tests.e2e.person import PASSWORD, Person

CODE = re.compile("^The code")


@dataclass
class Thief:
    """A device that a site slips into a member's list."""

    device: str
    honest: tuple[int, bytes]


def database(site: Site) -> sqlite3.Connection:
    return sqlite3.connect(site.folder / "site.sqlite3", timeout=20, isolation_level=None)


def slip_in(site: Site) -> Thief:
    """The site is changed: it serves a list with a device that another key than the account's certified."""
    random = SystemRandom()
    evil, sign, dh = SignKey.generate(random), SignKey.generate(random), DhKey.generate(random)
    with closing(database(site)) as db:
        user, number, wire = db.execute("SELECT user_id, number, wire FROM accounts_devicelist").fetchone()
        found = parse(bytes(wire))
        slipped = make_certificate(evil, sign.public, dh.public, "member", found["time"])
        slipped["account"] = found["account"]
        devices = sorted([*found["devices"], slipped], key=lambda one: one["device"])
        forged = {**found, "devices": devices, "number": number + 1}
        db.execute("UPDATE accounts_devicelist SET number = ?, wire = ?", (number + 1, canonical(forged)))
        prekey = canonical(make_signed_prekey(found["account"], sign, dh.public, found["time"]))
        db.execute(
            "INSERT INTO accounts_device (user_id, device, role, label, login, listed, prekey, prekey_time)"
            " VALUES (?, ?, 'member', '', '', datetime('now'), ?, ?)",
            (user, sign.public, prekey, found["time"]),
        )
    return Thief(sign.public, (number, wire))


def mend(site: Site, thief: Thief) -> None:
    with closing(database(site)) as db:
        db.execute("UPDATE accounts_devicelist SET number = ?, wire = ?", thief.honest)
        db.execute("DELETE FROM accounts_device WHERE device = ?", (thief.device,))


def mail_for(site: Site, device: str) -> int:
    with closing(database(site)) as db:
        count = db.execute("SELECT count(*) FROM signaling_row WHERE device = ?", (device,)).fetchone()
        return int(count[0])


@dataclass
class Devices:
    """Alice at her desk and with her phone, and Bob."""

    desk: Person
    phone: Person
    bob: Person
    words: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def pocket(chromium: Browser) -> Iterator[BrowserContext]:
    """The phone: a browser with a storage of its own."""
    made = chromium.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.fixture(scope="module")
def devices(world: World, context: BrowserContext, pocket: BrowserContext) -> Devices:
    return Devices(
        Person("Alice", world.first, context.new_page()),
        Person("Alice", world.first, pocket.new_page()),
        Person("Bob", world.second, context.new_page()),
    )


def shown_code(page: Page) -> str:
    code = page.get_by_role("img", name=CODE)
    expect(code).to_be_visible()
    return " ".join(code.inner_text().split())


def this_browser(person: Person) -> Locator:
    return person.page.locator(".devices > li").filter(has_text="This browser")


def other_browser(person: Person) -> Locator:
    """The other browser in the list of devices."""
    others = person.page.locator(".devices > li").filter(has_not_text="This browser")
    return others.filter(has_text="Browser")


def wait_to_be_linked(phone: Person) -> str:
    """The phone shows its code; returns the link in it."""
    phone.visit("/app/house/devices")
    phone.press("Link this browser")
    expect(phone.page.get_by_role("img", name="A code for the camera")).to_be_visible()
    phone.page.get_by_text("No camera?").click()
    return phone.page.locator("details .key").inner_text()


def is_linked(phone: Person) -> None:
    phone.expect_light("Connected")
    expect(this_browser(phone)).to_be_visible()


def remove_phone(devices: Devices) -> None:
    """At the desk; the phone is cut off within seconds and has nothing private afterwards."""
    devices.desk.visit("/app/house/devices")
    phone = (
        devices.desk.page.locator(".devices > li")
        .filter(has_not_text="This browser")
        .filter(has_text="Browser")
    )
    phone.get_by_role("button", name=re.compile("^Remove")).click()
    expect(devices.desk.page.get_by_role("dialog")).to_contain_text("cannot come back")
    devices.desk.page.get_by_role("dialog").get_by_role("button", name="Remove device").click()
    expect(devices.desk.page.get_by_text("The device is removed")).to_be_visible()
    expect(phone).to_have_count(0)
    until(lambda: devices.phone.page.get_by_role("button", name="Porch light: Connected").count() == 0)


def log_in(phone: Person) -> None:
    phone.visit("/app/house/devices")
    phone.page.get_by_label("Name in your address").fill(phone.username)
    phone.page.get_by_label("Password", exact=True).fill(PASSWORD)
    phone.press("Log in")
    expect(phone.page.get_by_text("This browser holds no key of yours")).to_be_visible()


def test_a_browser_that_is_only_logged_in_has_nothing_private(devices: Devices) -> None:
    devices.words = devices.desk.set_up()
    devices.bob.set_up()
    devices.desk.message(devices.bob.address)
    devices.desk.say("Only for the two of us")
    log_in(devices.phone)
    photograph(devices.phone.page, "devices-unlinked")
    devices.phone.visit("/app/talk")
    expect(devices.phone.page.get_by_text("Only for the two of us")).to_have_count(0)


def test_a_scanned_code_links_once_its_person_has_agreed(devices: Devices) -> None:
    desk, phone = devices.desk, devices.phone
    link = wait_to_be_linked(phone)
    assert link.startswith(f"{desk.home.site.origin}/app/link#PL1.")
    photograph(phone.page, "link-waiting")
    desk.page.goto(link)
    expect(desk.page.get_by_role("heading", name="Is it your browser")).to_be_visible()
    assert "#" not in desk.page.url
    photograph(desk.page, "link-ask")
    expect(phone.page.get_by_role("img", name=CODE)).to_have_count(0)
    desk.press("Yes, it is mine")
    assert shown_code(desk.page) == shown_code(phone.page)
    photograph(desk.page, "link-compare")
    desk.press("They match")
    is_linked(phone)
    expect(desk.page.locator(".devices > li")).to_have_count(3)
    phone.visit("/app/talk")
    phone.page.locator(".talk-list").get_by_role("link", name=re.compile("Bob|bob")).first.click()
    expect(phone.bubble("Only for the two of us")).to_be_visible()


def test_each_device_is_shown_and_can_be_named(devices: Devices) -> None:
    """The one that came is called what it called itself until its member gives it another name."""
    desk = devices.desk
    phone = other_browser(desk)
    expect(phone.locator("strong")).to_have_text("Chrome on Linux")
    phone.get_by_role("button", name=re.compile("^Rename")).click()
    desk.page.get_by_label("Name of the device").fill("Pocket 📱")
    desk.press("Save name")
    expect(phone.locator("strong")).to_have_text("Pocket 📱")
    expect(phone.get_by_text("Connected now")).to_be_visible()
    phone.get_by_text("Safety number of this device").click()
    number = phone.locator(".safety").inner_text()
    devices.phone.visit("/app/house/devices")
    own = this_browser(devices.phone)
    own.get_by_text("Safety number of this device").click()
    assert own.locator(".safety").inner_text().split() == number.split()
    photograph(desk.page, "house-devices")
    photograph(devices.phone.page, "house-devices-linked")


def test_every_key_is_shown_as_fine(devices: Devices) -> None:
    desk = devices.desk
    desk.visit("/app/house/keys")
    expect(desk.page.locator(".key-line")).to_have_count(9)
    expect(desk.page.locator(".key-line.ok")).to_have_count(9)
    photograph(desk.page, "house-keys")


def test_a_removed_browser_is_linked_again_by_typing_alone(devices: Devices) -> None:
    desk, phone = devices.desk, devices.phone
    remove_phone(devices)
    log_in(phone)
    phone.press("Link this browser")
    desk.press("Link another browser")
    desk.page.get_by_role("button", name="Link this one").first.click()
    assert shown_code(desk.page) == shown_code(phone.page)
    photograph(phone.page, "link-compare-phone")
    phone.press("They match")
    desk.press("They match")
    is_linked(phone)
    expect(desk.page.get_by_text("Browser, holds your account key")).to_have_count(1)


def test_the_phrase_links_and_gives_the_account_key(devices: Devices) -> None:
    phone = devices.phone
    remove_phone(devices)
    log_in(phone)
    phone.page.get_by_label("Recovery phrase").fill(" ".join(devices.words))
    phone.press("Link by the phrase")
    is_linked(phone)
    expect(this_browser(phone).get_by_text("holds your account key")).to_be_visible()


def test_a_site_that_lies_about_devices_is_named_and_reaches_nothing(devices: Devices) -> None:
    desk, phone, bob = devices.desk, devices.phone, devices.bob
    site = desk.home.site
    phone.page.close()
    bob.open_talk_with("Alice|alice")
    bob.press("Accept")
    expect(bob.bubble("Only for the two of us")).to_be_visible()
    thief = slip_in(site)
    desk.visit("/app/talk")
    alarm = desk.page.get_by_role("alert").filter(has_text="devices that your account key never signed")
    expect(alarm).to_be_visible()
    desk.open_talk_with("Bob|bob")
    desk.say("Said while the site lies")
    expect(bob.bubble("Said while the site lies")).to_be_visible()
    photograph(desk.page, "key-alarm")
    bob.page.reload()
    bob.say("Only for the devices you certified")
    bob.expect_mark("Only for the devices you certified", "Not delivered")
    desk.visit("/app/house/keys")
    expect(desk.page.locator(".key-line.refused")).to_have_count(2)
    expect(desk.page.get_by_text("A device that is not yours")).to_be_visible()
    photograph(desk.page, "house-keys-refused")
    desk.home.vault.stop()
    desk.home.vault.start()
    until(lambda: "forged device list" in desk.home.vault.run("status"), what="the vault noticed it")
    assert mail_for(site, thief.device) == 0
    mend(site, thief)
    desk.page.reload()
    desk.expect_light("Connected")
    expect(alarm).to_have_count(0)
    expect(desk.page.locator(".key-line.refused")).to_have_count(0)


def test_without_phrase_and_devices_one_begins_anew_and_others_are_warned(
    devices: Devices, chromium: Browser
) -> None:
    bob = devices.bob
    with closing(chromium.new_context(reduced_motion="reduce")) as borrowed:
        alice = Person("Alice", devices.desk.home, borrowed.new_page())
        log_in(alice)
        alice.page.get_by_text("Lost the phrase and all devices?").click()
        alice.page.get_by_label("Type alice to confirm").fill("alice")
        photograph(alice.page, "devices-anew")
        alice.press("Give up my account key")
        alice.write_phrase_down()
        alice.skip_second_factor()
        alice.visit("/app/")
        alice.expect_light("Connected")
        alice.message(bob.address)
        bob.open_talk_with("Alice|alice")
        expect(bob.page.get_by_role("alert").filter(has_text="has a new identity here")).to_be_visible()
        expect(bob.bubble("Said while the site lies")).to_be_visible()
        photograph(bob.page, "talk-changed-key")
        bob.press("Accept the new key")
        bob.page.get_by_role("dialog").get_by_role("button", name="Accept the new key").click()
        expect(bob.page.get_by_text("has a new identity since")).to_be_visible()
        expect(bob.composer).to_have_count(0)
        photograph(bob.page, "talk-former")
