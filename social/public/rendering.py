"""Turns posts, comments and people into what templates take, and templates into pages. Times are told in the
site's time zone: pages are the same for everyone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template import Context
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from federation import here
from homevault.protocol.addresses import Address
from social.accounts import languages
from social.media.shown import Shown
from social.posts import exhibits, markup, naming
from social.posts import tags as labels
from social.posts.mention_models import Mention
from social.posts.models import Comment, Post, PostTag, PostVersion, Recommendation
from social.public import assets, feeds, looks, published, theme_templates
from social.public.person import Person, moment
from social.public.published import Page

DESCRIPTION = 200
ON_A_POST = 2  # the level of headings in a post's own page
IN_A_LIST = 4
SCROLLING = re.compile("<(pre|table)>")  # where they are wider than the page


@dataclass(frozen=True, slots=True)
class ShownPost:
    """A post as templates take it."""

    uid: UUID
    url: str
    title: str
    heading: str
    excerpt: str
    html: SafeString
    published: datetime
    updated: datetime
    edited: bool
    pinned: bool
    history: bool
    tags: list[dict[str, str]]
    shows: list[dict[str, Any]]
    comments: int

    @property
    def picture(self) -> dict[str, Any] | None:
        """The first picture, for those who show one."""
        return next((one for one in self.shows if one["kind"] == "image"), None)


def render(name: str, path: str, status: int = 200, **context: Any) -> Page:
    """The page of a template in the language of `person`, without one in the site's; `path` is not
    percent-encoded."""
    person: Person | None = context.get("person")
    recipe = {
        "site": settings.PORCHLIGHT,
        "stylesheet": looks.tried_stylesheet() or assets.stylesheet().path,
        "icon": assets.icon().path,
        "script": assets.script(),
        "url": here.origin() + path,
        **context,
    }
    with translation.override(person.language if person else languages.of_site()):
        page = _written(f"public/{name}.html", recipe)
    return Page(path, published.HTML, page.encode(), status)


def _written(template: str, recipe: dict[str, Any]) -> str:
    """The words of a template, or of what the theme has in its place."""
    theme = looks.current()
    if theme is None or not theme.templates:
        return render_to_string(template, recipe)
    return _engine(theme.templates).get_template(template).render(Context(recipe))


_engine = lru_cache(maxsize=8)(theme_templates.engine)


def shown(person: Person, post: Post, headings: int, tags: Sequence[PostTag], comments: int = 0) -> ShownPost:
    """A post with its words; its headings are numbered from `headings`."""
    body = naming.linked_here(labels.linked(post.body, {tag.name for tag in tags}, person.url))
    return ShownPost(
        uid=post.uid,
        url=f"{person.url}/{post.slug}",
        title=post.title,
        heading=feeds.heading(post),
        excerpt=feeds.excerpt(post, DESCRIPTION),
        html=html_of(body, headings),
        published=moment(post.published),
        updated=moment(post.updated),
        edited=post.updated > post.published,
        pinned=post.pinned is not None,
        history=post.version > 1 and post.open_history,
        tags=[{"url": f"{person.url}/tag/{labels.path_of(tag.label)}", "label": tag.label} for tag in tags],
        shows=[exhibit(media, alt) for media, alt in exhibits.shown(post)],
        comments=comments,
    )


def exhibit(media: Shown, alt: str) -> dict[str, Any]:
    """A picture or file for templates; `sources` is a srcset."""
    files = [*media.smaller, media.whole]
    return {
        "kind": media.kind,
        "name": media.name,
        "alt": alt,
        "whole": media.whole,
        "moving": media.moving,
        "sources": ", ".join(f"{file.url} {file.width}w" for file in files) if media.smaller else "",
    }


def html_of(tree: markup.Tree, headings: int) -> SafeString:
    """The HTML of a stored tree, which is made of allow-listed nodes only. What scrolls
    sideways is reached by keyboard."""
    html = markup.to_html(markup.with_headings(tree, headings))
    return mark_safe(SCROLLING.sub(r'<\1 tabindex="0">', html))  # noqa: S308


def listed(person: Person, post: Post) -> dict[str, Any]:
    """A post as one line."""
    url = f"{person.url}/{post.slug}"
    return {"url": url, "heading": feeds.heading(post), "published": moment(post.published)}


def version(old: PostVersion) -> dict[str, Any]:
    """An earlier version of a post."""
    html = html_of(old.body, IN_A_LIST)
    return {"number": old.number, "title": old.title, "html": html, "time": moment(old.time)}


def comment(said: Comment) -> dict[str, Any]:
    address = Address(said.ip, said.port, said.username)
    return {
        "ref": said.ref,
        "name": said.name or said.username,
        "address": str(address),
        "url": f"{address.origin(here.environment().secure)}/@{said.username}",
        "time": moment(said.time),
        "text": said.text,
        "changed": said.changed is not None,
    }


def mention(one: Mention) -> dict[str, Any]:
    """A page of the rest of the web that links here."""
    said = {"name": one.name or one.host, "text": one.text, "kind": one.kind}
    return {**said, "url": one.source, "host": one.host, "time": moment(one.received)}


def recommendation(one: Recommendation, name: str) -> dict[str, Any]:
    """A recommended thing; `name` is who recommends it."""
    return {"url": one.url, "title": one.title, "author": one.author, "by": name, "time": moment(one.time)}
