"""Every kind of public page is strictly valid HTML, and feeds keep their standards' rules, in any script."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ElementTree
from datetime import datetime

import feedparser
import html5lib
import pytest

from social.accounts.models import User
from social.people import profiles
from social.posts import writing
from social.public import build, published
from social.public.models import PublishedPage
from tests.server.conftest import Member

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
WORDS = [
    ('Lantern & "gate" <b>', "Some *words* <i>raw</i> #lamp\n\n- one\n- two\n\n> said\n\n```\ncode\n```"),
    ("مرحبا بالعالم", "نص عربي مع emoji 🏮 #مصباح"),
    ("你好，世界", "中文內容 👩‍👩‍👧 #燈"),
    ("Tere õhtust", "Öösel põleb tuli. #õhtu"),
    ("", "No title, only 🏮 words."),
]


@pytest.fixture
def pages(alice: Member) -> dict[str, PublishedPage]:
    """All that is published of a member who writes in five scripts, by path."""
    author = User.objects.get(username="alice")
    profiles.change(author, {"name": "Ana <b>", "position": "Хранитель", "description": "Two\n& more 🏮"})
    posts = [writing.publish(author, title, text) for title, text in WORDS]
    writing.edit(posts[0], "Changed", "Other words. #lamp")
    writing.delete(writing.publish(author, "Soon", "gone"))
    build.ensure_current()
    return {page.path: page for page in PublishedPage.objects.all()}


def ids(tree: ElementTree.Element) -> list[str]:
    return [one.get("id", "") for one in tree.iter() if one.get("id")]


def test_every_page_is_strictly_valid(pages: dict[str, PublishedPage]) -> None:
    html = {
        path: bytes(page.body).decode() for path, page in pages.items() if page.content_type == published.HTML
    }
    assert len(html) > 12
    for path, text in html.items():
        tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
        assert len(ids(tree)) == len(set(ids(tree))), path
        assert len(tree.findall(".//h1")) == 1, path
        assert len(tree.findall(".//main")) == 1, path
        assert all(one.get("alt") is not None for one in tree.iter("img")), path
        assert not re.search(r"\son\w+=|style=|javascript:", text), path


def test_words_of_any_direction_lie_in_elements_that_find_it(pages: dict[str, PublishedPage]) -> None:
    for path, page in pages.items():
        if not re.fullmatch(r"/@alice/[^/.]+", path) or page.status != 200:
            continue
        tree = html5lib.parse(bytes(page.body).decode(), namespaceHTMLElements=False)
        for one in tree.iter("div"):
            if "words" in (one.get("class") or "").split():
                assert one.get("dir") == "auto", path


def test_atom_feeds_keep_the_rules_of_rfc_4287(pages: dict[str, PublishedPage]) -> None:
    feeds = {path: bytes(page.body) for path, page in pages.items() if page.content_type == published.ATOM}
    assert len(feeds) >= 4
    for path, body in feeds.items():
        parsed = feedparser.parse(io.BytesIO(body))
        assert not parsed.bozo, path
        feed = ElementTree.fromstring(body)
        entries = feed.findall(f"{ATOM}entry")
        newest = datetime.fromisoformat(feed.findtext(f"{ATOM}updated") or "")
        for element in (feed, *entries):
            for name in ("id", "title", "updated"):
                assert len(element.findall(f"{ATOM}{name}")) == 1, (path, name)
            alternates = [one for one in element.findall(f"{ATOM}link") if one.get("rel") == "alternate"]
            assert len(alternates) == 1, path
            assert re.match(r"urn:uuid:|https?://", element.findtext(f"{ATOM}id") or ""), path
        for entry in entries:
            assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated") or "") <= newest
            assert len(entry.findall(f"{ATOM}content")) == 1
        found = [entry.findtext(f"{ATOM}id") for entry in entries]
        assert len(found) == len(set(found))


def test_a_post_names_its_author_and_tags_in_its_head(
    pages: dict[str, PublishedPage],
) -> None:
    path = next(path for path, page in pages.items() if re.fullmatch(r"/@alice/lantern[^/]*", path))
    tree = html5lib.parse(bytes(pages[path].body).decode(), namespaceHTMLElements=False)
    said = [(one.get("property"), one.get("content")) for one in tree.iter("meta")]
    assert ("article:tag", "lamp") in said
    assert ("article:author", "http://localhost:8001/@alice") in said
