"""The owner's words as pages, `/rules`, `/privacy` and `/imprint`, and `/stored`, what the site stores of
strangers: without script, the same for everyone."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from social.accounts import inventory
from social.posts import markdown
from social.public import published, rendering
from social.public.published import Page
from social.safety import texts
from social.safety.models import SiteText

PAGES = (SiteText.RULES, SiteText.PRIVACY, SiteText.IMPRINT)
HEADINGS = 2


def every() -> Iterator[Page]:
    """All of them, written or not: every page links to the first three."""
    found = texts.every()
    contact = html(found[SiteText.CONTACT])
    for kind in PAGES:
        yield rendering.render("site", f"/{kind}", kind=kind, words=html(found[kind]), contact=contact)
    yield rendering.render("stored", "/stored", holdings=inventory.every(inventory.STRANGERS))


def html(source: str) -> str:
    return rendering.html_of(markdown.to_tree(source), HEADINGS) if source.strip() else ""


@transaction.atomic
def rebuild() -> None:
    """One of the texts is another now."""
    published.lock()
    published.put(every())
