"""Feeds as others write them: read into one shape, item by item; no crash, nothing fetched or expanded."""

from __future__ import annotations

import contextlib
import json
import socket
from typing import Any

import pytest

from social.posts import markup, readers, reading
from social.posts.errors import Refusal
from tests.server import hostile

URL = "https://site.example/@ana/feed.json"


def json_feed(*items: Any, **more: Any) -> bytes:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Ana", "items": list(items), **more}
    return json.dumps(feed).encode()


def read_json(*items: Any, **more: Any) -> reading.Channel:
    return reading.read(json_feed(*items, **more), "application/feed+json", URL)


def test_a_json_feed_is_read() -> None:
    found = read_json(
        {"id": 7, "url": "/p/7", "title": " A  title ", "content_html": "<p>x<script>y</script></p>"},
        {"id": "8", "content_text": "two\n\nparts", "date_published": "2026-01-02T03:04:05+01:00"},
        authors=[{"name": "Ana"}],
        _porchlight={"address": "@ana@site.example", "account": "A" * 43, "name": "Ana"},
    )
    first, second = found.entries
    assert (first.guid, first.url, first.title) == ("7", "https://site.example/p/7", "A title")
    assert markup.to_html(first.body) == "<p>x</p>"
    assert markup.to_html(second.body) == "<p>two</p><p>parts</p>"
    assert (second.published, second.author) == (1767319445000, "Ana")
    assert (str(found.address), found.account) == ("@ana@site.example", "A" * 43)


@pytest.mark.parametrize(
    "bad",
    [
        None,
        7,
        [],
        {},
        {"id": {}, "url": 7},
        {"id": "x", "url": "javascript:x", "content_html": 5},
        {"content_html": None, "authors": "x", "title": {"a": 1}},
    ],
)
def test_one_bad_item_never_stops_the_others(bad: Any) -> None:
    entries = read_json({"id": "1", "content_text": "one"}, bad, {"id": "2", "content_text": "two"}).entries
    texts = [markup.to_text(entry.body) for entry in entries]
    assert [text for text in texts if text] == ["one", "two"]


def test_ids_are_made_unique_and_the_first_counts() -> None:
    found = read_json({"id": "1", "content_text": "new"}, {"id": "1", "content_text": "old"}).entries
    assert [markup.to_text(entry.body) for entry in found] == ["new"]


@pytest.mark.parametrize("date", ["yesterday", "", "0001-01-01T00:00:00Z", "99999-01-01", "-5", "2026-13-01"])
def test_a_date_that_is_none_is_no_date(date: str) -> None:
    (entry,) = read_json({"id": "1", "content_text": "x", "date_published": date}).entries
    assert entry.published is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"{}",
        b"[1]",
        b"null",
        b"<html><p>hello",
        b"plain words",
        b'{"version": "https://example.org/1"}',
        b"[" * 100_000,
        b"\xff\xfe{",
    ],
)
def test_what_is_no_feed_is_refused(data: bytes) -> None:
    with pytest.raises(Refusal, match="not_a_feed"):
        reading.read(data, "application/json" if data[:1] in b"{[n" else "text/html", URL)


