"""The one way from somebody's HTML or Markdown to what is shown.

Promise: whatever comes in, only the elements and attributes below come out, links are http, https or
mailto, nothing is loaded from elsewhere (an image becomes a link to it) and nesting is at most `MAX_DEPTH`.
Two judges agree on it: nh3 parses as a browser does and cleans; the builder then takes from the result only
what it knows, and pages and the API are made from that tree alone.

A node is a string, or `{"tag": str, "attrs": {str: str}, "children": [node…]}`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    import nh3

Node: TypeAlias = str | dict[str, Any]
Tree: TypeAlias = list[Node]

MAX_DEPTH = 24
MAX_URL = 2000
MAX_HTML = 100_000  # characters; the rest is cut off

BLOCKS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote"}
BLOCKS |= {"pre", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "hr", "br"}
INLINE = {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark"}
INLINE |= {"q", "s", "samp", "small", "strong", "sub", "sup", "time", "u", "var", "wbr"}
VOID = {"br", "hr", "wbr"}
VERBATIM = {"a", "code", "pre"}
TAGS = BLOCKS | INLINE
APART = BLOCKS - {"br"}  # cannot stand inside a paragraph
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "ol": {"start"},
    "img": {"src", "alt"},
}
ATTRIBUTE_FORM = {
    "dir": re.compile(r"ltr|rtl|auto"),
    "lang": re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}"),
    "start": re.compile(r"[0-9]{1,6}"),
    "title": re.compile(r".{1,300}", re.DOTALL),
}
SCHEMES = {"http", "https", "mailto"}
GONE_WITH_CONTENT = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math"}
GONE_WITH_CONTENT |= {"head", "title"}
BARE_URL = re.compile(r"https?://[^\s<>\"'()\[\]{}]+[^\s<>\"'()\[\]{}.,;:!?]")


def from_html(html: str, base: str = "") -> Tree:
    """The tree of a stranger's HTML; relative links are resolved against `base`, else dropped."""
    builder = _Builder(base)
    builder.feed(_cleaner().clean(html[:MAX_HTML]))
    builder.close()
    return builder.finish()


def from_text(text: str) -> Tree:
    """The tree of plain text: a paragraph for each block of lines, line ends kept."""
    paragraphs = [part.strip("\n") for part in re.split(r"\n[ \t]*\n", text[:MAX_HTML].replace("\r\n", "\n"))]
    return [_paragraph(part) for part in paragraphs if part.strip()]


def to_html(tree: Iterable[Node]) -> str:
    """The HTML of a tree, made of nothing but its nodes."""
    return "".join(_node_html(node) for node in tree)


def to_text(tree: Iterable[Node]) -> str:
    """What a reader would see, without markup, white space folded."""
    return " ".join("".join(_node_text(node) for node in tree).split())


def hrefs(tree: Iterable[Node]) -> Iterator[str]:
    """Where the links lead, in their order."""
    for node in tree:
        if isinstance(node, dict):
            if "href" in node["attrs"]:
                yield node["attrs"]["href"]
            yield from hrefs(node["children"])


def prose(tree: Iterable[Node]) -> Iterator[str]:
    """The texts outside links and code, where words may mean more than themselves."""
    for node in tree:
        if isinstance(node, str):
            yield node
        elif node["tag"] not in VERBATIM:
            yield from prose(node["children"])


def with_prose(tree: Iterable[Node], change: Callable[[str], Tree]) -> Tree:
    """The same with each text outside links and code as `change` makes it."""
    nodes: Tree = []
    for node in tree:
        if isinstance(node, str):
            nodes += change(node)
        elif node["tag"] in VERBATIM:
            nodes.append(node)
        else:
            nodes.append({**node, "children": with_prose(node["children"], change)})
    return nodes


def with_headings(tree: Iterable[Node], top: int) -> Tree:
    """The same with its headings numbered from `top` without gaps, as a page's outline needs them."""
    nodes = list(tree)
    used = sorted(_heading_levels(nodes))
    ranks = {level: f"h{min(top + place, 6)}" for place, level in enumerate(used)}
    return [_renamed(node, ranks) for node in nodes]


def link(url: str, base: str = "") -> str | None:
    """An absolute link of an allowed scheme, or None."""
    if not url.strip():
        return None
    try:
        absolute = urljoin(base, url.strip())
        parts = urlsplit(absolute)
    except ValueError:
        return None
    if len(absolute) > MAX_URL or parts.scheme not in SCHEMES or any(c in absolute for c in "\\\0\n\r\t"):
        return None
    return absolute if parts.scheme == "mailto" or parts.hostname else None


@lru_cache(maxsize=1)
def _cleaner() -> "nh3.Cleaner":
    import nh3

    return nh3.Cleaner(
        tags=TAGS | {"img", "div", "span"},
        clean_content_tags=GONE_WITH_CONTENT,
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=SCHEMES,
        link_rel=None,
        strip_comments=True,
    )


