"""Mentions by the rest of the web (Webmention in), of posts and of members: taken on trust by nobody.

What is posted only says where to look. The page is fetched by a job, must really link to the post, or to the
page of the member, and is read for who says what; then it waits or is shown like a comment. What mentions a
member waits for them alone. A page that lost its link, or is gone,
takes its mention with it. Asked again, all is looked at anew.
"""

from __future__ import annotations

import re
from typing import NoReturn

from django.db import transaction
from django.db.models import Q, QuerySet

from federation import fetch, here, jobs, threads
from federation.fetch import Limits, Response
from federation.guard import FetchError
from federation.models import Job
from federation.url import Url
from social.accounts import limits
from social.accounts.models import User
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
    about = _at(place)
    limits.require("mentions", url.host, OF_HOST_AN_HOUR, limits.HOUR)
    with transaction.atomic():
        if of(about.judge).exclude(state=Mention.SHOWN).count() >= WAITING:
            raise Refusal("too_many", "mentions")
        mention, _ = Mention.objects.get_or_create(
            post=about.post,
            member=about.member,
            source_key=key_of(str(url)),
            defaults={"source": str(url), "host": url.host},
        )
        jobs.enqueue(KIND, str(mention.pk), None, group=url.host)


def of(user: User) -> QuerySet[Mention]:
    """Those of a member's posts and of the member."""
    return Mention.objects.filter(Q(post__author=user) | Q(member=user))


def _at(url: str) -> Mention:
    """Not kept: of what is at this address. Raises Refusal `not_found`."""
    name, _, slug = url.removeprefix(f"{here.origin()}/@").partition("/")
    if not url.startswith(f"{here.origin()}/@"):
        raise Refusal("not_found", "target")
    if not slug:
        member = User.objects.filter(username=name, is_active=True).first()
        if member is not None:
            return Mention(member=member)
    standing = Post.objects.select_related("author").filter(author__is_active=True, deleted=None)
    post = standing.filter(author__username=name, slug=slug, replies=replying.EVERYONE).first()
    if post is None:
        raise Refusal("not_found", "target")
    return Mention(post=post)


def shown(post: Post) -> list[Mention]:
    """What is shown below a post, oldest first."""
    return list(
        Mention.objects.filter(post=post, state=Mention.SHOWN).order_by("received", "id")[:MOST_SHOWN]
    )


async def _check(job: Job) -> None:
    waiting = Mention.objects.select_related("post__author", "member").filter(pk=int(job.key))
    mention = await threads.run(waiting.first)
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
    url = f"{here.origin()}/@{mention.judge.username}" + (f"/{mention.post.slug}" if mention.post else "")
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
        shown = Mention.objects.filter(post__author=mention.judge, host=mention.host, state=Mention.SHOWN)
        known = mention.post is not None and shown.exists()
        if current.state == Mention.CHECKING or links.are_many(mention.text):
            current.state = Mention.SHOWN if known and not links.are_many(mention.text) else Mention.PENDING
        current.name, current.text, current.kind = mention.name, mention.text, mention.kind
        current.save()
        _changed(mention)


def _drop(mention: Mention) -> None:
    with transaction.atomic():
        Mention.objects.filter(pk=mention.pk).delete()
        _changed(mention)


def decide(mention: Mention, state: str) -> Mention:
    """Its post's author shows it or not."""
    with transaction.atomic():
        mention.state = state
        mention.save(update_fields=["state"])
        _changed(mention)
    return mention


def _changed(mention: Mention) -> None:
    post = mention.post
    if post is None:
        telling.member(mention.judge.username, "comments")
        return
    signals.comments_changed.send(Mention, post=post)
    telling.readers_of(post, "comments")


def _give_up(job: Job, code: str, detail: str) -> None:
    Mention.objects.filter(pk=int(job.key), state=Mention.CHECKING).delete()
