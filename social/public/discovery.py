"""What machines look for at fixed paths: robots.txt, NodeInfo 2.1, host-meta and security.txt (RFC 9116).

NodeInfo's schema has no word for sites like this one and demands one of its list: `ostatus` comes closest,
since what others can read here by an old standard is Atom found by WebFinger. How often members come is
nobody's business and is left out.
"""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from federation import clock, here
from social.accounts.models import User
from social.posts.models import Post
from social.public import published
from social.safety import texts
from social.safety.models import SiteText

KEPT = "public, max-age=3600"
SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/2.1"
CONTACT = re.compile(r"https://[^\s<>()\[\]\"]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
GOOD_FOR = 180 * 24 * 60 * 60
NOT_TO_CRAWL = ("/api/", "/app/", "/_allauth/", "/federation/", "/signaling/", "/search")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Public pages may be crawled; the script on them may be fetched."""
    lines = ["User-agent: *", "Allow: /app/assets/", *(f"Disallow: {path}" for path in NOT_TO_CRAWL)]
    return _text([*lines, "", f"Sitemap: {here.origin()}/sitemap.xml"])


@require_safe
def nodeinfo_links(request: HttpRequest) -> HttpResponse:
    return _json({"links": [{"rel": SCHEMA, "href": f"{here.origin()}/nodeinfo/2.1"}]}, "application/json")


@require_safe
def nodeinfo(request: HttpRequest) -> HttpResponse:
    document = {
        "version": "2.1",
        "software": {"name": "porchlight", "version": _version()},
        "protocols": ["ostatus"],
        "services": {"inbound": ["atom1.0", "rss2.0"], "outbound": ["atom1.0"]},
        "openRegistrations": False,
        "usage": {
            "users": {"total": User.objects.filter(is_active=True).count()},
            "localPosts": Post.objects.filter(deleted=None, author__is_active=True).count(),
        },
        "metadata": {"nodeName": settings.PORCHLIGHT.name},
    }
    return _json(document, f'application/json; profile="{SCHEMA}#"; charset=utf-8')


@require_safe
def host_meta(request: HttpRequest) -> HttpResponse:
    """Where WebFinger is, for programs older than RFC 7033 (RFC 6415)."""
    template = f"{here.origin()}/.well-known/webfinger?resource={{uri}}"
    body = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">'
        f'<Link rel="lrdd" type="application/jrd+json" template="{template}"/></XRD>\n'
    )
    return _open(HttpResponse(body, content_type="application/xrd+xml; charset=utf-8"))


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Addresses that the owner's contact text names; without such a text there is no such file."""
    source = texts.source(SiteText.CONTACT)
    if not source.strip():
        raise Http404
    found = [one.rstrip(".,;:!?*_") for one in CONTACT.findall(source)]
    contacts = [one if one.startswith("https:") else f"mailto:{one}" for one in found]
    until = datetime.fromtimestamp(clock.now() // clock.SECOND + GOOD_FOR, UTC)
    return _text(
        [
            *(f"Contact: {one}" for one in [*dict.fromkeys(contacts), f"{here.origin()}/imprint"]),
            f"Expires: {until:%Y-%m-%dT00:00:00Z}",
            f"Canonical: {here.origin()}/.well-known/security.txt",
        ]
    )


@lru_cache(maxsize=1)
def _version() -> str:
    project = tomllib.loads((settings.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def _text(lines: list[str]) -> HttpResponse:
    body = "".join(f"{line}\n" for line in lines)
    return HttpResponse(body, content_type="text/plain; charset=utf-8", headers={"Cache-Control": KEPT})


def _json(document: dict[str, Any], content_type: str) -> HttpResponse:
    return _open(JsonResponse(document, content_type=content_type))


def _open(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = KEPT
    for name, value in published.FOR_PROGRAMS:
        response[name.decode()] = value.decode()
    return response
