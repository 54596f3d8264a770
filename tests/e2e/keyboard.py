"""Hands on a keyboard and no pointer: every stop of the focus must be seen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.camera import photograph
from tests.e2e.person import PASSWORD, Person

MOST_STOPS = 120
STOP = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const style = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return {
        name: (one.labels?.[0] ?? one).innerText?.trim() || one.getAttribute('aria-label') || '',
        html: one.outerHTML.slice(0, 160),
        seen: ring && inside && box.width > 0 && one.matches(':focus-visible'),
        order: one.tabIndex,
    };
}"""


@dataclass
class Keyboard:
    """`person` without a pointer."""

    person: Person

    @property
    def page(self) -> Page:
        return self.person.page

    def tab(self) -> str:
        """The name of the next stop, or nothing where the page ends."""
        self.page.keyboard.press("Tab")
        found: dict[str, Any] | None = self.page.evaluate(STOP)
        if found and found["html"].startswith("<h1"):  # a place that has just come takes the focus
            self.page.keyboard.press("Tab")
            found = self.page.evaluate(STOP)
        if found is None:
            return ""
        assert found["seen"], f"the focus is not seen on {found['html']}"
        assert found["order"] == 0, f"not in the order of the page: {found['html']}"
        return str(found["name"])

    def stops(self, count: int) -> list[str]:
        return [self.tab() for _ in range(count)]

    def tab_to(self, target: Locator) -> None:
        expect(target).to_be_visible()
        for _ in range(MOST_STOPS):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.tab()
        raise AssertionError(f"{target} is not reached by Tab")

    def press(self, target: Locator, key: str = "Enter") -> None:
        self.tab_to(target)
        self.page.keyboard.press(key)

    def fill(self, target: Locator, text: str) -> None:
        self.tab_to(target)
        self.page.keyboard.type(text)

    def keys(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)

    def escape(self) -> None:
        self.page.keyboard.press("Escape")
        expect(self.page.locator("dialog")).to_have_count(0)

    # --- the story ----------------------------------------------------------------------------

    def leave_and_return(self) -> None:
        page = self.page
        leave = page.locator("main").get_by_role("button", name="Log out")
        self.press(leave)
        asked = page.get_by_role("dialog")
        expect(asked).to_be_visible()
        self.escape()
        expect(leave).to_be_focused()
        self.keys("Enter")
        photograph(page, "keyboard-dialog")
        self.press(asked.get_by_role("button", name="Log out"))
        self.fill(page.get_by_label("Name in your address"), self.person.username)
        self.fill(page.get_by_label("Password", exact=True), PASSWORD)
        photograph(page, "keyboard-login")
        self.keys("Enter")
        expect(page.get_by_role("heading", name="House", exact=True)).to_be_visible()
        self.person.expect_light("Connected")

    def write(self) -> None:
        page = self.page
        self.keys("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        photograph(page, "shortcuts")
        self.escape()
        self.keys("n")
        text = page.get_by_role("textbox", name="Text of your post")
        expect(text).to_be_focused()
        page.keyboard.type("g h ? n")
        expect(text).to_have_value("g h ? n")
        self.keys("Control+Enter")
        expect(self.person.item("g h ? n")).to_be_visible()
        self.tab_to(self.person.item("g h ? n").get_by_role("link").first)
        photograph(page, "keyboard-post")

    def talk_to(self, other: Person) -> None:
        page = self.page
        self.keys("g", "t")
        expect(page.get_by_role("heading", name="Talk")).to_be_focused()
        self.press(page.locator(".talk-list").get_by_role("link", name=re.compile("Bob")).first)
        expect(page.get_by_role("heading", name="Bob")).to_be_focused()
        self.fill(self.person.composer, "Without a mouse")
        self.keys("Enter")
        expect(self.person.bubble("Without a mouse")).to_be_visible()
        other.open_talk_with("Alice")
        expect(other.bubble("Without a mouse")).to_be_visible()
        photograph(page, "keyboard-talk")

    def connect_again(self) -> None:
        page, site = self.page, self.person.home.site
        light = page.get_by_role("button", name="Porch light").first
        site.stop()
        self.person.expect_light("Not connected")
        self.press(light)
        panel = page.get_by_role("dialog", name="Your porch light")
        expect(panel).to_be_visible()
        site.start()
        site.wait_ready()
        photograph(page, "light-red")
        again = panel.get_by_role("button", name="Connect again")
        if again.count():
            self.press(again)
        self.person.expect_light("Connected")
        photograph(page, "light")
        self.escape()
        expect(light).to_be_focused()

    def decide(self) -> None:
        page = self.page
        self.keys("g", "p")
        self.press(page.get_by_role("link", name="Look at them"))
        self.press(page.get_by_role("button", name="Approve"))
        expect(page.get_by_role("button", name="Approve")).to_have_count(0)
        self.keys("g", "h")
        self.press(page.locator("main").get_by_role("link", name=re.compile("^Moderation")))
        opener = page.get_by_role("group", name="Say something to all").get_by_role("button").last
        self.press(opener)
        notice = page.get_by_role("dialog")
        self.fill(notice.get_by_role("textbox"), "The tea is ready.")
        photograph(page, "keyboard-moderation")
        self.press(notice.get_by_role("button", name="Send notice"), "Space")
        expect(notice).to_have_count(0)
        expect(opener).to_be_focused()
