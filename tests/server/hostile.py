"""Other people's collections of hostile input (tests/data/hostile), and what their results must not hold."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib

FOLDER = Path(__file__).parents[1] / "data" / "hostile"
FORBIDDEN = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "form",
    "base",
    "meta",
    "svg",
    "math",
    "template",
}
ALLOWED_LINKS = ("http://", "https://", "mailto:")
LINKING = {
    "href",
    "src",
    "action",
    "formaction",
    "srcset",
    "poster",
    "background",
    "data",
    "ping",
    "xlink:href",
}


def markup() -> list[str]:
    """Hostile HTML."""
    purify = [str(case["payload"]) for case in read("dompurify_expect")]
    return purify + [str(case["input"]) for case in read("bleach_xss")]


def naughty() -> list[str]:
    """Naughty strings."""
    return [str(text) for text in read("blns")]


def feeds(kind: str) -> list[tuple[str, bytes]]:
    """(name, document) of feedparser's broken or oddly encoded feeds."""
    found = []
    for case in read("feedparser_illformed_encoding")[kind]:
        data = (
            base64.b64decode(case["b64"]) if "b64" in case else case["text"].encode("utf-8", "surrogatepass")
        )
        found.append((str(case["file"]), data))
    return found


def read(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def harm(html: str) -> list[str]:
    """What a browser would find in this piece of HTML that must never be there."""
    found = []
    for element in html5lib.parseFragment(html, namespaceHTMLElements=False).iter():
        if not isinstance(element.tag, str):
            continue
        tag = element.tag.rpartition("}")[2]
        if tag in FORBIDDEN:
            found.append(f"<{tag}>")
        found += [f"{name}={value}" for name, value in attributes(element) if is_harmful(name, value)]
    return found


def attributes(element: Any) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        yield str(name).rpartition("}")[2].lower(), str(value)


def is_harmful(name: str, value: str) -> bool:
    if name.startswith("on") or name == "style":
        return True
    return name in LINKING and not value.strip().lower().startswith(ALLOWED_LINKS)
