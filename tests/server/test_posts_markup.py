"""Whatever people write or feeds bring, what is shown is made of allow-listed nodes only."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social.posts import markdown, markup
from tests.server import hostile


@pytest.mark.parametrize("make", [markup.from_html, markdown.to_tree, markup.from_text])
def test_nothing_hostile_survives_and_cleaning_again_changes_nothing(make: Any) -> None:
    for text in [*hostile.markup(), *hostile.naughty()]:
        html = markup.to_html(make(text))
        assert hostile.harm(html) == [], text
        if make is not markup.from_text:
            assert markup.to_html(markup.from_html(html)) == html, text


@given(st.text(alphabet="<>/=\"' abipscrtnodivhref:javlk&#;!-[]()*_`\n", max_size=200))
def test_no_mixture_gets_through(text: str) -> None:
    for tree in (markup.from_html(text), markdown.to_tree(text)):
        assert hostile.harm(markup.to_html(tree)) == []
        check_nodes(tree)


def check_nodes(tree: markup.Tree, depth: int = 0) -> None:
    assert depth <= markup.MAX_DEPTH
    for node in tree:
        if isinstance(node, dict):
            assert node.keys() == {"tag", "attrs", "children"}
            assert node["tag"] in markup.TAGS
            assert set(node["attrs"]) <= {"href", "title", "dir", "lang", "start"}
            check_nodes(node["children"], depth + 1)


SAME = [
    ("<p>One <b>two</b> <i>three</i></p>", "<p>One <b>two</b> <i>three</i></p>"),
    ("<div>plain</div>", "<p>plain</p>"),
    ("<div><p>a</p><p>b</p></div>", "<p>a</p><p>b</p>"),
    ("<p></p><p> </p>x", "x"),
    ('<a href="javascript:x()">words</a>', "words"),
    ('<ol start="3"><li>c</li></ol>', '<ol start="3"><li>c</li></ol>'),
    ("<p>a &lt; b &amp; c</p>", "<p>a &lt; b &amp; c</p>"),
    ('<p dir="rtl" lang="ar" class="x" id="y">م</p>', '<p dir="rtl" lang="ar">م</p>'),
    ("<pre>a\n  b</pre>", "<pre>a\n  b</pre>"),
]


@pytest.mark.parametrize(("given", "shown"), SAME)
def test_harmless_markup_survives(given: str, shown: str) -> None:
    assert markup.to_html(markup.from_html(given)) == shown


def test_relative_links_are_resolved_and_pictures_become_links() -> None:
    html = markup.to_html(
        markup.from_html('<a href="b">x</a> <img src="/c.png" alt="see">', "https://a.example/d/")
    )
    assert 'href="https://a.example/d/b"' in html
    assert 'href="https://a.example/c.png"' in html
    assert "<img" not in html


def test_bare_addresses_are_links_but_not_in_code() -> None:
    html = markup.to_html(markdown.to_tree("See https://a.example/x. `https://b.example/`"))
    assert 'href="https://a.example/x"' in html
    assert html.count("<a ") == 1


def test_headings_are_numbered_without_gaps() -> None:
    tree = markup.from_html("<h2>a</h2><h5>b</h5><h2>c</h2>")
    assert markup.to_html(markup.with_headings(tree, 3)) == "<h3>a</h3><h4>b</h4><h3>c</h3>"


@pytest.mark.parametrize(
    "text",
    [">" * 50_000, "[" * 50_000, "*a **b " * 8_000, "<b>" * 30_000, "<p><b><i>" * 11_000, "|a" * 20_000],
)
def test_no_input_takes_long(text: str) -> None:
    begun = time.process_time()
    for tree in (markdown.to_tree(text), markup.from_html(text)):
        assert len(markup.to_html(tree)) < 2_000_000
    assert time.process_time() - begun < 8