class _Builder(HTMLParser):
    """Reads nh3's output, which is well formed; what it does not know it drops and keeps the words."""

    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base = base
        self.trees: list[Tree] = [[]]
        self.open: list[tuple[str, bool]] = []  # (tag, whether it pushed onto trees)
        self.verbatim = 0  # how many of a, code, pre are open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "img":
            self.trees[-1].extend(_image(given, self.base))
            return
        node = _element(tag, given, self.base)
        taken = node is not None and len(self.trees) <= MAX_DEPTH
        if node is not None and taken:
            self.trees[-1].append(node)
        if tag in VOID:
            return
        if node is not None and taken:
            self.trees.append(node["children"])
        self.open.append((tag, taken))
        self.verbatim += tag in VERBATIM

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1][0] == tag:
            _, taken = self.open.pop()
            if taken:
                self.trees.pop()
            self.verbatim -= tag in VERBATIM

    def handle_data(self, data: str) -> None:
        self.trees[-1].extend([data] if self.verbatim else _with_links(data))

    def finish(self) -> Tree:
        return _tidy(self.trees[0])


def _element(tag: str, given: dict[str, str], base: str) -> dict[str, Any] | None:
    if tag not in TAGS and tag != "div":
        return None
    attrs: dict[str, str] = {}
    for name in sorted(given):
        form = ATTRIBUTE_FORM.get(name)
        known = name in ATTRIBUTES["*"] or name in ATTRIBUTES.get(tag, ())
        if known and form and form.fullmatch(given[name]):
            attrs[name] = given[name]
    if tag == "a":
        href = link(given.get("href", ""), base) if given.get("href") else None
        if href is None:
            return None
        attrs = {"href": href, **attrs}
    return {"tag": tag, "attrs": attrs, "children": []}


def _paragraph(text: str) -> Node:
    children: Tree = []
    for number, line in enumerate(text.split("\n")):
        children += [{"tag": "br", "attrs": {}, "children": []}] if number else []
        children += _with_links(line)
    return {"tag": "p", "attrs": {}, "children": children}


def _anchor(url: str, text: str) -> Node:
    return {"tag": "a", "attrs": {"href": url}, "children": [text]}


def _image(given: dict[str, str], base: str) -> Tree:
    """Pictures from elsewhere would tell a stranger who reads: they become a link."""
    url, alt = link(given.get("src", ""), base), given.get("alt", "").strip()
    if url is None or not url.startswith("http"):
        return [alt] if alt else []
    return [_anchor(url, alt or url.rsplit("/", 1)[-1] or url)]


def _with_links(text: str) -> Tree:
    parts: Tree = []
    end = 0
    for match in BARE_URL.finditer(text):
        if link(match.group()) is None:
            continue
        parts += [text[end : match.start()], _anchor(match.group(), match.group())]
        end = match.end()
    return [part for part in [*parts, text[end:]] if part]


def _tidy(nodes: Tree) -> Tree:
    """Paragraphs and links that came to nothing go, a `div` or `p` around blocks gives way to them, any other
    `div` is a paragraph, and neighbouring strings become one."""
    tidy: Tree = []
    for node in nodes:
        for kept in [node] if isinstance(node, str) else _tidy_element(node):
            if isinstance(kept, str) and tidy and isinstance(tidy[-1], str):
                tidy[-1] += kept
            else:
                tidy.append(kept)
    return tidy


def _tidy_element(node: dict[str, Any]) -> Tree:
    children = node["children"] = _tidy(node["children"])
    if node["tag"] in {"p", "div"} and any(isinstance(c, dict) and c["tag"] in APART for c in children):
        return children
    if node["tag"] in {"p", "div", "a"} and not any(isinstance(c, dict) or c.strip() for c in children):
        return []
    if node["tag"] == "div":
        node["tag"] = "p"
    return [node]


def _heading_levels(nodes: Tree) -> set[str]:
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, dict):
            found |= {node["tag"]} & HEADINGS | _heading_levels(node["children"])
    return found


def _renamed(node: Node, names: dict[str, str]) -> Node:
    if isinstance(node, str):
        return node
    children = [_renamed(child, names) for child in node["children"]]
    return {**node, "tag": names.get(node["tag"], node["tag"]), "children": children}


def _node_html(node: Node) -> str:
    if isinstance(node, str):
        return escape(node, quote=False)
    tag = node["tag"]
    attrs = "".join(f' {name}="{escape(value)}"' for name, value in node["attrs"].items())
    if tag == "a":
        attrs += ' rel="nofollow noopener noreferrer"'
    if tag in VOID:
        return f"<{tag}{attrs}>"
    return f"<{tag}{attrs}>{to_html(node['children'])}</{tag}>"


def _node_text(node: Node) -> str:
    if isinstance(node, str):
        return node
    inner = "".join(_node_text(child) for child in node["children"])
    return f" {inner} " if node["tag"] in BLOCKS else inner
