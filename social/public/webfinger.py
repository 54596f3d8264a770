"""WebFinger (RFC 7033): from a member's account or page to the page and its feeds.

`acct:` URIs and the page's own address are known, in any case and any parameter order; other URIs are not
found, as are people who are not here. What is no URI, or not exactly one, is a bad request. Programs in other
sites' pages may ask too.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from federation import here
from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError
from social.accounts.models import User
from social.public import published
from social.public.person import Person, person_of

LONGEST = 1_000
URI = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(\S+)")
ACCOUNT = re.compile(r"@?([^@]+)@([^@]+)")
JRD = "application/jrd+json"
PROFILE_PAGE = "http://webfinger.net/rel/profile-page"
UPDATES = "http://schemas.google.com/g/2010#updates-from"


class Malformed(ValueError):
    """The resource is no URI, or an `acct:` URI without name or host."""


@require_safe
def webfinger(request: HttpRequest) -> HttpResponse:
    try:
        username = _named(request.GET.getlist("resource"))
    except Malformed:
        return _refused(400, "schema", _("Ask for one resource, such as acct:name@site."))
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        return _refused(404, "not_found", _("There is nobody here by that name."))
    document = _document(person_of(user), set(request.GET.getlist("rel")))
    return _open(JsonResponse(document, content_type=JRD))


def _named(resources: list[str]) -> str:
    """Who is asked for, in small letters; empty for whatever is not of this site."""
    found = URI.fullmatch(resources[0]) if len(resources) == 1 else None
    if found is None or len(found[0]) > LONGEST:
        raise Malformed
    if found[1].lower() == "acct":
        return _of_account(unquote(found[2]))
    page = f"{here.origin()}/@"
    plain = found[0].lower().rstrip("/")
    return plain.removeprefix(page) if plain.startswith(page) else ""


def _of_account(text: str) -> str:
    parts = ACCOUNT.fullmatch(text)
    if parts is None:
        raise Malformed
    name = parts[1].lower()
    try:
        address = Address.parse(f"@{name}@{parts[2].lower()}")
    except ProtocolError:
        return ""
    return name if address.site == here.site() else ""


def _document(person: Person, rels: set[str]) -> dict[str, Any]:
    """The JRD; `rels` leaves only links of these relations, if there are some."""
    links = [
        {"rel": PROFILE_PAGE, "type": "text/html", "href": person.url},
        {"rel": UPDATES, "type": "application/atom+xml", "href": f"{person.url}/feed.atom"},
        {"rel": "alternate", "type": "application/feed+json", "href": f"{person.url}/feed.json"},
    ]
    return {
        "subject": f"acct:{person.address.removeprefix('@')}",
        "aliases": [person.url],
        "links": [link for link in links if not rels or link["rel"] in rels],
    }


def _refused(status: int, code: str, message: str) -> HttpResponse:
    return _open(JsonResponse({"code": code, "message": message}, status=status))


def _open(response: HttpResponse) -> HttpResponse:
    for name, value in published.FOR_PROGRAMS:
        response[name.decode()] = value.decode()
    return response
