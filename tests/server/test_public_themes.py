"""Themes: the shipped ones and the default are legible, a theme changes tokens and can do nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from social.accounts.models import User
from social.posts import writing
from social.public import assets, build, looks, theme_templates, themes
from social.public.models import Look
from social.public.themes import BadTheme
from tests.server.conftest import Member

TOKENS = (settings.ROOT / "frontend" / "src" / "ui" / "tokens.css").read_text()
SHIPPED = sorted(folder.name for folder in (settings.ROOT / "themes").iterdir() if folder.is_dir())


def test_contrast_is_that_of_wcag() -> None:
    assert themes.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert themes.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_default_is_legible_by_day_and_at_dusk() -> None:
    assert list(themes.too_faint(themes.tokens_of(themes.first_block(TOKENS)))) == []


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_themes_are_taken(name: str) -> None:
    theme = themes.read(name, [settings.ROOT / "themes"], TOKENS)
    assert theme.title
    assert theme.author
    assert theme.css.startswith(b":root {\n  --")


@pytest.mark.parametrize(
    "css",
    [
        "",
        "body { color: red; }",
        ":root { color: red; }",
        ":root { --paper: light-dark(#ffffff, #000000); } body {}",
        "@import 'x.css'; :root { --radius: 0px; }",
        ":root { --reading: url(//elsewhere.example/a); }",
        ":root { --reading: u\\72l(x); }",
        ":root { --reading: image-set('x'); }",
        ":root { --reading: 'a; }",
        ":root { --radius: calc(1px; }",
        ":root { --radius: )1px(; }",
        ":root { --unheard-of: 1px; }",
        ":root { --ink: red; }",
        ":root { --radius: 1px</style>; }",
        ":root { --radius: 1px; /* open }",
    ],
)
def test_anything_else_is_refused(css: str) -> None:
    with pytest.raises(BadTheme):
        themes.checked(css, TOKENS)


def test_a_theme_that_is_hard_to_see_is_refused_with_what_and_when() -> None:
    with pytest.raises(BadTheme, match="ink on paper, at dusk"):
        themes.checked(":root { --ink: light-dark(#000000, #222222); }", TOKENS)


def test_a_theme_moves_nothing_for_those_who_want_no_motion() -> None:
    moving = themes.written(themes.checked(":root { --motion: 300ms; }", TOKENS)).decode()
    assert moving.index("--motion: 300ms") < moving.index("prefers-reduced-motion: reduce")
    assert b"@media" not in themes.written(themes.checked(":root { --radius: 1px; }", TOKENS))


@pytest.fixture
def fresh(db: None) -> Iterator[None]:
    looks.read.cache_clear()
    yield
    looks.read.cache_clear()


@pytest.fixture
def mine(fresh: None, tmp_path: Path) -> Iterator[Path]:
    """A theme in the data folder that can be used, and nothing else to choose."""
    folder = tmp_path / "themes" / "mine"
    (folder / "templates" / "public").mkdir(parents=True)
    (folder / "theme.json").write_text('{"name": "Mine", "author": "Me"}')
    (folder / "tokens.css").write_text(":root { --radius: 0px; }")
    with override_settings(THEME_FOLDERS=[tmp_path / "themes"]):
        yield folder


def replace(theme: Path, name: str, text: str) -> None:
    (theme / "templates" / "public" / name).write_text(text)


def test_a_theme_of_the_data_folder_restyles_the_pages(mine: Path) -> None:
    before = assets.stylesheet().path
    with override_settings(THEME="mine"):
        page = assets.stylesheet()
    assert page.path != before
    css = page.body.decode()
    assert css.index("--radius: 10px") < css.index("--radius: 0px") < css.index(".skip")


@pytest.mark.parametrize("name", ["none-such", "../secrets", "A"])
def test_a_theme_that_is_not_there_stops_the_start(fresh: None, name: str) -> None:
    with override_settings(THEME=name), pytest.raises(ImproperlyConfigured, match="PORCHLIGHT_THEME"):
        assets.stylesheet()


@pytest.mark.parametrize(
    "text",
    [
        "{% load static %}",
        "{% load i18n tz %}",
        "{% debug %}",
        "{% autoescape off %}{{ person.name }}{% endautoescape %}",
        "{{ person.description|safe }}",
        "{% if person.name|safe %}{% endif %}",
        "{{ person.description | safe }}",
        "{% include person.name %}",
        '{% include "failure.html" %}',
        '{% include "public/../../secrets.html" %}',
        '{% extends "admin/base.html" %}',
        "{% url 'x' %}",
        "{% csrf_token %}",
        "<script src='/app/x.js'></script>",
        "<b><SCRIPT>",
        "<p onclick=alert(1)>",
        "<p style='position:fixed'>",
        "<img src=https://elsewhere.example/a.png>",
        '<img src="//elsewhere.example/a.png">',
        '<a href="javascript:alert(1)">',
        "<a href='{{ x }}'>",
        "<iframe></iframe>",
        '<form action="/x"></form>',
        "<scr{# #}ipt>",
        "{% comment %}x{% endcomment %}",
        "{% if x %}",
        "x" * 20_001,
    ],
)
def test_templates_of_a_theme_can_do_nothing_else(mine: Path, text: str) -> None:
    replace(mine, "entry.html", text)
    with pytest.raises(BadTheme):
        themes.read("mine", [mine.parent], TOKENS)


@pytest.mark.parametrize("name", ["base.html", "time.html", "other.html", "entry.py", "gone.html"])
def test_only_parts_of_pages_are_replaced(mine: Path, name: str) -> None:
    replace(mine, name, "x")
    with pytest.raises(BadTheme, match="no such part"):
        themes.read("mine", [mine.parent], TOKENS)


def test_a_template_may_not_lie_elsewhere(mine: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the key")
    (mine / "templates" / "public" / "entry.html").symlink_to(secret)
    with pytest.raises(BadTheme, match="outside"):
        themes.read("mine", [mine.parent], TOKENS)


@pytest.mark.parametrize("name", ["archive", "entry", "face", "front", "list", "shows", "turn"])
def test_a_theme_can_begin_with_a_copy(mine: Path, name: str) -> None:
    own = theme_templates.OWN / "public" / f"{name}.html"
    replace(mine, own.name, own.read_text())
    assert themes.read("mine", [mine.parent], TOKENS).templates


def page(member: Member) -> str:
    return str(member.client.get("/@alice").content.decode())


@pytest.fixture
def owner(alice: Member) -> Member:
    User.objects.filter(username="alice").update(role=User.OWNER)
    author = User.objects.get(username="alice")
    writing.publish(author, "A <b>lamp</b>", "Lit.")
    build.ensure_current()
    return alice


def test_the_owner_looks_then_chooses(owner: Member, mine: Path) -> None:
    replace(mine, "entry.html", "<article>Mine: {{ post.title }}</article>")
    before = page(owner)
    offered = owner.client.get("/api/v1/site/look").json()
    assert offered["theme"] == ""
    assert [(one["name"], one["title"], one["problem"]) for one in offered["themes"]] == [
        ("mine", "Mine", "")
    ]
    assert offered["themes"][0]["tokens"]["radius"] == "0px"
    assert (offered["plain"]["radius"], offered["stylesheet"]) == ("10px", "")

    tried = owner.client.get("/api/v1/site/look/preview", {"theme": "mine"})
    assert tried["cache-control"] == "no-store"
    assert "Mine: A &lt;b&gt;lamp&lt;/b&gt;" in tried.content.decode()
    assert "/api/v1/site/look/style?theme=mine" in tried.content.decode()
    style = owner.client.get("/api/v1/site/look/style", {"theme": "mine"})
    assert "--radius: 0px" in style.content.decode()
    assert page(owner) == before, "looking changes nothing"

    answer = owner.client.put("/api/v1/site/look", {"theme": "mine"}, content_type="application/json")
    assert answer.json()["theme"] == "mine"
    clothes = assets.clothes()
    assert clothes
    assert answer.json()["stylesheet"] == clothes.sheet.path
    assert clothes.sheet.body == b":root {\n  --radius: 0px;\n}\n"
    build.ensure_current()
    assert "Mine: A &lt;b&gt;lamp&lt;/b&gt;" in page(owner)
    assert assets.stylesheet().path in page(owner)
    assert owner.client.get(assets.stylesheet().path).status_code == 200

    owner.client.put("/api/v1/site/look", {"theme": ""}, content_type="application/json")
    build.ensure_current()
    assert page(owner) == before


def test_a_theme_that_cannot_be_used_says_why_and_is_not_chosen(owner: Member, mine: Path) -> None:
    replace(mine, "entry.html", "{{ post.title|safe }}")
    (offer,) = owner.client.get("/api/v1/site/look").json()["themes"]
    assert "'safe'" in offer["problem"]
    for call, path in (("put", "look"), ("get", "look/preview"), ("get", "look/style")):
        body = {"theme": "mine"}
        kind = {"content_type": "application/json"} if call == "put" else {}
        assert getattr(owner.client, call)(f"/api/v1/site/{path}", body, **kind).status_code == 404
    assert not Look.objects.exists()


def test_pages_go_on_without_a_chosen_theme_that_is_gone(owner: Member, mine: Path) -> None:
    before = assets.stylesheet().path
    looks.choose(User.objects.get(username="alice"), "mine")
    assert assets.stylesheet().path != before
    (mine / "theme.json").unlink()
    looks.read.cache_clear()
    assert assets.stylesheet().path == before
