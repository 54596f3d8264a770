"""`/sitemap.xml` (sitemaps.org 0.9): all public pages that may be found, and when their bytes last changed.

Made from the table of pages when asked for, conditionally on its edition. From `LENGTH` pages on it is an
index of parts, each of which holds the pages of a fixed range of rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import quote
from xml.sax.saxutils import escape

from django.db.models import F, Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import etag, require_safe

from federation import here
from social.public import published
from social.public.models import PublishedPage
from social.public.pages import REVALIDATE

LENGTH = 10_000
HISTORIES = r"^/@[^/]+/(?!(?:tag|page|archive)/)[^/]+/history$"
PLAIN = "/@!$'()*+,;=:~"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _version(request: HttpRequest, part: int | None = None) -> str:
    return f'"{published.edition()}-{part or "all"}"'


@require_safe
@etag(_version)
def sitemap(request: HttpRequest, part: int | None = None) -> HttpResponse:
    found = _pages()
    if part is not None:
        found = found.filter(id__gte=part * LENGTH, id__lt=(part + 1) * LENGTH)
        if not found:
            raise Http404
    elif found.count() > LENGTH:
        return _index(found)
    return _answer("urlset", "url", found.order_by("id").values_list("path", "modified"))


def _pages() -> QuerySet[PublishedPage]:
    shown = PublishedPage.objects.filter(content_type=published.HTML, status=200)
    return shown.exclude(path__regex=HISTORIES)


def _index(found: QuerySet[PublishedPage]) -> HttpResponse:
    numbered = found.annotate(number=F("id") / LENGTH)
    parts = numbered.values_list("number").annotate(newest=Max("modified")).order_by("number")
    return _answer(
        "sitemapindex", "sitemap", ((f"/sitemap-{number}.xml", newest) for number, newest in parts)
    )


def _answer(outer: str, inner: str, entries: Iterable[tuple[str, int]]) -> HttpResponse:
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<{outer} xmlns="{NAMESPACE}">',
        *(
            f"<{inner}><loc>{_loc(path)}</loc><lastmod>{_date(when)}</lastmod></{inner}>"
            for path, when in entries
        ),
        f"</{outer}>\n",
    ]
    headers = {"Cache-Control": REVALIDATE}
    return HttpResponse("\n".join(lines), content_type="application/xml; charset=utf-8", headers=headers)


def _loc(path: str) -> str:
    return escape(here.origin() + quote(path, safe=PLAIN))


def _date(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
