"""Following and no longer following: a person's address, the URL of a site or page, or the URL of a feed.

Following is a plain GET: nobody is asked, nobody but the site asked sees it. Members of this site need no
fetching.
"""

from __future__ import annotations

from django.db import transaction

from federation import fetch, here, services
from federation.fetch import Limits, Response
from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError
from social.accounts.models import User
from social.posts import items, polling, reading
from social.posts.errors import Refusal
from social.posts.models import Feed, Follow
from social.posts.reading import Channel

LIMITS = Limits(bytes=4_000_000, seconds=15, redirects=5)
ACCEPT = "application/feed+json, application/atom+xml, application/rss+xml, application/json;q=0.8, */*;q=0.5"
MOST = 1_000  # follows a member
TRIES = 2  # feeds tried of those a page names


def follow(user: User, text: str) -> tuple[Follow, bool]:
    """Follow what `text` names; true if that is new. Raises Refusal; waits for the other site, at most half a
    minute."""
    text = _spelled(text.strip())
    local = _member_here(text)
    if local is not None:
        return _follow_member(user, local)
    if Follow.objects.filter(user=user).count() >= MOST:
        raise Refusal("too_many", "follows")
    known = Feed.objects.filter(url=_url(text)).first()
    if known is not None and not known.gone and known.polled:
        return _keep(user, known)
    found, response = _resolve(_url(text))
    return _follow_channel(user, found, response)


def unfollow(follow: Follow) -> None:
    """Stop; a feed that nobody follows any more is forgotten with its items."""
    feed = follow.feed
    with transaction.atomic():
        follow.delete()
        if feed is not None and not feed.follows.exists():
            polling.stop(feed)
            feed.delete()


def follows_address(user: User, address: Address) -> bool:
    """Whether `user` follows the person of this address."""
    follows = Follow.objects.filter(user=user)
    if address.site == here.site():
        return follows.filter(author__username=address.username).exists()
    ip, port = address.site
    return follows.filter(feed__ip=ip, feed__port=port, feed__username=address.username).exists()


def _spelled(text: str) -> str:
    """`bob@example.org` means `@bob@example.org`."""
    is_address = "@" in text and "/" not in text
    return f"@{text}" if is_address and not text.startswith("@") else text


def _member_here(text: str) -> User | None:
    """The member of this site that an address or URL means; Refusal if it is of this site and means
    nobody."""
    try:
        address = _address(text)
    except ProtocolError as error:
        raise Refusal("not_a_feed", "address") from error
    if address is None or address.site != here.site():
        return None
    user = User.objects.filter(username=address.username, is_active=True).first()
    if user is None:
        raise Refusal("not_found", text[:80])
    return user


def _address(text: str) -> Address | None:
    if text.startswith("@"):
        return Address.parse(text.lower())
    if text.startswith(here.origin() + "/@"):
        name = text.removeprefix(here.origin() + "/@").split("/")[0]
        return Address.make(*here.site(), name)
    return None


def _url(text: str) -> str:
    if text.startswith("@"):
        address = Address.parse(text.lower())
        return f"{_origin(address)}/@{address.username}/feed.json"
    if "://" not in text:
        text = f"https://{text}"
    if not text.startswith(("https://", "http://")) or len(text) > 2000 or not text.isprintable():
        raise Refusal("not_a_feed", "url")
    return text


def _origin(address: Address) -> str:
    try:
        return services.wait_for(fetch.origin_of(address.site), LIMITS.seconds).rstrip("/")
    except TimeoutError as error:
        raise Refusal("unreachable") from error
    except ProtocolError as error:
        raise _refusal(error) from error


def _resolve(url: str) -> tuple[Channel, Response]:
    """The feed at `url`, or the one that the page at `url` names."""
    response = _get(url)
    try:
        return _read(response), response
    except Refusal as error:
        problem = error
    kind = response.headers.get("content-type", "")
    for link in reading.feed_links(response.body, kind, response.url)[:TRIES]:
        response = _get(link)
        try:
            return _read(response), response
        except Refusal as error:
            problem = error
    raise problem


def _read(response: Response) -> Channel:
    return reading.read(response.body, response.headers.get("content-type", ""), response.url)


def _get(url: str) -> Response:
    try:
        response = fetch.get_sync(url, {"Accept": ACCEPT}, LIMITS)
    except ProtocolError as error:
        raise _refusal(error) from error
    if response.status in (404, 410):
        raise Refusal("not_found", f"status {response.status}")
    if response.status != 200:
        raise Refusal("unreachable", f"status {response.status}")
    return response


def _refusal(error: ProtocolError) -> Refusal:
    return Refusal("unreachable" if error.code == "unreachable" else "not_a_feed", error.detail)


def _follow_member(user: User, author: User) -> tuple[Follow, bool]:
    if author == user:
        raise Refusal("own_address")
    return Follow.objects.get_or_create(user=user, author=author)


def _follow_channel(user: User, found: Channel, response: Response) -> tuple[Follow, bool]:
    url = response.moved or response.url
    with transaction.atomic():
        feed, _ = Feed.objects.get_or_create(url=url, defaults={"kind": found.kind})
        items.describe(feed, found)
        polling.note_validators(feed, response)
        feed.gone, feed.failures, feed.problem = False, 0, ""
        feed.save()
        items.absorb(feed, found)
        kept = _keep(user, feed)
        polling.start(feed)
    return kept


def _keep(user: User, feed: Feed) -> tuple[Follow, bool]:
    return Follow.objects.get_or_create(user=user, feed=feed)
