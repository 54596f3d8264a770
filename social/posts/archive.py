"""A member's own archive: a ZIP with all their posts as a JSON Feed and as Markdown, and their media.

`feed.json` says everything that importing needs; `posts/<slug>.md` is for people; `media/` has the files that
posts show. It is made while it is sent: memory does not grow with what somebody wrote.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from social.accounts.models import User
from social.accounts.zipping import File as ZipFile
from social.accounts.zipping import read, zipped
from social.media import folders
from social.media.models import File, Media
from social.people import profiles
from social.posts import discussion, markup, opml
from social.posts.models import Attachment, Post, PostVersion
from social.posts.writing import rfc3339

AT_ONCE = 100  # posts read from the database


def stream(user: User) -> Iterator[bytes]:
    """The ZIP, piece by piece."""
    return zipped(files(user))


def files(user: User) -> Iterator[ZipFile]:
    """What is in it."""
    yield "feed.json", _feed(user)
    yield from _markdown(user)
    yield from _media(user)


def subscriptions(user: User) -> Iterator[ZipFile]:
    """What is followed, as OPML."""
    yield "follows.opml", [opml.write(user).encode()]


def _feed(user: User) -> Iterator[bytes]:
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": profiles.of(user).name,
        "authors": [{"name": profiles.of(user).name}],
    }
    yield _json(head)[:-1] + b',"items":['
    for number, post in enumerate(_posts(user)):
        yield (b"," if number else b"") + b"\n" + _json(_item(post))
    yield b"\n]}\n"


def _item(post: Post) -> dict[str, Any]:
    return {
        "id": f"urn:uuid:{post.uid}",
        "url": discussion.url_of(post),
        **({"title": post.title} if post.title else {}),
        "content_html": markup.to_html(post.body),
        "date_published": rfc3339(post.published),
        "date_modified": rfc3339(post.updated),
        "tags": [tag.label for tag in post.labels.all()],
        "_porchlight": {
            "slug": post.slug,
            "source": post.source,
            "tags": post.tags,
            "open_history": post.open_history,
            "versions": [_version(one) for one in post.versions.all()],
            "shows": [_show(one) for one in post.attachments.all()],
        },
    }


def _version(old: PostVersion) -> dict[str, Any]:
    return {"number": old.number, "title": old.title, "source": old.source, "date": rfc3339(old.time)}


def _show(one: Attachment) -> dict[str, str]:
    """A picture or file of a post: `file` is where it lies in the archive."""
    files = {file.name.split(".")[0]: file.name for file in one.media.files.all()}
    name = files.get("moving") or files["whole"]
    return {"file": f"media/{one.media.uid}/{name}", "name": one.media.name, "alt": one.alt}


def _markdown(user: User) -> Iterator[ZipFile]:
    for post in _posts(user):
        head = {
            "title": post.title,
            "id": f"urn:uuid:{post.uid}",
            "date": rfc3339(post.published),
            "updated": rfc3339(post.updated),
            "tags": [tag.label for tag in post.labels.all()],
        }
        lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in head.items()]
        words = "\n".join(["---", *lines, "---", "", post.source, ""])
        yield f"posts/{post.slug}.md", [words.encode()]


def _media(user: User) -> Iterator[ZipFile]:
    """All that is ready, shown or not."""
    kept = File.objects.filter(media__owner=user, media__state=Media.READY)
    for file in list(kept.select_related("media").order_by("id")):
        path = folders.of(file.media.uid) / file.name
        if path.is_file():
            yield f"media/{file.media.uid}/{file.name}", read(path)


def _posts(user: User) -> Iterator[Post]:
    """Oldest first; each batch is a query of its own, as the next one may be made in another thread."""
    standing = Post.objects.filter(author=user, deleted=None).order_by("published", "id")
    pks = list(standing.values_list("pk", flat=True))
    for start in range(0, len(pks), AT_ONCE):
        batch = standing.filter(pk__in=pks[start : start + AT_ONCE])
        yield from list(
            batch.select_related("author").prefetch_related("labels", "versions", "attachments__media__files")
        )


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
