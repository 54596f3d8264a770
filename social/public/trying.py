"""Themes for the owner: what there is, one's own page in each, and choosing (`social.safety.looks`)."""

from __future__ import annotations

from social.accounts.access import Absent
from social.accounts.models import User
from social.public import assets, build, looks, themes
from social.public.themes import BadTheme
from social.safety.looks import Offer


class Themes:
    def chosen(self) -> str:
        return looks.chosen()

    def plain(self) -> dict[str, str]:
        return themes.tokens_of(themes.first_block(themes.basis()))

    def worn(self) -> str:
        clothes = assets.clothes()
        return clothes.sheet.path if clothes else ""

    def offers(self) -> list[Offer]:
        return [_offer(name) for name in looks.names()]

    def choose(self, by: User, name: str) -> None:
        try:
            looks.choose(by, name)
        except BadTheme as error:
            raise Absent from error

    def page(self, member: User, name: str, stylesheet: str) -> bytes:
        try:
            with looks.trying(name, stylesheet):
                return build.preview(member).body
        except BadTheme as error:
            raise Absent from error

    def style(self, name: str) -> bytes:
        try:
            with looks.trying(name, ""):
                return assets.stylesheet().body
        except BadTheme as error:
            raise Absent from error


def _offer(name: str) -> Offer:
    try:
        theme = looks.read(name)
    except BadTheme as error:
        return Offer(name, name, problem=str(error))
    return Offer(name, theme.title, theme.author, tokens=dict(theme.tokens))
