"""`GET /search?q=…&by=…&page=…`: public posts by their words, without script."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext as _

from social.accounts import addresses, limits
from social.accounts.models import User
from social.posts import searching
from social.posts.models import Post
from social.public import feeds, rendering
from social.public.person import Person, moment, person_of

A_MINUTE = 60  # searches from one address


def search(request: HttpRequest) -> HttpResponse:
    """The form, and what was found; the same for everybody."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    query = request.GET.get("q", "").replace("\0", "").strip()[: searching.MAX_QUERY]
    by = User.objects.filter(username=request.GET.get("by", ""), is_active=True).first()
    if query and not limits.allow("search", addresses.prefix(request), A_MINUTE, limits.MINUTE):
        problem = _("That was a lot of searching. Wait a minute, then try again.")
        return _answer(query, by, status=429, problem=problem)
    page = _number(request.GET.get("page", "1"))
    found, more = searching.find(query, by.username if by else "", page)
    words, people = searching.words_of(query), People()
    return _answer(
        query,
        by,
        found=[_shown(post, words, people.of(post.author)) for post in found],
        newer=_link(query, by, page - 1) if page > 1 else None,
        older=_link(query, by, page + 1) if more else None,
    )


class People(dict[int, Person]):
    """Each author is looked up once."""

    def of(self, user: User) -> Person:
        return self.setdefault(user.pk, self.get(user.pk) or person_of(user))


def _answer(query: str, by: User | None, status: int = 200, **context: Any) -> HttpResponse:
    person = person_of(by) if by else None
    page = rendering.render("search", "/search", query=query, by=person, **context)
    response = HttpResponse(page.body, content_type=page.content_type, status=status)
    response["cache-control"] = "no-store"
    return response


def _shown(post: Post, words: list[str], person: Person) -> dict[str, Any]:
    return {
        "url": f"{person.url}/{post.slug}",
        "heading": searching.marked(feeds.heading(post), words),
        "excerpt": searching.excerpt(post, words),
        "person": person,
        "published": moment(post.published),
    }


def _link(query: str, by: User | None, page: int) -> str:
    return "?" + urlencode({"q": query, **({"by": by.username} if by else {}), "page": page})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1
