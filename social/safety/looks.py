"""How public pages and the app look, asked by the API from below: `social.public` registers what knows.

A theme that is not there, or cannot be used, is Absent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from social.accounts.models import User


@dataclass(frozen=True, slots=True)
class Offer:
    """A theme the owner may choose, by its name; with a `problem` it cannot be used. `tokens` are its custom
    properties."""

    name: str
    title: str
    author: str = ""
    problem: str = ""
    tokens: dict[str, str] = field(default_factory=dict)


class Looks(Protocol):
    def chosen(self) -> str:
        """The name of the theme in use, empty for the site's own look."""

    def plain(self) -> dict[str, str]:
        """The custom properties of the site's own look."""

    def worn(self) -> str:
        """The path of the stylesheet that the app wears, empty for the site's own look."""

    def offers(self) -> list[Offer]:
        """All themes there are, by name."""

    def choose(self, by: User, name: str) -> None:
        """Make all pages anew with it. Raises Absent."""

    def page(self, member: User, name: str, stylesheet: str) -> bytes:
        """A member's page in a theme, which takes its style from this URL; nothing is stored. Raises
        Absent."""

    def style(self, name: str) -> bytes:
        """The stylesheet of a theme. Raises Absent."""


_known: list[Looks] = []


def register(known: Looks) -> None:
    """Say who knows; call it from AppConfig.ready()."""
    _known[:] = [known]


def looks() -> Looks:
    return _known[0]
