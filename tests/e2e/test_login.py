"""Who gets in: password, code, recovery code, passkey, the recovery phrase; and who is put out."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from deploy.local.processes import Site, Vault, free_port
from tests import sites
from tests.e2e.camera import photograph
from tests.e2e.conftest import Faults, Home, until
from tests.e2e.person import PASSWORD, Person
from tests.server import mail_server
from tests.server.mail_server import MailServer
from tests.server.totp_code import code_now

NEW_PASSWORD = "another lamp on the porch"
FORGET = "from social.accounts.models import LoginSession as S\nfor s in S.objects.all():\n"
FORGET += "    k = S.get_session_store_class()(s.session_key); k['proven'] = 0; k.save()"


@dataclass
class Story:
    """Alice at home, and the same Alice in another browser."""

    alice: Person
    away: Person
    words: list[str] = field(default_factory=list)
    secret: bytes = b""
    codes: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def post() -> Iterator[MailServer]:
    with mail_server.running() as found:
        yield found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, post: MailServer) -> Iterator[Home]:
    folder: Path = tmp_path_factory.mktemp("login")
    site = Site("first", "localhost", free_port("localhost") or 0, folder / "site")
    site.extra["EMAIL_URL"] = post.url
    made = Home(site, Vault("vault", site, folder / "vault"))
    sites.start(site)
    yield made
    site.stop()


@pytest.fixture(scope="module")
def story(home: Home, context: BrowserContext, chromium: Browser) -> Iterator[Story]:
    other = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    other.set_default_timeout(15_000)
    faults = Faults()
    other.on("page", faults.watch)
    page = context.new_page()
    plug_in_authenticator(page)
    yield Story(Person("Alice", home, page), Person("Alice", home, other.new_page()))
    other.close()
    assert not faults.seen, faults.seen


def plug_in_authenticator(page: Page) -> None:
    """One that verifies its user by itself, as a laptop's finger reader would."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def enter_password(person: Person, password: str = PASSWORD) -> None:
    person.visit("/app/login")
    person.page.get_by_label("Name in your address").fill(person.username)
    person.page.get_by_label("Password", exact=True).fill(password)
    person.press("Log in")


def expect_in(person: Person) -> None:
    expect(person.page.get_by_role("navigation", name="Places")).to_be_visible()


def expect_out(person: Person) -> None:
    expect(person.page.get_by_role("heading", name="Welcome home")).to_be_visible()


def log_out(person: Person) -> None:
    person.visit("/app/house")
    person.press("Log out")
    person.page.get_by_role("dialog").get_by_role("button", name="Log out").click()
    expect_out(person)


def test_the_first_run_offers_a_second_factor(story: Story) -> None:
    alice = story.alice
    page = alice.page
    alice.open_setup()
    alice.choose_name()
    story.words = alice.write_phrase_down()
    expect(page.get_by_role("heading", name="A second factor")).to_be_visible()
    photograph(page, "setup-factor")
    page.reload()
    alice.press("Add an app")
    key = page.locator("code.key").inner_text()
    story.secret = base64.b32decode(re.sub(r"\s", "", key))
    photograph(page, "totp-add")
    page.get_by_label("The code that the app shows now").fill("000000")
    alice.press("Turn on")
    expect(page.get_by_text("That code does not work")).to_be_visible()
    page.get_by_label("The code that the app shows now").fill(code_now(story.secret))
    alice.press("Turn on")
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    photograph(page, "recovery-codes")
    story.codes = page.locator(".recovery-codes li").all_inner_texts()
    alice.press("I have kept them")
    alice.press("Continue")
    alice.press_link("Do this later")
    alice.expect_light("Connected")


def test_a_second_browser_needs_the_code(story: Story) -> None:
    away = story.away
    away.visit("/app/login")
    expect_out(away)
    photograph(away.page, "login")
    enter_password(away)
    expect(away.page.get_by_role("heading", name="One more step")).to_be_visible()
    photograph(away.page, "login-factor")
    away.visit("/app/house/security")
    expect_out(away)
    enter_password(away)
    away.page.get_by_label("Code", exact=True).fill(code_now(story.secret, 1))
    away.press("Continue")
    expect_in(away)


def test_an_ended_session_is_out_by_itself(story: Story) -> None:
    """The other browser has an open connection, and is shown the door without asking for anything."""
    alice, away = story.alice, story.away
    alice.expect_light("Connected")
    away.visit("/app/house/security")
    photograph(away.page, "security")
    away.page.get_by_role("button", name=re.compile("^Log out .*on")).click()
    expect_out(alice)


def test_a_recovery_code_lets_in_once(story: Story) -> None:
    alice = story.alice
    enter_password(alice)
    alice.page.get_by_label("Code", exact=True).fill(story.codes[0])
    alice.press("Continue")
    expect_in(alice)
    alice.expect_light("Connected")
    alice.visit("/app/house/security")
    expect(alice.page.get_by_text("9 codes left of 10")).to_be_visible()


