"""A member's posts, all or those of a tag, as JSON Feed 1.1 and as Atom (RFC 4287): the newest `LENGTH`,
whole.

Ids are urn:uuid, so that a move to another domain repeats nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from xml.sax.saxutils import escape, quoteattr

from social.media.shown import Shown
from social.people import profiles
from social.posts import exhibits, markup, signing
from social.posts.entries import NOT_XML
from social.posts.models import Post, Recommendation
from social.posts.writing import rfc3339
from social.public.person import Person

LENGTH = 30
EXCERPT = 80


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed is of: `home` is its page, and what the feeds' own addresses begin with."""

    title: str
    home: str


def person_feed(person: Person, posts: Sequence[Post], recommends: Sequence[Recommendation]) -> bytes:
    """The JSON Feed of all posts of a member, with who it is and what they recommend as `_porchlight` (SPEC
    8.1)."""
    who = {
        "account": person.account,
        "address": person.address,
        "name": person.name,
        "position": person.position,
        "location": person.location,
        "description": person.description,
        "picture_alt": person.picture.alt if person.picture else "",
        "updated": int(person.updated.timestamp() * 1000) if person.updated else None,
        "recommends": [_recommended(one) for one in recommends],
        **({"signed": person.signed} if person.signed else {}),
    }
    return json_feed(person, Channel(person.name, person.url), posts, who)


def _recommended(one: Recommendation) -> dict[str, Any]:
    author = profiles.of(one.post.author).name if one.post else one.author
    return {"url": one.url, "title": one.title, "author": author, "time": one.time}


def json_feed(
    person: Person, channel: Channel, posts: Sequence[Post], who: dict[str, Any] | None = None
) -> bytes:
    """JSON Feed 1.1."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.home,
        "feed_url": f"{channel.home}/feed.json",
        **({"description": person.summary} if person.description else {}),
        **({"icon": person.picture.url} if person.picture else {}),
        "authors": [_json_author(person)],
        **({"_porchlight": who} if who else {}),
        "items": [_json_item(person, post) for post in posts],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _json_author(person: Person) -> dict[str, str]:
    avatar = {"avatar": person.picture.url} if person.picture else {}
    return {"name": person.name, "url": person.url, **avatar}


def _json_item(person: Person, post: Post) -> dict[str, Any]:
    tags = [tag.label for tag in post.labels.all()]
    return {
        "id": f"urn:uuid:{post.uid}",
        "url": f"{person.url}/{post.slug}",
        **({"title": post.title} if post.title else {}),
        "content_html": markup.to_html(post.body),
        "date_published": rfc3339(post.published),
        "date_modified": rfc3339(post.updated),
        **({"tags": tags} if tags else {}),
        **_json_shows(post),
        **_json_signed(post),
    }


def _json_signed(post: Post) -> dict[str, Any]:
    """What a device of the author signed of it (SPEC 8.1)."""
    signed = signing.short_statement(post)
    return {"_porchlight": signed} if signed else {}


def _json_shows(post: Post) -> dict[str, Any]:
    """The first picture as `image`, and all it shows as `attachments` (SPEC 8.1)."""
    shows = exhibits.shown(post)
    images = [media.whole.url for media, _ in shows if media.kind == "image"]
    return {
        **({"image": images[0]} if images else {}),
        **({"attachments": [_attachment(media, alt) for media, alt in shows]} if shows else {}),
    }


def _attachment(media: Shown, alt: str) -> dict[str, Any]:
    file = media.whole
    ours = {
        "name": media.name,
        "width": file.width,
        "height": file.height,
        "blurhash": media.blurhash or None,
    }
    return {
        "url": file.url,
        "mime_type": file.type,
        **({"title": alt} if alt else {}),
        "size_in_bytes": file.size,
        "_porchlight": ours,
    }


def atom(person: Person, channel: Channel, posts: Sequence[Post], uid: UUID, changed: int) -> bytes:
    """Atom; `changed` is when the newest change of the feed was, in milliseconds."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<id>urn:uuid:{uid}</id>",
        f"<title>{_text(channel.title)}</title>",
        f"<updated>{rfc3339(changed)}</updated>",
        f'<link rel="self" type="application/atom+xml" href={_attribute(f"{channel.home}/feed.atom")}/>',
        f'<link rel="alternate" type="text/html" href={_attribute(channel.home)}/>',
        *([f"<icon>{_text(person.picture.small)}</icon>"] if person.picture else []),
        *([f"<logo>{_text(person.picture.url)}</logo>"] if person.picture else []),
        f"<author><name>{_text(person.name)}</name><uri>{_text(person.url)}</uri></author>",
        *(_atom_entry(person, post) for post in posts),
        "</feed>\n",
    ]
    return "\n".join(lines).encode()


def _atom_entry(person: Person, post: Post) -> str:
    return "\n".join(
        (
            "<entry>",
            f"<id>urn:uuid:{post.uid}</id>",
            f"<title>{_text(heading(post))}</title>",
            f"<published>{rfc3339(post.published)}</published>",
            f"<updated>{rfc3339(post.updated)}</updated>",
            f'<link rel="alternate" type="text/html" href={_attribute(f"{person.url}/{post.slug}")}/>',
            *(f"<category term={_attribute(tag.label)}/>" for tag in post.labels.all()),
            *(_enclosure(media, alt) for media, alt in exhibits.shown(post)),
            f'<content type="html">{_text(_with_pictures(post))}</content>',
            "</entry>",
        )
    )


def _enclosure(media: Shown, alt: str) -> str:
    title = f" title={_attribute(alt)}" if alt else ""
    file = media.whole
    return (
        f'<link rel="enclosure" type="{file.type}" length="{file.size}" href={_attribute(file.url)}{title}/>'
    )


def _with_pictures(post: Post) -> str:
    """The words and the pictures below, for readers that show nothing but the content."""
    pictures = [
        f"<figure><img src={quoteattr(media.whole.url)} alt={quoteattr(alt)}></figure>"
        for media, alt in exhibits.shown(post)
        if media.kind == "image"
    ]
    return markup.to_html(post.body) + "".join(pictures)


def heading(post: Post) -> str:
    """What a post is called in lists: its title, else how it begins, else what it shows, else its day."""
    named = post.title or excerpt(post, EXCERPT)
    if named or post.deleted is not None:
        return named
    descriptions = (alt for _, alt in exhibits.shown(post) if alt)
    return next(descriptions, rfc3339(post.published)[:10])[:EXCERPT]


def excerpt(post: Post, length: int) -> str:
    """The beginning of the words, cut at a word."""
    text = markup.to_text(post.body)
    if len(text) <= length:
        return text
    cut = text[:length]
    return (cut.rsplit(" ", 1)[0] if " " in cut[length // 2 :] else cut).rstrip(" ,.;:") + "…"


def _text(text: str) -> str:
    return escape(NOT_XML.sub("", text))


def _attribute(text: str) -> str:
    return quoteattr(NOT_XML.sub("", text))
