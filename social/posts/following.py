"""Following and no longer following: a person's address, the URL of a site or page, or the URL of a feed.

Following is a plain GET: nobody is asked, nobody but the site asked sees it. Members of this site need no
fetching.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from federation import here, services
from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError
from social.accounts.models import User
from social.people import profiles
from social.posts import entries, finding, items, markup, polling
from social.posts.errors import Refusal
from social.posts.finding import Found
from social.posts.models import Feed, Follow, Post
from social.posts.reading import Link

MOST = 1_000  # follows a member
SHOWN = 5  # posts of a preview
BEGINNING = 140
FEED_SCHEME = re.compile(r"feed:(?=https?://)|feed:/{0,2}(?=[^/])", re.IGNORECASE)
"""What some put before the address of a feed."""
WAIT = finding.SECONDS + 5


@dataclass(frozen=True, slots=True)
class Recent:
    """A post as a preview shows it; without a title, how it begins. `published` in milliseconds."""

    title: str
    url: str
    published: int | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be followed: `url` is what to follow, `home` the page to read it at, `others` what else is
    there, `follow` the follow there is already."""

    url: str
    home: str
    name: str
    kind: str
    address: str | None
    follow: int | None
    posts: list[Recent]
    others: list[Link] = field(default_factory=list)


def follow(user: User, text: str) -> tuple[Follow, bool]:
    """Follow what `text` names; true if that is new. Raises Refusal; waits for the other site, at most half a
    minute."""
    text = _spelled(text.strip())
    local = member_here(text)
    if local is not None:
        return _follow_member(user, local)
    if Follow.objects.filter(user=user).count() >= MOST:
        raise Refusal("too_many", "follows")
    target = meant(text)
    known = _known(target)
    return _keep(user, known) if known is not None else _follow_found(user, _find(target))


def preview(user: User, text: str) -> Preview:
    """What following `text` would bring. Raises Refusal; waits for the other site like `follow`."""
    text = _spelled(text.strip())
    local = member_here(text)
    return _of_member(user, local) if local is not None else _of_found(user, _find(meant(text)))


def change(follow: Follow, changes: Mapping[str, Any]) -> Follow:
    """Call it something else (`title`, empty for its own name), or `muted`: keep it out of the timeline."""
    follow.title = entries.fold(changes.get("title", follow.title))
    follow.muted = changes.get("muted", follow.muted)
    follow.save(update_fields=["title", "muted"])
    return follow


def unfollow(follow: Follow) -> None:
    """Stop; a feed that nobody follows any more is forgotten with its items."""
    feed = follow.feed
    with transaction.atomic():
        follow.delete()
        if feed is not None and not feed.follows.exists():
            polling.stop(feed)
            feed.delete()


def hosts() -> set[str]:
    """The hosts of sister sites that somebody here follows."""
    return set(Feed.objects.exclude(ip="").filter(follows__isnull=False).values_list("ip", flat=True))


def follows_address(user: User, address: Address) -> bool:
    """Whether `user` follows the person of this address."""
    follows = Follow.objects.filter(user=user)
    if address.site == here.site():
        return follows.filter(author__username=address.username).exists()
    ip, port = address.site
    return follows.filter(feed__ip=ip, feed__port=port, feed__username=address.username).exists()


def icon_of(address: Address) -> str:
    """The picture that a followed person's feed names, empty if none is known."""
    ip, port = address.site
    feeds = Feed.objects.filter(ip=ip, port=port, username=address.username).exclude(icon="")
    return feeds.values_list("icon", flat=True).first() or ""


def _spelled(text: str) -> str:
    """`bob@example.org` and `acct:bob@example.org` mean `@bob@example.org`."""
    text = text.removeprefix("acct:")
    is_address = "@" in text and "/" not in text
    return f"@{text}" if is_address and not text.startswith("@") else text


def member_here(text: str) -> User | None:
    """The member of this site that an address or URL means; Refusal if it is of this site and means
    nobody."""
    address = _address(text)
    if address is None or address.site != here.site():
        return None
    user = User.objects.filter(username=address.username, is_active=True).first()
    if user is None:
        raise Refusal("not_found", text[:80])
    return user


def _address(text: str) -> Address | None:
    """The address of ours that this is or leads to; None for names that only other networks have."""
    with contextlib.suppress(ProtocolError):
        if text.startswith("@"):
            return Address.parse(text.lower())
        if text.startswith(here.origin() + "/@"):
            name = text.removeprefix(here.origin() + "/@").split("/")[0]
            return Address.make(*here.site(), name)
    return None


def meant(text: str) -> str:
    """What `finding` takes: an address, or a URL that may lack its scheme."""
    if text.startswith("@"):
        return text
    text = FEED_SCHEME.sub("", text)
    if "://" not in text:
        text = f"https://{text}"
    if not text.startswith(("https://", "http://")) or len(text) > 2000 or not text.isprintable():
        raise Refusal("not_a_feed", "url")
    return text


def _known(target: str) -> Feed | None:
    """A feed that is polled already, by what it was asked for."""
    address = _address(target)
    if address is None:
        found = Feed.objects.filter(url=target)
    else:
        found = Feed.objects.filter(ip=address.ip, port=address.port, username=address.username)
    return found.exclude(polled=0).filter(gone=False).first()


def _find(target: str) -> Found:
    try:
        return services.wait_for(finding.find(target), WAIT)
    except TimeoutError as error:
        raise Refusal("unreachable") from error


def _follow_member(user: User, author: User) -> tuple[Follow, bool]:
    if author == user:
        raise Refusal("own_address")
    return Follow.objects.get_or_create(user=user, author=author)


def _follow_found(user: User, found: Found) -> tuple[Follow, bool]:
    with transaction.atomic():
        feed, _ = Feed.objects.get_or_create(url=found.url, defaults={"kind": found.channel.kind})
        items.describe(feed, found.channel)
        polling.note_validators(feed, found.response)
        feed.gone, feed.failures, feed.failing_since, feed.problem = False, 0, None, ""
        feed.save()
        items.absorb(feed, found.channel)
        kept = _keep(user, feed)
        polling.start(feed)
    return kept


def _keep(user: User, feed: Feed) -> tuple[Follow, bool]:
    return Follow.objects.get_or_create(user=user, feed=feed)


def _of_member(user: User, author: User) -> Preview:
    url = f"{here.origin()}/@{author.username}"
    newest = Post.objects.filter(author=author, deleted=None).order_by("-published", "-id")[:SHOWN]
    posts = [Recent(_heading(post.title, post.body), f"{url}/{post.slug}", post.published) for post in newest]
    address = str(Address(*here.site(), author.username))
    follow = Follow.objects.filter(user=user, author=author).first()
    name = profiles.of(author).name
    return Preview(address, url, name, "member", address, follow.pk if follow else None, posts)


def _of_found(user: User, found: Found) -> Preview:
    channel = found.channel
    own = [one for one in channel.entries if not one.recommended]
    sister = items.sister_of(channel, found.url)
    follow = Follow.objects.filter(user=user, feed__url=found.url).first()
    return Preview(
        url=found.url,
        home=channel.home or found.url,
        name=channel.name or channel.title or found.url,
        kind="site" if sister else channel.kind,
        address=str(sister) if sister else None,
        follow=follow.pk if follow else None,
        posts=[Recent(_heading(one.title, one.body), one.url, one.published) for one in own[:SHOWN]],
        others=found.others,
    )


def _heading(title: str, body: markup.Tree) -> str:
    return title or markup.to_text(body)[:BEGINNING]
