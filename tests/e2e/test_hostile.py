"""Other people's collections of hostile input, everywhere that a person can write, in a real browser: no
script runs, nothing is blocked only by the policy, nobody else is asked, and harmless markup survives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from deploy.local.processes import Site, Vault, fetch_allow, free_port
from tests.e2e.conftest import Home, until
from tests.e2e.person import Person
from tests.e2e.places import places
from tests.server import elsewhere, hostile
from tests.server.elsewhere import Elsewhere, item, json_feed
from tests.server.people import Person as Caller
from tests.server.uploading import picture
from tests.sites import start

HOSTS = ("localhost", "127.0.0.2")
BREAKER = "\"'><img src=x onerror=alert(1)>"
TELL = """
window.__seen = [];
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open'])
    window[name] = (...said) => { window.__seen.push(name + ': ' + said.join()); };
addEventListener('securitypolicyviolation', one =>
    window.__seen.push(one.effectiveDirective + ': ' + one.blockedURI + ' ' + one.sample));
"""
HARM = """() => {
    const found = [...window.__seen];
    const ours = new URL(location.href).origin;
    const harmless = one => /^(https?|mailto|blob):/.test(one);
    for (const element of document.querySelectorAll('*')) {
        if (['IFRAME', 'OBJECT', 'EMBED', 'BASE', 'MATH', 'FRAME'].includes(element.tagName))
            found.push('<' + element.tagName + '>');
        if (element.tagName === 'SCRIPT' && new URL(element.src || 'inline:').origin !== ours)
            found.push('script ' + element.outerHTML.slice(0, 80));
        for (const {name, value} of element.attributes) {
            if (name.startsWith('on') || name === 'srcdoc') found.push(name + '=' + value);
            if (['href', 'src', 'action', 'formaction', 'xlink:href', 'data'].includes(name)
                && !harmless(new URL(value, ours).href)) found.push(name + '=' + value);
        }
    }
    return found;
}"""
SEND = """async ([method, path, body]) => {
    const {csrf} = await (await fetch('/api/v1/site')).json();
    const headers = {'X-CSRFToken': csrf, 'Content-Type': 'application/json'};
    const answer = await fetch('/api/v1/' + path, {method, headers, body: JSON.stringify(body)});
    return [answer.status, await answer.text()];
}"""


INVITE = """async ([label]) => {
    const {csrf} = await (await fetch('/api/v1/site')).json();
    const headers = {'X-CSRFToken': csrf, 'Content-Type': 'application/json'};
    const body = JSON.stringify({label, days: 1, uses: 1});
    const answer = await fetch('/api/v1/invites', {method: 'POST', headers, body});
    return (await answer.json()).link.split('#')[1];
}"""
HREFS = (
    BREAKER,
    "javascript:alert(1)",
    " JaVaScRiPt:alert(1)//https://a.example/",
    "data:text/html,<script>",
)
DOORS = ("/people/*", "/join", "/link", "/login", "/login/mail", "/login/reset", "/setup")


@pytest.fixture(scope="module")
def far() -> Iterator[Elsewhere]:
    """A feed whose every text is hostile."""
    with elsewhere.serving() as site:
        texts = hostile.markup()
        items = [item(n, title=text[:200], content_html=text) for n, text in enumerate(texts)]
        site.pages["/feed.json"] = json_feed(*items)
        yield site


@pytest.fixture(scope="module")
def people(far: Elsewhere, context: BrowserContext, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Alice and Bob, each on a site with a hostile name; what their browsers asked for is noted."""
    folder = tmp_path_factory.mktemp("hostile")
    name = {"PORCHLIGHT_NAME": f"Porch{BREAKER}<script>alert(1)</script>"}
    sites = [Site(host, host, free_port(host) or 0, folder / host, extra=name) for host in HOSTS]
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.add_init_script(TELL)
    found = []
    for site in sites:
        site.fetch_allow = f"{fetch_allow(sites)},127.0.0.1:{far.port}"
    start(*sites)
    for site, person in zip(sites, ("Alice", "Bob"), strict=True):
        found.append(move_in(person, site, context.new_page(), folder))
    yield found
    for site in sites:
        site.stop()
    foreign = {url for url in asked if urlsplit(url).hostname not in (*HOSTS, None, "")}
    assert not foreign


def move_in(name: str, site: Site, page: Page, folder: Path) -> Person:
    person = Person(name, Home(site, Vault("vault", site, folder / f"{name}-vault")), page)
    person.open_setup()
    person.choose_name()
    person.write_phrase_down()
    person.skip_second_factor()
    person.press_link("Do this later")
    person.expect_light("Connected")
    return person


def send(person: Person, method: str, path: str, body: Any) -> None:
    status, text = person.page.evaluate(SEND, [method, path, body])
    assert status in (200, 201), (path, text)


def look(person: Person, path: str, wait_for: str) -> None:
    """Nothing on the page may have done harm or be able to."""
    person.visit(path)
    expect(person.page.locator(wait_for).first).to_be_visible()
    person.page.wait_for_load_state("networkidle")
    assert person.page.evaluate(HARM) == [], path


def batches(texts: list[str], size: int) -> list[str]:
    """The texts, several in one, none cut."""
    return ["\n\n".join(texts[at : at + size]) for at in range(0, len(texts), size)]


