"""Mentions by the rest of the web (Webmention in): taken on trust by nobody.

What is posted only says where to look. The page is fetched by a job, must really link to the post, and is
read for who says what; then it waits or is shown like a comment. A page that lost its link, or is gone,
takes its mention with it. Asked again, all is looked at anew.
"""

from __future__ import annotations

import re
from typing import NoReturn

from django.db import transaction

from federation import fetch, here, jobs, threads
from federation.fetch import Limits, Response
from federation.guard import FetchError
from federation.models import Job
from federation.url import Url
from social.accounts import limits
from social.posts import hfeed, links, pagelinks, readers, reading, replying, signals, telling
from social.posts.errors import Refusal
from social.posts.mention_models import Mention
from social.posts.mentioning import key_of
from social.posts.models import Post

KIND = "mention-check"
LIMITS = Limits(bytes=1_000_000, seconds=20, redirects=5)
TRIES = 6
MOST_SHOWN = 200
OF_HOST_AN_HOUR = 100
WAITING = 1_000  # for one author
NAME, TEXT = 100, 300
KINDS = {"like-of": "like", "repost-of": "repost", "in-reply-to": "reply"}


def register() -> None:
    jobs.register(KIND, _check, failed=_give_up, at_once=jobs.ABROAD)


def take(source: str, target: str) -> None:
    """Have `source` looked at, which says that it links to `target`. Raises Refusal `schema`, `not_found`, or
    ProtocolError `too_many`."""
    try:
        url = Url.parse(source)
        place = str(Url.parse(target.split("#")[0]))
    except FetchError as error:
        raise Refusal("schema", error.detail) from error
    if (url.scheme, url.authority) == tuple(here.origin().split("://")):
        raise Refusal("schema", "source")
    post = _post_at(place)
    if post is None or post.replies != replying.EVERYONE:
        raise Refusal("not_found", "target")
    limits.require("mentions", url.host, OF_HOST_AN_HOUR, limits.HOUR)
    with transaction.atomic():
        if Mention.objects.filter(post__author=post.author).exclude(state=Mention.SHOWN).count() >= WAITING:
            raise Refusal("too_many", "mentions")
        mention, _ = Mention.objects.get_or_create(
            post=post, source_key=key_of(str(url)), defaults={"source": str(url), "host": url.host}
        )
        jobs.enqueue(KIND, str(mention.pk), None, group=url.host)


def _post_at(url: str) -> Post | None:
    parts = url.removeprefix(f"{here.origin()}/@").split("/")
    if len(parts) != 2 or not url.startswith(f"{here.origin()}/@"):
        return None
    standing = Post.objects.select_related("author").filter(author__is_active=True, deleted=None)
    return standing.filter(author__username=parts[0], slug=parts[1]).first()


def shown(post: Post) -> list[Mention]:
    """What is shown below a post, oldest first."""
    return list(
        Mention.objects.filter(post=post, state=Mention.SHOWN).order_by("received", "id")[:MOST_SHOWN]
    )


async def _check(job: Job) -> None:
    mention = await threads.run(Mention.objects.select_related("post__author").filter(pk=int(job.key)).first)
    if mention is None:
        return
    try:
        response = await fetch.get(mention.source, {"Accept": "text/html, */*;q=0.5"}, LIMITS)
    except FetchError as error:
        _again(job, error.code, error.detail)
    if response.status >= 500 or response.status in (408, 425, 429):
        _again(job, "unreachable", f"status {response.status}")
    await threads.work(_settle, mention, response)


def _again(job: Job, code: str, why: str) -> NoReturn:
    """Look again later, if that can help and was not done too often."""
    if code == "refused" or job.attempts >= TRIES:
        raise jobs.Failed(code, why)
    raise jobs.Retry(reason=why)


def _settle(mention: Mention, response: Response) -> None:
    url = f"{here.origin()}/@{mention.post.author.username}/{mention.post.slug}"
    if response.status == 200 and _links(response, url):
        _fill(mention, response, url)
        _store(mention)
    else:
        _drop(mention)


def _links(response: Response, target: str) -> bool:
    """Whether the page really has a link to the post; in plain text and data its address is one."""
    kind = response.headers.get("content-type", "")
    if not reading.is_page(response.body, kind):
        return re.search(re.escape(target.encode()) + rb"(?![\w/-])", response.body) is not None
    found = pagelinks.read(response.body, response.url, kind)
    return any(link.url.split("#")[0].rstrip("/") == target for link in found)


def _fill(mention: Mention, response: Response, target: str) -> None:
    """Who says what, as far as the page tells by microformats."""
    mention.name, mention.text, mention.kind = "", "", "mention"
    try:
        found = readers.microformats(response.body, response.headers.get("content-type", ""), response.url)
    except Refusal:
        return
    entry = hfeed.first_entry(found)
    if entry is None:
        return
    properties = entry.get("properties", {})
    mention.name = hfeed.name_of(properties.get("author"))[:NAME]
    mention.text = hfeed.words_of(properties)[:TEXT]
    mention.kind = next(
        (kind for name, kind in KINDS.items() if target in hfeed.urls_of(properties, name)), "mention"
    )


def _store(mention: Mention) -> None:
    """Shown if something of the same site by this author's word was before, and it is not full of links."""
    with transaction.atomic():
        current = Mention.objects.select_for_update().filter(pk=mention.pk).first()
        if current is None:
            return
        author = mention.post.author
        known = Mention.objects.filter(post__author=author, host=mention.host, state=Mention.SHOWN).exists()
        if current.state == Mention.CHECKING or links.are_many(mention.text):
            current.state = Mention.SHOWN if known and not links.are_many(mention.text) else Mention.PENDING
        current.name, current.text, current.kind = mention.name, mention.text, mention.kind
        current.save()
        _changed(current.post)


def _drop(mention: Mention) -> None:
    with transaction.atomic():
        Mention.objects.filter(pk=mention.pk).delete()
        _changed(mention.post)


def decide(mention: Mention, state: str) -> Mention:
    """Its post's author shows it or not."""
    with transaction.atomic():
        mention.state = state
        mention.save(update_fields=["state"])
        _changed(mention.post)
    return mention


def _changed(post: Post) -> None:
    signals.comments_changed.send(Mention, post=post)
    telling.readers_of(post, "comments")


def _give_up(job: Job, code: str, detail: str) -> None:
    Mention.objects.filter(pk=int(job.key), state=Mention.CHECKING).delete()
