"""Which pages show what, and their making.

Promise: each function is called inside the transaction that makes the change, and what it writes becomes
visible with it. Pages are the same for everyone: nothing here knows who asks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from django.db import transaction
from django.db.models import Max

from federation import jobs
from social.accounts.models import FormerName, User
from social.posts import exhibits, mentions, pins, recent, revisions, showing, signing
from social.posts.entries import MOST_RECOMMENDED
from social.posts.models import Comment, Post
from social.public import assets, feeds, listings, looks, published, rendering, site_pages, taglists
from social.public.models import Edition, FeedIdentity
from social.public.person import Person, moment, person_of
from social.public.published import Page

GONE = b'{"code":"gone","message":"This post has been deleted."}'


@transaction.atomic
def post_pages(post: Post, tags: Collection[str] = (), moved: bool = False) -> None:
    """A post was published, edited, pinned or deleted; `tags` and `moved` are those of `post_changed`."""
    person = _locked_person(post.author)
    if post.deleted is not None:
        published.drop(f"/@{person.username}/{post.slug}")
    published.put([*_one_post(person, post), *_person_pages(person, post.author)])
    published.put(listings.with_post(person, post, moved))
    published.put(taglists.named(person, post.author, tags))
    if moved:
        published.put(page for near in listings.neighbours(post) if near for page in _one_post(person, near))
    if recent.is_viewed(post) or post.deleted is not None:
        published.lock()
        published.put([_front()])


@transaction.atomic
def imported_pages(user: User, posts: Sequence[int]) -> None:
    """Somebody got many posts at once: the pages of these (ids), or at the end, with none, all lists."""
    person = _locked_person(user)
    if posts:
        found = Post.objects.filter(author=user, pk__in=posts)
        published.put(page for post in found for page in _one_post(person, post))
        return
    lists = [*_person_pages(person, user), *listings.every(person, user), *taglists.every(person, user)]
    published.put(lists)


@transaction.atomic
def comment_pages(post: Post) -> None:
    """Other comments are shown under a post."""
    person = _locked_person(post.author)
    published.put([*_one_post(person, post), _person_page(person, post.author)])


@transaction.atomic
def recent_pages(user: User | None = None) -> None:
    """Something was bumped, or `user` recommends something else."""
    pages = list(_person_pages(_locked_person(user), user)) if user else []
    published.lock()
    published.put([*pages, _front()])


@transaction.atomic
def person_pages(user: User) -> None:
    """Somebody joined, left, changed their name, profile or account, or got many posts at once."""
    person = _locked_person(user)
    published.lock()
    if not user.is_active:
        published.put([_closed(person.username), _front()])
        return
    posts = Post.objects.filter(author=user)
    own = (page for post in posts.iterator() for page in _one_post(person, post))
    lists = [*_person_pages(person, user), *listings.every(person, user), *taglists.every(person, user)]
    published.put([*own, *lists, _front()])


@transaction.atomic
def no_more(user: User) -> None:
    """Somebody was erased: their pages are gone."""
    published.lock()
    published.put([_closed(user.username), _front()])


def register() -> None:
    jobs.register(looks.KIND, lambda _: ensure_current())


def preview(user: User) -> Page:
    """A member's page as it would be made now; nothing is stored."""
    return _person_page(person_of(user), user)


def ensure_current() -> None:
    """Build all pages if they were made by another version of the templates, or at the first start. One
    transaction a member, so that nobody waits long; two processes doing it at once do it twice."""
    if Edition.objects.filter(id=Edition.THE_ONE, recipe=assets.recipe()).exists():
        return
    with transaction.atomic():
        published.lock()
        published.put([assets.stylesheet(), assets.icon(), *site_pages.every(), _front()])
    for user in User.objects.filter(is_active=True):
        person_pages(user)
    with transaction.atomic():
        published.lock()
        published.put([_closed(name) for name in _former()])
    Edition.objects.filter(id=Edition.THE_ONE).update(recipe=assets.recipe())


def _former() -> list[str]:
    """Names whose pages are gone: of those who are leaving, and who have left."""
    leaving = User.objects.filter(is_active=False).values_list("username", flat=True)
    return [*leaving, *FormerName.objects.values_list("username", flat=True)]


def _closed(username: str) -> Page:
    """Gone, and with it all that is below: nothing else stays."""
    published.drop(f"/@{username}")
    return rendering.render("left", f"/@{username}", 410)


def _locked_person(user: User) -> Person:
    """Whoever builds pages of a member waits for others who do, and then sees what they committed."""
    User.objects.select_for_update().filter(pk=user.pk).first()
    return person_of(user)


