"""A theme's own templates: parts of the public pages put together otherwise, and nothing more.

A theme may replace the templates in REPLACEABLE. Its templates are read once and held to a grammar of tags
and filters: no code, nothing unescaped, nothing included but these and the site's own. Script, style and
addresses of others are refused as well, so that whoever makes a theme hears of it; what keeps a browser from
them is the site's Content-Security-Policy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.template import Engine, TemplateSyntaxError
from django.template.base import Lexer, Token, TokenType

OWN = Path(__file__).parent / "templates"
FOLDER = "public"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


REPLACEABLE = _words(
    "archive entry face front history lines list period person post recommended search shows site tag"
    " tags turn"
)
LONGEST = 20_000
TAGS = _words(
    "block endblock if elif else endif for empty endfor with endwith translate blocktranslate plural"
    " endblocktranslate firstof cycle spaceless endspaceless"
)
FILTERS = _words(
    "date default default_if_none filesizeformat first join last length linebreaks linebreaksbr lower"
    " pluralize slice time title truncatechars truncatewords upper yesno"
)
NAMED = re.compile(r'(?:include|extends)\s+"public/[a-z]+\.html"')
LOADED = re.compile(r"load\s+i18n")
FILTER = re.compile(r"\|\s*(\w+)")
MARKUP = re.compile(
    r"<\s*/?\s*(?:script|style|link|base|iframe|frame|object|embed|form|input|button|template|title)\b"
    r"|\son\w+\s*=|\bstyle\s*=|\bsrcdoc\b|javascript:|http-equiv|<!doctype|<html|<head|<body"
    r"""|\b(?:src|srcset|href|poster|data|action)\s*=\s*(?!"(?:/|#|\{\{)(?!/))""",
    re.I,
)
Sources = tuple[tuple[str, str], ...]
"""(name, text), sorted."""


class BadTemplate(ValueError):
    """The message says which template and what is wrong with it."""


def read(theme: Path) -> Sources:
    """The templates of the theme in this folder. Raises BadTemplate."""
    folder = theme / "templates" / FOLDER
    if not folder.is_dir():
        return ()
    found = tuple(sorted((f"{FOLDER}/{path.name}", _text(path, theme)) for path in folder.iterdir()))
    for name, text in found:
        check(name, text)
    _compile(found)
    return found


def _text(path: Path, theme: Path) -> str:
    name = path.name
    if path.suffix != ".html" or path.stem not in REPLACEABLE:
        raise BadTemplate(f"{name}: there is no such part to replace.")
    if not path.resolve().is_relative_to(theme.resolve()) or not path.is_file():
        raise BadTemplate(f"{name}: it lies outside the theme.")
    if path.stat().st_size > LONGEST:
        raise BadTemplate(f"{name}: it is longer than {LONGEST} bytes.")
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadTemplate(f"{name}: it cannot be read.") from error


def check(name: str, text: str) -> None:
    """Raises BadTemplate for anything that a theme may not do."""
    tokens = Lexer(text).tokenize()
    for token in tokens:
        for problem in _problems(token):
            raise BadTemplate(f"{name}, line {token.lineno}: {problem}")
    words = "".join(_bare(token) for token in tokens)
    if found := MARKUP.search(words):
        raise BadTemplate(f"{name}: {found[0].strip()!r} may not stand in a theme.")


def _problems(token: Token) -> Iterator[str]:
    if token.token_type == TokenType.BLOCK:
        tag = token.contents.split(None, 1)[0] if token.contents else ""
        allowed = (
            tag in TAGS or NAMED.fullmatch(_without_with(token.contents)) or LOADED.fullmatch(token.contents)
        )
        if not allowed:
            yield f"the tag {token.contents[:40]!r} may not stand in a theme."
    if token.token_type in (TokenType.BLOCK, TokenType.VAR):
        for name in FILTER.findall(token.contents):
            if name not in FILTERS:
                yield f"the filter {name!r} may not stand in a theme."


def _without_with(contents: str) -> str:
    """An include may be given values."""
    return re.split(r"\s+with\s+", contents, maxsplit=1)[0] if contents.startswith("include") else contents


def _bare(token: Token) -> str:
    """The token as it stands in markup, without the parts that are never written out."""
    if token.token_type == TokenType.TEXT:
        return token.contents
    return "{{ }}" if token.token_type == TokenType.VAR else ""


def _compile(sources: Sources) -> None:
    made = engine(sources)
    for name, _ in sources:
        try:
            made.get_template(name)
        except TemplateSyntaxError as error:
            raise BadTemplate(f"{name}: {error}") from error


def engine(sources: Sources) -> Engine:
    """What renders the site's pages with these in place of its own."""
    loaders = [
        ("django.template.loaders.locmem.Loader", dict(sources)),
        ("django.template.loaders.filesystem.Loader", [str(OWN)]),
    ]
    return Engine(
        loaders=[("django.template.loaders.cached.Loader", loaders)],
        libraries={"i18n": "django.templatetags.i18n"},
        autoescape=True,
    )