@pytest.mark.parametrize("kind", ["illformed", "illformed/chardet", "encoding"])
def test_broken_and_oddly_encoded_feeds_are_read_or_refused(kind: str) -> None:
    read = 0
    for name, document in hostile.feeds(kind):
        with contextlib.suppress(Refusal):
            found = reading.read(document, "application/xml", URL)
            bodies = [markup.to_html(entry.body) for entry in found.entries]
            assert [hostile.harm(body) for body in bodies if hostile.harm(body)] == [], name
            read += 1
    assert read > len(hostile.feeds(kind)) // 4


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><link>https://r.example/</link>
<item><title>&lt;b&gt;Bold&lt;/b&gt;</title><link>https://r.example/1</link>
<guid isPermaLink="false">g1</guid><description>&lt;p onclick="x()"&gt;Hi&lt;/p&gt;</description>
<pubDate>Fri, 02 Jan 2026 02:04:05 GMT</pubDate></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>urn:x</id>
<updated>2026-01-02T02:04:05Z</updated><entry><id>urn:1</id><title>One</title>
<updated>2026-01-02T02:04:05Z</updated><link href="/1"/>
<content type="html">&lt;p&gt;Hi&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;</content></entry></feed>"""


@pytest.mark.parametrize(
    ("document", "kind", "guid", "title"), [(RSS, "rss", "g1", "Bold"), (ATOM, "atom", "urn:1", "One")]
)
def test_rss_and_atom_come_to_the_same_shape(document: str, kind: str, guid: str, title: str) -> None:
    found = reading.read(document.encode(), "application/xml", "https://r.example/feed")
    (entry,) = found.entries
    assert (found.kind, entry.guid, entry.title, entry.url) == (kind, guid, title, "https://r.example/1")
    assert entry.published == 1767319445000
    assert markup.to_html(entry.body) == "<p>Hi</p>"


ENTITIES = """<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "{value}">]><rss version="2.0"><channel>
<title>&a;</title><item><title>&a;</title><description>&a;</description></item></channel></rss>"""


@pytest.mark.parametrize("value", ["x" * 1000, "file:///etc/passwd", 'y">]><!-- SYSTEM "http://127.0.0.1:1/'])
def test_document_type_definitions_are_refused_and_ask_for_nothing(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("it asked"))
    with pytest.raises(Refusal, match="not_a_feed"):
        reading.read(ENTITIES.format(value=value).encode(), "application/rss+xml", URL)


def test_an_html_page_names_its_feeds_best_first() -> None:
    page = b"""<!doctype html><html><head><link rel="stylesheet" href="/x.css">
    <link rel='alternate' type='application/rss+xml' href='/rss'>
    <LINK REL="home alternate" TYPE="application/feed+json" HREF="feed.json?a=1&amp;b=2">
    <link rel="alternate" type="application/atom+xml" href="javascript:x"></head>"""
    found = reading.feed_links(page, "text/html", "https://h.example/a/")
    assert [link.url for link in found] == ["https://h.example/a/feed.json?a=1&b=2", "https://h.example/rss"]


def rss(*items: str) -> bytes:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f"<rss version='2.0'><channel><title>T</title>{inside}</channel></rss>".encode()


def read_xml(data: bytes, content_type: str = "application/xml") -> reading.Channel:
    return reading.read(data, content_type, "https://r.example/blog/feed")


@pytest.mark.parametrize("form", ["rss", "json"])
def test_of_a_long_feed_the_newest_are_taken_in_whatever_order_it_is(form: str) -> None:
    dates = [f"20{number // 100:02}-01-{1 + number % 28:02}T00:00:00Z" for number in range(300)]
    if form == "rss":
        items = [f"<guid>{n}</guid><title>t</title><pubDate>{date}</pubDate>" for n, date in enumerate(dates)]
        found = read_xml(rss(*items))
    else:
        found = read_json(*({"id": n, "title": "t", "date_published": date} for n, date in enumerate(dates)))
    assert sorted(int(one.guid) for one in found.entries) == list(range(200, 300))


def test_ids_of_a_feed_are_taken_as_they_are_wherever_it_lies() -> None:
    data = rss("<guid>7</guid><title>t</title>", "<guid>https://r.example/8</guid><title>u</title>")
    here, there = read_xml(data), reading.read(data, "", "https://moved.example/")
    found = [(one.guid, one.url) for one in here.entries]
    assert found == [("7", ""), ("https://r.example/8", "https://r.example/8")]
    assert found == [(one.guid, one.url) for one in there.entries]


def test_items_without_ids_that_lead_to_one_page_stay_apart() -> None:
    items = [f"<title>{name}</title><link>https://r.example/</link>" for name in "ab"]
    items.append("<title>c</title><link>https://r.example/c</link>")
    found = read_xml(rss(*items)).entries
    assert [one.title for one in found] == ["a", "b", "c"]
    assert found[2].guid == "https://r.example/c"


def test_titles_that_are_text_are_taken_as_they_stand() -> None:
    entry = "<entry><id>u</id><title type='{}'>{}</title></entry>"
    for kind, written, shown in [
        ("text", "Use &lt;b> &amp;amp; 1 &lt; 2", "Use <b> &amp; 1 < 2"),
        ("html", "&lt;b>Bold&lt;/b> &amp;amp; more", "Bold & more"),
    ]:
        data = f"<feed xmlns='http://www.w3.org/2005/Atom'>{entry.format(kind, written)}</feed>"
        assert read_xml(data.encode()).entries[0].title == shown


def test_what_a_post_says_of_definitions_is_no_definition() -> None:
    said = "<title>t</title><description><![CDATA[Write <!ENTITY a 'b'> there.]]></description>"
    assert len(read_xml(rss(said)).entries) == 1


HIDDEN = '<!DOCTYPE r [<!ENTITY a "bomb">]><rss version="2.0"><channel><title>&a;</title></channel></rss>'


@pytest.mark.parametrize("encoding", ["utf-7", "cp037", "unicode_escape", "utf-16", "utf-32"])
def test_definitions_are_found_in_every_encoding(encoding: str) -> None:
    document = f'<?xml version="1.0" encoding="{encoding}"?>{HIDDEN}'
    data = document.replace("<!", "\\x3c!").encode() if "escape" in encoding else document.encode(encoding)
    with pytest.raises(Refusal, match="not_a_feed"):
        read_xml(data)
    with pytest.raises(Refusal, match="not_a_feed"):
        read_xml(data, f"application/xml; charset={encoding}")


@pytest.mark.parametrize("content_type", ["application/json", "text/html", "text/plain", ""])
def test_a_feed_under_a_wrong_name_is_read(content_type: str) -> None:
    assert read_xml(rss("<title>t</title>"), content_type).kind == "rss"
    assert reading.read(json_feed({"id": "1", "title": "t"}), content_type, URL).kind == "json"


@pytest.mark.parametrize(
    ("date", "milliseconds"),
    [
        ("2026-01-02t02:04:05z", 1767319445000),
        ("2026-01-02T02:04:60Z", 1767319499000),
        ("Fri, 02 Jan 2026 02:04:05 GMT", 1767319445000),
        ("2026-01-02T02:04:05.123456789Z", 1767319445123),
    ],
)
def test_times_are_read_in_every_usual_form(date: str, milliseconds: int) -> None:
    (entry,) = read_json({"id": "1", "content_text": "x", "date_published": date}).entries
    assert entry.published == milliseconds


PAGE = """<html><head>{head}</head><div class="h-feed"><h1 class="p-name">caf\xe9 \u201cq\u201d</h1>
<div class="h-entry"><p class="e-content">x</p><a class="u-url" href="/1">1</a></div></div></html>"""


@pytest.mark.parametrize(
    ("encoding", "content_type", "head"),
    [
        ("utf-8", "text/html", ""),
        ("utf-8-sig", "text/html; charset=iso-8859-1", ""),
        ("utf-16", "text/html", ""),
        ("cp1252", "text/html; Charset=ISO-8859-1", ""),
        ("cp1252", "text/html", "<meta charset=windows-1252>"),
        ("cp1252", "text/html", "<meta http-equiv=Content-Type content='text/html; charset=latin1'>"),
        ("cp1252", "text/html", ""),
        ("utf-8", "text/html; charset=punycode", ""),
    ],
)
def test_pages_are_read_in_the_encoding_that_a_browser_would_take(
    encoding: str, content_type: str, head: str
) -> None:
    data = PAGE.format(head=head).encode(encoding)
    assert reading.read(data, content_type, URL, reading.PAGE).title == "caf\xe9 \u201cq\u201d"


def test_the_header_of_an_answer_names_feeds_too() -> None:
    header = """</c>; rel=stylesheet, <f.xml>; title="A, b"; rel="alternate me"; type=application/rss+xml"""
    (link,) = reading.feed_links(b"words", "text/plain", "https://h.example/a/", header)
    assert (link.url, link.title) == ("https://h.example/a/f.xml", "A, b")
    assert reading.feed_links(b"", "", URL, "<a>;x" + " " * 100_000 + ",") == []


def test_a_document_that_takes_too_much_is_refused_and_the_next_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(readers, "SECONDS", 1)
    deep = b"<html>" + b"<div class=h-entry>" * 30_000
    with pytest.raises(Refusal, match="not_a_feed"):
        readers.read(deep, "text/html", URL, reading.PAGE)
    monkeypatch.undo()
    data = json_feed(
        {"id": "1", "content_html": "<p>x", "attachments": [{"url": "/a.png", "mime_type": "image/png"}]},
        _porchlight={"address": "@ana@site.example", "account": "A" * 43, "name": "Ana"},
    )
    assert readers.read(data, "", URL) == reading.read(data, "", URL)