def test_posts_profiles_and_words_of_the_site(people: list[Person]) -> None:
    alice = people[0]
    everything = batches([text for text in hostile.markup() if text], 12) + batches(hostile.naughty(), 60)
    for text in everything:
        body = {"title": BREAKER + text[:150], "source": text, "tags": ["onerror", "ﬀ"]}
        send(alice, "POST", "posts", body)
    send(alice, "POST", "posts", {"title": "Harmless", "source": "**Bold** and [a link](https://a.example/)"})
    for text in (BREAKER, "<script>alert(1)</script>", "javascript:alert(1)"):
        for kind in ("rules", "imprint"):
            send(alice, "PUT", f"site/texts/{kind}", {"source": text})
        shown = {"name": text, "position": text, "location": text, "description": "\n".join([text] * 9)}
        send(alice, "PATCH", "me/profile", shown)
        for path in ("/@alice", "/", "/rules", "/imprint"):
            look(alice, path, "h1")
    addresses = alice.page.evaluate(
        "async () => (await (await fetch('/api/v1/posts')).json()).posts.map(post => post.url)"
    )
    for address in addresses:
        look(alice, urlsplit(address).path, "article")
    look(alice, "/app/", "article")
    expect(alice.item("Harmless").locator("strong", has_text="Bold")).to_be_visible()
    for place in ("house", "house/profile", "house/site", "house/moderation"):
        look(alice, f"/app/{place}", "h1")


def test_whatever_else_has_a_name(people: list[Person]) -> None:
    """Files and what describes them, drafts, devices, invites, reports, blocks, notices."""
    alice = people[0]
    site = alice.home.site
    token = alice.page.evaluate(INVITE, [BREAKER])
    carol = Caller.joins(site, "carol", token)
    carol.ask("PATCH", "/api/v1/me/profile", {"name": BREAKER})
    for ref in HREFS:
        report = {"what": "post", "ref": ref, "about": BREAKER, "reason": "other", "text": BREAKER}
        carol.ask("POST", "/api/v1/reports", report, 201)
    send(alice, "POST", "moderation/blocks", {"username": "carol", "hours": 1, "reason": BREAKER})
    send(alice, "POST", "moderation/sites", {"pattern": "bad.example", "reason": BREAKER})
    send(alice, "POST", "drafts", {"title": BREAKER, "source": BREAKER})
    send(alice, "POST", "imports", {"name": BREAKER, "size": 9})
    device = alice.page.evaluate("async () => (await (await fetch('/api/v1/keys/devices')).json())[0].device")
    send(alice, "PATCH", f"keys/devices/{device}", {"name": BREAKER})
    alice.visit("/app/")
    alice.page.get_by_role("textbox", name="Text of your post").fill(f"A picture. {BREAKER}")
    file: FilePayload = {"name": f"{BREAKER}.png", "mimeType": "image/png", "buffer": picture()}
    alice.page.locator("input[type=file]").first.set_input_files([file])
    alice.page.get_by_label("Describe it for people who cannot see it").fill(BREAKER)
    alice.press("Publish")
    shown = alice.item("A picture.")
    expect(shown.locator(f"img[alt={json.dumps(BREAKER)}]")).to_be_visible()
    assert alice.page.evaluate(HARM) == []
    look(alice, "/@alice", "article")
    for place in [place for place in places() if ":" not in place and place not in DOORS]:
        look(alice, f"/app{place}", "h1")
    alice.expect_light("Connected")
    send(alice, "POST", "moderation/notices", {"audience": "members", "text": f"{BREAKER} Supper is ready."})
    alice.page.get_by_role("button", name="Connected").click()
    expect(alice.page.get_by_text("Supper is ready.")).to_be_visible()
    assert alice.page.evaluate(HARM) == []


def test_comments_and_messages(people: list[Person]) -> None:
    alice, bob = people
    send(alice, "POST", "posts", {"title": "", "source": "The lamp is lit."})
    send(bob, "PATCH", "me/profile", {"name": BREAKER})
    bob.follow(alice.address)
    look(bob, "/app/", "article")
    bob.comment("The lamp is lit", "\n".join(hostile.markup()[-20:])[:4_000])
    until(lambda: alice.page.evaluate("async () => (await fetch('/api/v1/comments/pending')).text()") != "[]")
    look(alice, "/app/waiting", "article, li")
    bob.message(alice.address)
    for text in batches([text for text in hostile.markup() if text.strip() and len(text) < 900], 8):
        bob.composer.fill(text)
        bob.composer.press("Enter")
        expect(bob.composer).to_have_value("")
    bob.composer.fill("That was all of it.")
    bob.composer.press("Enter")
    expect(bob.bubble("That was all of it.")).to_be_visible()
    assert bob.page.evaluate(HARM) == []
    alice.visit("/app/talk")
    alice.page.locator(".talk-list a").first.click()
    alice.press("Accept")
    expect(alice.bubble("That was all of it.")).to_be_visible()
    assert alice.page.evaluate(HARM) == []


def test_a_hostile_feed(people: list[Person], far: Elsewhere) -> None:
    alice = people[0]
    send(alice, "POST", "follows", {"address": f"{far.origin}/feed.json"})
    look(alice, "/app/", "article")
    for _ in range(3):
        alice.page.mouse.wheel(0, 20_000)
        alice.page.wait_for_load_state("networkidle")
    assert alice.page.evaluate(HARM) == []
