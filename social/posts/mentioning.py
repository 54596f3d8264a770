"""Tells the pages that a post links to (Webmention out), and the people whom it names: when it is published,
edited or deleted.

One job a page, tried again like all jobs. Pages that are linked no more are told once, so that they look;
nothing is sent twice for one edition of a post. A page that names no endpoint is left alone. While a
moderator's block on the author stands, nothing is sent: it waits. Members of this site are told by a mention
that waits for them, and see each once however often the post is edited.
"""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlencode, urlsplit

from federation import clock, fetch, here, jobs, threads
from federation.fetch import Limits, Response
from federation.guard import FetchError
from federation.models import Job
from federation.url import Url
from homevault.protocol.addresses import Address
from homevault.protocol.encoding import b64encode
from social.accounts.models import User
from social.people import profiles
from social.posts import discussion, endpoints, markup, naming, reaching, telling
from social.posts.mention_models import Mention, SentMention
from social.posts.models import Post
from social.safety import access, persons

KIND = "mention"
LIMITS = Limits(bytes=1_000_000, seconds=20, redirects=5)
MOST = 50  # pages told of one post
BEGINNING = 300  # characters
PASSING = (408, 425, 429)


def register() -> None:
    jobs.register(KIND, _tell, at_once=jobs.ABROAD)


def key_of(url: str) -> str:
    """Names a URL in an index."""
    return b64encode(hashlib.sha256(url.encode()).digest()[:16])


def tell(post: Post) -> None:
    """In the transaction of a change: have every page told that the post links to, or did."""
    known = {one.target for one in SentMention.objects.filter(post=post)}
    for target in sorted({*targets(post), *known}):
        sent, _ = SentMention.objects.get_or_create(
            post=post, target_key=key_of(target), defaults={"target": target}
        )
        if sent.told < post.updated:
            when = here.visible(clock.now())
            jobs.enqueue(KIND, str(sent.pk), None, when, group=urlsplit(target).hostname)


def tell_members(post: Post) -> None:
    """In the transaction of a change: members whom it names hear of it, not if they block its author."""
    named = [] if post.deleted is not None or not access.may_reach(post.author) else _named(post)
    before = Mention.objects.filter(said_in=post).select_related("member")
    heard = {one.member: one for one in before if one.member}
    withdrawn = heard.keys() - set(named)
    for user in withdrawn:
        heard[user].delete()
    new = [user for user in named if _mention(post, user)]
    telling.members([user.username for user in (*new, *withdrawn)], "comments")


def _named(post: Post) -> list[User]:
    by = Address.make(*here.site(), post.author.username)
    others = (user for user in naming.members(post.body) if user.pk != post.author_id)
    return [user for user in others if not persons.is_blocked(user, by)]


def _mention(post: Post, user: User) -> bool:
    """Whether the member had not heard of it yet."""
    url, text = discussion.url_of(post), markup.to_text(post.body)
    about = {
        "source": url,
        "host": here.site()[0],
        "name": profiles.of(post.author).name,
        "text": text[:BEGINNING],
    }
    key = {"member": user, "source_key": key_of(url)}
    new = {"said_in": post, "state": Mention.PENDING}
    return Mention.objects.update_or_create(**key, defaults=about, create_defaults={**about, **new})[1]


def targets(post: Post) -> list[str]:
    """Pages of other sites that a post links to, and of the people there whom it names, each once."""
    found: dict[str, None] = {}
    names = [naming.page_of(address) for address in naming.elsewhere(post.body)]
    for href in (*markup.hrefs(post.body), *names):
        try:
            url = str(Url.parse(href.split("#")[0]))
        except FetchError:
            continue
        if not url.startswith(f"{here.origin()}/"):
            found[url] = None
    return list(found)[:MOST]


async def _tell(job: Job) -> None:
    sent = await threads.run(SentMention.objects.select_related("post__author").filter(pk=int(job.key)).first)
    if sent is None or sent.told >= sent.post.updated:
        return
    await threads.run(reaching.wait, sent.post.author.username)
    try:
        await _send(sent)
    except FetchError as error:
        if error.code != "refused":  # what may not be asked is done with
            raise
    await threads.run(_told, sent, sent.post.updated)


async def _send(sent: SentMention) -> None:
    page = _expect(await fetch.get(sent.target, {"Accept": "text/html, */*;q=0.5"}, LIMITS))
    endpoint = await threads.work(endpoints.of, page)
    if endpoint is not None and page.status == 200:
        form = {"source": discussion.url_of(sent.post), "target": sent.target}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        _expect(await fetch.post(endpoint, urlencode(form).encode(), headers, LIMITS))


def _expect(response: Response) -> Response:
    """Try again where another answer may come; any other is taken as it is."""
    if response.status >= 500 or response.status in PASSING:
        raise jobs.Retry(reason=f"status {response.status}")
    return response


def _told(sent: SentMention, edition: int) -> None:
    still = sent.target in targets(Post.objects.get(pk=sent.post_id))
    mine = SentMention.objects.filter(pk=sent.pk)
    if still:
        mine.update(told=edition)
    else:
        mine.delete()


def on_post(post: Any, **_: Any) -> None:
    tell(post)
    tell_members(post)
