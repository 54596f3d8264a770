"""A person in front of a browser: what they click and type, by the words that stand on the screen."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Home, until

PASSWORD = "a lamp on the porch"
CODE = re.compile(r"(\d{3}) (\d{3})")


@dataclass
class Person:
    """`username` at `home`, seen through `page`."""

    name: str
    home: Home
    page: Page

    @property
    def username(self) -> str:
        return self.name.lower()

    @property
    def address(self) -> str:
        return f"@{self.username}@{self.home.site.host}:{self.home.site.port}"

    def visit(self, path: str) -> None:
        self.page.goto(f"{self.home.site.origin}{path}")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    # --- first run -----------------------------------------------------------------------------

    def open_setup(self) -> None:
        link = self.home.site.setup_link()
        assert link, "the setup link was used already"
        self.page.goto(link)

    def choose_name(self) -> None:
        self.page.get_by_label("Your name").fill(self.name)
        expect(self.page.get_by_label("Name in your address")).to_have_value(self.username)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.press("Continue")

    def write_phrase_down(self) -> list[str]:
        """Read the 24 words, then type the three that are asked for."""
        expect(self.page.locator(".words-word")).to_have_count(24)
        words = self.page.locator(".words-word").all_inner_texts()
        self.press("I have written them down")
        for field in self.page.get_by_label(re.compile(r"^Word \d+$")).all():
            number = int(re.sub(r"\D", "", field.evaluate("element => element.labels[0].textContent")))
            field.fill(words[number - 1])
        self.press("Continue")
        return words

    def skip_second_factor(self) -> None:
        self.press("Continue without")

    def pair_vault(self) -> str:
        """Compare the code on the screen with the vault's; both sides must show the same."""
        self.press("Pair this vault")
        shown = self.page.get_by_role("img", name=re.compile("^The code"))
        expect(shown).to_be_visible()
        code = " ".join(shown.inner_text().split())
        printed = CODE.search(self.home.printed("pairing code"))
        assert printed, "the vault printed no code"
        assert printed.group() == code
        self.press("They match")
        return code

    def pair_in_house(self) -> None:
        self.pair_vault()
        expect(self.page.get_by_text("Connected now")).to_be_visible()

    def set_up(self) -> list[str]:
        self.open_setup()
        self.choose_name()
        words = self.write_phrase_down()
        self.skip_second_factor()
        self.pair_vault()
        expect(self.page.get_by_text("Your vault is paired")).to_be_visible()
        self.press_link("Open your porch")
        self.expect_light("Connected")
        return words

    def press_link(self, name: str) -> None:
        self.page.get_by_role("link", name=name).or_(self.page.get_by_role("button", name=name)).first.click()

    def expect_light(self, state: str) -> None:
        expect(self.page.get_by_role("button", name=f"Porch light: {state}").first).to_be_visible()

    # --- public --------------------------------------------------------------------------------

    def post(self, text: str, title: str = "") -> None:
        self.visit("/app/")
        self.page.get_by_role("textbox", name="Text of your post").fill(text)
        if title:
            self.page.get_by_role("textbox", name="Title").fill(title)
        self.press("Publish")
        expect(self.item(text)).to_be_visible()

    def item(self, text: str) -> Locator:
        return self.page.get_by_role("article").filter(has_text=text)

    def look_up(self, address: str) -> None:
        self.visit("/app/people")
        self.page.get_by_label("Find somebody").fill(address)
        self.press("Look up")

    def follow(self, address: str) -> None:
        self.look_up(address)
        self.press("Follow")
        expect(self.page.get_by_role("button", name="Stop following")).to_be_visible()

    def comment(self, post: str, text: str) -> None:
        item = self.item(post)
        toggle = item.locator("button[aria-controls$=comments]")
        if toggle.get_attribute("aria-expanded") != "true":
            toggle.click()
        item.get_by_label("Your comment").fill(text)
        item.get_by_role("button", name="Send comment").click()

    # --- private -------------------------------------------------------------------------------

    def message(self, address: str) -> None:
        """Open the conversation with `address` from their page."""
        self.look_up(address)
        self.press("Message")
        expect(self.composer).to_be_visible()

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("textbox", name=re.compile("^Message to "))

    def say(self, text: str) -> None:
        self.composer.fill(text)
        self.composer.press("Enter")
        expect(self.bubble(text)).to_be_visible()

    def bubble(self, text: str) -> Locator:
        return self.page.locator(".bubble", has_text=text)

    def mark_of(self, text: str) -> str | None:
        """The words of the delivery mark below the message, or of the next one below it."""
        return self.bubble(text).evaluate(
            """bubble => {
                const lines = [...document.querySelectorAll('.bubble-line')];
                const from = lines.indexOf(bubble.closest('.bubble-line'));
                const mark = lines.slice(from).map(line => line.querySelector('.mark')).find(Boolean);
                return mark ? mark.getAttribute('aria-label') : null;
            }"""
        )

    def expect_mark(self, text: str, mark: str, seconds: float = 20.0) -> None:
        until(lambda: self.mark_of(text) == mark, seconds, f"“{text}” is marked {mark}")

    def open_talk_with(self, name: str) -> None:
        self.visit("/app/talk")
        self.page.locator(".talk-list").get_by_role("link", name=re.compile(name)).first.click()
