"""Themes: the shipped ones and the default are legible, a theme changes tokens and can do nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from social.public import assets, themes
from social.public.themes import BadTheme

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


@pytest.fixture
def fresh() -> Iterator[None]:
    assets.stylesheet.cache_clear()
    yield
    assets.stylesheet.cache_clear()


def test_a_theme_of_the_data_folder_restyles_the_pages(fresh: None, tmp_path: Path) -> None:
    before = assets.stylesheet().path
    mine = tmp_path / "themes" / "mine"
    mine.mkdir(parents=True)
    (mine / "theme.json").write_text('{"name": "Mine", "author": "Me"}')
    (mine / "tokens.css").write_text(":root { --radius: 0px; }")
    assets.stylesheet.cache_clear()
    with override_settings(THEME="mine", THEME_FOLDERS=[tmp_path / "themes"]):
        page = assets.stylesheet()
    assert page.path != before
    css = page.body.decode()
    assert css.index("--radius: 10px") < css.index("--radius: 0px") < css.index(".skip")


@pytest.mark.parametrize("name", ["none-such", "../secrets", "A"])
def test_a_theme_that_is_not_there_stops_the_start(fresh: None, name: str) -> None:
    with override_settings(THEME=name), pytest.raises(ImproperlyConfigured, match="PORCHLIGHT_THEME"):
        assets.stylesheet()
