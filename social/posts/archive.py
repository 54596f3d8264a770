"""A member's own archive: a ZIP with all their posts as a JSON Feed and as Markdown, and their media.

`feed.json` says everything that importing needs; `posts/<slug>.md` is for people; `media/` has the files that
posts show. It is made while it is sent: memory does not grow with what somebody wrote.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from typing import Any

from social.accounts.models import User
from social.media import folders
from social.media.models import File
from social.people import profiles
from social.posts import discussion, markup
from social.posts.models import Post
from social.posts.writing import rfc3339

CHUNK = 64 * 1024
AT_ONCE = 100  # posts read from the database


class _Pipe:
    """What `zipfile` writes, until it is taken; it cannot go back."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def write(self, data: bytes) -> int:
        self.waiting += data
        return len(data)

    def flush(self) -> None:
        pass

    def take(self) -> Iterator[bytes]:
        if self.waiting:
            yield bytes(self.waiting)
            self.waiting.clear()


def stream(user: User) -> Iterator[bytes]:
    """The ZIP, piece by piece."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for parts in (_feed(user, archive), _markdown(user, archive), _media(user, archive)):
            for _ in parts:
                yield from pipe.take()
    yield from pipe.take()


def _feed(user: User, archive: zipfile.ZipFile) -> Iterator[None]:
    """Each step is something written."""
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": profiles.of(user).name,
        "authors": [{"name": profiles.of(user).name}],
    }
    with archive.open("feed.json", "w", force_zip64=True) as file:
        file.write(_json(head)[:-1] + b',"items":[')
        for number, post in enumerate(_posts(user)):
            file.write((b"," if number else b"") + b"\n" + _json(_item(post)))
            yield
        file.write(b"\n]}\n")
    yield


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
        },
    }


def _markdown(user: User, archive: zipfile.ZipFile) -> Iterator[None]:
    for post in _posts(user):
        head = {
            "title": post.title,
            "id": f"urn:uuid:{post.uid}",
            "date": rfc3339(post.published),
            "updated": rfc3339(post.updated),
            "tags": [tag.label for tag in post.labels.all()],
        }
        lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in head.items()]
        archive.writestr(f"posts/{post.slug}.md", "\n".join(["---", *lines, "---", "", post.source, ""]))
        yield


def _media(user: User, archive: zipfile.ZipFile) -> Iterator[None]:
    shown = File.objects.filter(media__owner=user, media__uses__what__startswith="post:")
    for file in list(shown.select_related("media").distinct().order_by("id")):
        path = folders.of(file.media.uid) / file.name
        if not path.is_file():
            continue
        with path.open("rb") as source, archive.open(f"media/{file.media.uid}/{file.name}", "w") as target:
            while data := source.read(CHUNK):
                target.write(data)
                yield


def _posts(user: User) -> Iterator[Post]:
    """Oldest first; each batch is a query of its own, as the next one may be made in another thread."""
    standing = Post.objects.filter(author=user, deleted=None).order_by("published", "id")
    pks = list(standing.values_list("pk", flat=True))
    for start in range(0, len(pks), AT_ONCE):
        batch = standing.filter(pk__in=pks[start : start + AT_ONCE])
        yield from list(batch.select_related("author").prefetch_related("labels"))


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
