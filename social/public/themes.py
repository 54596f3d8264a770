"""Themes: a folder `themes/<name>/` in the site's data folder or in the checkout; `looks` says which is used.

`theme.json` names it and its author; `tokens.css` is one `:root` block that gives properties of the app's
`tokens.css` other values. Nothing else is taken of it: no other property, rule, address or import. A theme
whose texts or marks would be hard to see is refused as well, so a theme cannot make a page illegible.
`templates/` may put parts of pages together otherwise (`theme_templates`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from django.conf import settings

from social.public import theme_templates
from social.public.theme_templates import BadTemplate, Sources

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
LONGEST = 20_000
COMMENT = re.compile(r"/\*.*?\*/", re.S)
BLOCK = re.compile(r"\s*:root\s*\{([^{}]*)\}\s*")
LINE = re.compile(r"--([a-z0-9-]+)\s*:\s*(.+)", re.S)
PAIR = re.compile(r"light-dark\(\s*(#[0-9a-f]{6})\s*,\s*(#[0-9a-f]{6})\s*\)", re.I)
PLAIN = re.compile(r"""[\w\s#%.,()"'/+*-]+""")
CALLS = {"light-dark", "rgb", "hsl", "oklch", "calc", "min", "max", "clamp", "cubic-bezier"}

SURFACES = ("paper", "raised", "wash", "glow")
LIGHTS = ("accent", "light-green", "light-yellow", "light-orange", "light-red")
ON_COLOUR = (("accent-ink", "accent"), ("danger-ink", "light-red"), ("paper", "ink"))
TEXT, MARK = 4.5, 3.0
STILL = "@media (prefers-reduced-motion: reduce) {\n  :root {\n    --motion: 0ms;\n  }\n}\n"
Tokens = dict[str, str]


class BadTheme(ValueError):
    """The message says what is wrong, for whoever made or chose the theme."""


@dataclass(frozen=True, slots=True)
class Theme:
    """`tokens` are those of the app with the theme's own in their place."""

    name: str
    title: str
    author: str
    css: bytes
    templates: Sources = ()
    tokens: tuple[tuple[str, str], ...] = ()


def read(name: str, folders: list[Path], basis: str) -> Theme:
    """The theme of that name in the first folder that has it; `basis` is the text of the app's tokens.css."""
    places = [folder / name for folder in folders] if NAME.fullmatch(name) else []
    found = next((place for place in places if place.is_dir()), None)
    if found is None:
        raise BadTheme(f"There is no theme {name!r}.")
    try:
        about = json.loads((found / "theme.json").read_bytes())
        title, author = str(about["name"]), str(about["author"])
        source = (found / "tokens.css").read_text(encoding="utf-8")
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise BadTheme(f"The theme {name} needs theme.json (name, author) and tokens.css: {error}") from error
    try:
        templates = theme_templates.read(found)
    except BadTemplate as error:
        raise BadTheme(str(error)) from error
    tokens = checked(source, basis)
    whole = {**tokens_of(first_block(basis)), **tokens}
    return Theme(name, title, author, written(tokens), templates, tuple(whole.items()))


def written(tokens: Tokens) -> bytes:
    """The stylesheet of a theme, to stand after the app's tokens.css. Who wants no motion has none."""
    lines = "".join(f"  --{key}: {value};\n" for key, value in tokens.items())
    still = STILL if "motion" in tokens else ""
    return f":root {{\n{lines}}}\n{still}".encode()


def basis() -> str:
    """The text of the app's tokens.css."""
    found: str = (settings.ROOT / "frontend" / "src" / "ui" / "tokens.css").read_text(encoding="utf-8")
    return found


def checked(source: str, basis: str) -> Tokens:
    """The properties of a theme, or BadTheme."""
    known, own = tokens_of(first_block(basis)), parsed(source)
    if strange := sorted(own.keys() - known.keys()):
        raise BadTheme(f"There is no property --{strange[0]} to change.")
    if faint := list(too_faint({**known, **own})):
        raise BadTheme("Hard to see: " + "; ".join(faint))
    return own


def parsed(source: str) -> Tokens:
    block = BLOCK.fullmatch(COMMENT.sub("", source))
    if block is None or len(source) > LONGEST:
        raise BadTheme("tokens.css holds one :root block and nothing else.")
    tokens = tokens_of(block.group(1))
    for name, value in tokens.items():
        calls = set(re.findall(r"([\w-]+)\s*\(", value))
        if not PLAIN.fullmatch(value) or calls - CALLS or not closed(value):
            raise BadTheme(f"--{name} has a value that a theme may not use.")
    return tokens


def closed(value: str) -> bool:
    """Whether it closes each string and parenthesis that it opens, and so swallows nothing after it."""
    bare = re.sub(r"\"[^\"]*\"|'[^']*'", "", value)
    depth = 0
    for letter in bare:
        depth += (letter == "(") - (letter == ")")
        if depth < 0 or letter in "\"'":
            return False
    return depth == 0


def first_block(css: str) -> str:
    start = COMMENT.sub("", css).partition(":root {")[2]
    return start.partition("}")[0]


def tokens_of(block: str) -> Tokens:
    tokens = {}
    for line in filter(None, map(str.strip, block.split(";"))):
        if line.startswith("color-scheme"):
            continue
        found = LINE.fullmatch(line)
        if found is None:
            raise BadTheme(f"This is no custom property: {line[:60]}")
        tokens[found.group(1)] = " ".join(found.group(2).split())
    return tokens


def too_faint(tokens: Tokens) -> Iterator[str]:
    """What has too little contrast, by day and at dusk: texts 4.5 to 1, marks 3 to 1."""
    texts = [*product(("ink", "muted", *LIGHTS), SURFACES), *ON_COLOUR]
    for pairs, least in ((texts, TEXT), ([*product(("edge", *LIGHTS), SURFACES)], MARK)):
        for one, other in pairs:
            for scheme, (a, b) in enumerate(zip(colours(tokens, one), colours(tokens, other), strict=True)):
                if (ratio := contrast(a, b)) < least:
                    yield f"{one} on {other}, {('by day', 'at dusk')[scheme]}: {ratio:.2f}, not {least}"


def colours(tokens: Tokens, name: str) -> tuple[str, str]:
    pair = PAIR.fullmatch(tokens.get(name, ""))
    if pair is None:
        raise BadTheme(f"--{name} is light-dark(#rrggbb, #rrggbb).")
    return pair.group(1), pair.group(2)


def contrast(a: str, b: str) -> float:
    """Of two colours, as WCAG 2 has it: 1 to 21."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