def test_what_is_sensitive_asks_again_who_one_is(story: Story) -> None:
    alice = story.alice
    page = alice.page
    alice.home.site.manage("shell", "-c", FORGET)
    alice.press("Add a passkey")
    page.get_by_label("Name of this passkey").fill("My laptop")
    alice.press("Make the passkey")
    question = page.get_by_role("dialog")
    expect(question.get_by_role("heading", name="Is it you?")).to_be_visible()
    photograph(page, "recent-login")
    question.get_by_role("button", name="Close").click()
    expect(page.get_by_text("Nothing was changed.")).to_be_visible()
    alice.press("Make the passkey")
    question.get_by_label("Password", exact=True).fill("not the password")
    question.get_by_role("button", name="Continue").click()
    expect(question.get_by_text("Code: login_failed")).to_be_visible()
    question.get_by_label("Password", exact=True).fill(PASSWORD)
    question.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("My laptop")).to_be_visible()
    photograph(page, "security-factors")


def test_a_passkey_is_a_login_by_itself(story: Story) -> None:
    alice = story.alice
    log_out(alice)
    alice.press("Use a passkey")
    expect_in(alice)
    alice.expect_light("Connected")


def test_a_new_password_puts_the_others_out(story: Story) -> None:
    alice, away = story.alice, story.away
    alice.visit("/app/house/security")
    alice.press("Change the password")
    alice.page.get_by_label("New password").fill(NEW_PASSWORD)
    alice.press("Set this password")
    expect(alice.page.get_by_text("Your new password works now")).to_be_visible()
    away.visit("/app/house/security")
    expect_out(away)
    alice.visit("/app/house/security")
    expect(alice.page.get_by_text("This browser")).to_be_visible()
    alice.expect_light("Connected")


def test_the_recovery_phrase_sets_a_new_password(story: Story) -> None:
    away, page = story.away, story.away.page
    page.get_by_role("link", name="I forgot my password").click()
    page.get_by_label("Name in your address").fill("alice")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("Recovery phrase").fill(" ".join([*story.words[:-1], "abandon"]))
    away.press("Set this password")
    expect(page.get_by_text("Code: recovery_phrase")).to_be_visible()
    photograph(page, "login-reset")
    page.get_by_label("Recovery phrase").fill(" ".join(story.words))
    page.get_by_label("I have lost my second factor as well").check()
    away.press("Set this password")
    expect(page.get_by_text("Your new password works now")).to_be_visible()
    until(lambda: story.alice.page.get_by_role("heading", name="Welcome home").is_visible(), 5)
    enter_password(away)
    expect_in(away)


def photograph_in_all(page: Page, name: str) -> None:
    """Before the door, in the three languages; English in the end."""
    for language in ("ar", "zh", "en"):
        page.locator(".language select").select_option(language)
        expect(page.locator(f"html[lang={language}]")).to_be_attached()
        photograph(page, name if language == "en" else f"{language}-{name}")


def test_a_mailed_link_sets_a_new_password(story: Story, post: MailServer) -> None:
    """Away has just logged in, so that adding the address asks for nothing more."""
    away, page = story.away, story.away.page
    away.visit("/app/house/security")
    away.press("Add an address")
    page.get_by_label("E-mail address").fill("alice@mail.example")
    away.press("Send me a code")
    code = page.get_by_label("The code from that mail")
    code.fill("00000000")
    away.press("Use this address")
    expect(page.get_by_text("Code: mail_code")).to_be_visible()
    photograph(page, "security-email")
    code.fill(post.next().get_content().split()[0])
    away.press("Use this address")
    expect(page.get_by_text("alice@mail.example")).to_be_visible()
    photograph(page, "security-email-added")
    log_out(away)
    page.get_by_role("link", name="I forgot my password").click()
    page.get_by_role("link", name="Send me a link by e-mail instead").click()
    page.get_by_label("Name in your address").fill("alice")
    photograph_in_all(page, "login-mail")
    away.press("Send me a link")
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    photograph_in_all(page, "login-mail-asked")
    link = post.next().get_content().partition("http")[2].split()[0]
    page.goto(f"http{link}")
    page.get_by_label("New password").fill(NEW_PASSWORD)
    assert "#" not in page.url
    photograph_in_all(page, "login-mail-new")
    away.press("Set this password")
    expect(page.get_by_text("Your new password works now")).to_be_visible()
    enter_password(away, NEW_PASSWORD)
    expect_in(away)
    page.goto(f"http{link}")
    page.get_by_label("New password").fill(PASSWORD)
    away.press("Set this password")
    expect(page.get_by_text("Code: mail_link")).to_be_visible()