def _front() -> Page:
    users = list(User.objects.filter(is_active=True).order_by("joined", "id"))
    people = [person_of(user) for user in users]
    named = {person.username: person for person in people}
    views = [
        {
            **rendering.listed(named[view.post.author.username], view.post),
            "by": named[view.post.author.username],
            "people": view.people,
            "time": moment(view.time),
        }
        for view in recent.views()
    ]
    recommended = [
        rendering.recommendation(one, named[one.user.username].name) for one in recent.recommended()
    ]
    return rendering.render("front", "/", people=people, views=views, recommended=recommended)


def _person_pages(person: Person, user: User) -> Iterator[Page]:
    posts = list(listings.newest_first(user).prefetch_related(*exhibits.WITH_POSTS, "signed")[: feeds.LENGTH])
    newest = Post.objects.filter(author=user).aggregate(newest=Max("updated"))["newest"] or 0
    told = int(person.updated.timestamp() * 1000) if person.updated else 0
    changed = max(newest, told, int(user.joined.timestamp() * 1000))
    identity, _ = FeedIdentity.objects.get_or_create(user=user)
    yield _person_page(person, user)
    base = f"/@{person.username}"
    recommends = recent.of(user, MOST_RECOMMENDED)
    yield Page(f"{base}/feed.json", published.JSON_FEED, feeds.person_feed(person, posts, recommends))
    channel = feeds.Channel(person.name, person.url)
    yield Page(f"{base}/feed.atom", published.ATOM, feeds.atom(person, channel, posts, identity.uid, changed))


def _person_page(person: Person, user: User) -> Page:
    pinned = list(pins.of(user).defer("source").prefetch_related(*exhibits.WITH_POSTS))
    newest, older = listings.front_part(user)
    first = {post.pk for post in pinned}
    return rendering.render(
        "person",
        f"/@{person.username}",
        person=person,
        pinned=listings.whole(person, pinned),
        posts=listings.whole(person, [post for post in newest if post.pk not in first]),
        older=f"{person.url}/page/{older}" if older else None,
        years=listings.years(person, user),
        tags=taglists.most_used(person, user),
        recommends=[rendering.recommendation(one, person.name) for one in recent.of(user)],
    )


def _one_post(person: Person, post: Post) -> Iterator[Page]:
    path = f"/@{person.username}/{post.slug}"
    if post.deleted is not None:
        yield rendering.render("gone", path, 410, person=person)
        yield rendering.render("gone", f"{path}/history", 410, person=person)
        yield Page(f"{path}/comments.json", published.JSON, GONE, 410)
        yield Page(f"{path}/post.json", published.JSON, signing.document(post) or GONE, 410)
        return
    comments = list(showing.comments().filter(post=post).order_by("time", "id"))
    newer, older = listings.neighbours(post)
    shown = rendering.shown(person, post, rendering.ON_A_POST, list(post.labels.all()))
    yield rendering.render(
        "post",
        path,
        person=person,
        post=shown,
        newer=rendering.listed(person, newer) if newer else None,
        older=rendering.listed(person, older) if older else None,
        comments=[rendering.comment(comment) for comment in comments],
        mentions=[rendering.mention(one) for one in mentions.shown(post)],
        replies=post.replies,
    )
    yield Page(f"{path}/comments.json", published.JSON, _comments_json(comments))
    yield from _history(person, post, shown)
    signed = signing.document(post)
    if signed:
        yield Page(f"{path}/post.json", published.JSON, signed)
    else:
        published.drop(f"{path}/post.json")


def _history(person: Person, post: Post, shown: rendering.ShownPost) -> Iterator[Page]:
    """The page of earlier versions, if there are some and everybody may read them."""
    path = f"/@{person.username}/{post.slug}/history"
    if not shown.history:
        published.drop(path)
        return
    versions = [rendering.version(old) for old in revisions.earlier(post)]
    yield rendering.render("history", path, person=person, post=shown, versions=versions)


def _comments_json(comments: Iterable[Comment]) -> bytes:
    """Signed comments, changes in place of changed ones, and certificates (SPEC 8.1), each as it came."""
    shown = list(comments)
    certificates = sorted({bytes(comment.certificate) for comment in shown})
    wires = [bytes(comment.wire) for comment in shown if not comment.change]
    changes = [bytes(comment.change) for comment in shown if comment.change]
    parts = (b",".join(certificates), b",".join(changes), b",".join(wires))
    return b'{"certificates":[%s],"changes":[%s],"comments":[%s],"v":1}' % parts
