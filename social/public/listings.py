"""Lists of a member's posts: the pages behind their own, and the archive by year and month
(in the site's time zone).

Pages are numbered from the oldest, `PAGE` posts each, so that a new post changes none of them but the last;
what is beyond the last full one, and always at least `PAGE` posts if there are so many, stands on the
member's own page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import get_default_timezone

from social.accounts.models import User
from social.posts import exhibits, showing
from social.posts.models import Post
from social.public import published, rendering
from social.public.person import Person
from social.public.published import Page

PAGE = 12


def newest_first(user: User) -> QuerySet[Post]:
    """The posts of a member that stand."""
    standing = Post.objects.filter(author=user, deleted=None).defer("source")
    return standing.order_by("-published", "-id")


def whole(person: Person, posts: Sequence[Post]) -> list[rendering.ShownPost]:
    """Posts with all their words and how many comments each has."""
    shown = showing.comments().filter(post__in=posts)
    counts = Counter(shown.values_list("post_id", flat=True))
    return [
        rendering.shown(person, post, rendering.IN_A_LIST, list(post.labels.all()), counts[post.pk])
        for post in posts
    ]


def front_part(user: User) -> tuple[list[Post], int]:
    """The posts of the member's own page, and the number of the page behind it, 0 if there is none."""
    number = newest_first(user).count()
    pages = _pages(number)
    return list(newest_first(user).prefetch_related(*exhibits.WITH_POSTS)[: number - pages * PAGE]), pages


def neighbours(post: Post) -> tuple[Post | None, Post | None]:
    """The next newer and the next older post of its author."""
    others = Post.objects.filter(author_id=post.author_id, deleted=None).exclude(pk=post.pk)
    newer = others.filter(Q(published__gt=post.published) | Q(published=post.published, pk__gt=post.pk))
    older = others.filter(Q(published__lt=post.published) | Q(published=post.published, pk__lt=post.pk))
    return newer.order_by("published", "id").first(), older.order_by("-published", "-id").first()


def years(person: Person, user: User) -> list[dict[str, Any]]:
    """The years in which somebody wrote, newest first."""
    counts = Counter(month.year for month in _months(user).elements())
    return [
        {"year": year, "url": f"{person.url}/archive/{year}", "posts": counts[year]}
        for year in sorted(counts, reverse=True)
    ]


def with_post(person: Person, post: Post, moved: bool) -> Iterator[Page]:
    """The lists that show a post; if it came or went also those that changed by it."""
    user = post.author
    number = newest_first(user).count()
    last = _pages(number)
    older = newest_first(user).filter(
        Q(published__lt=post.published) | Q(published=post.published, pk__lt=post.pk)
    )
    own = older.count() // PAGE + 1
    numbers = range(max(1, min(own, last - 1)), last + 1) if moved else range(own, min(own, last) + 1)
    yield from (_numbered(person, user, page, last) for page in numbers)
    if moved:
        published.drop(f"/@{person.username}/page/{last + 1}")
        yield _archive(person, user)
    yield from _dated(person, user, {_month(post.published)})


def every(person: Person, user: User) -> Iterator[Page]:
    """All pages and the whole archive of a member."""
    last = _pages(newest_first(user).count())
    yield from (_numbered(person, user, page, last) for page in range(1, last + 1))
    yield _archive(person, user)
    yield from _dated(person, user, _months(user))


def _pages(number: int) -> int:
    """How many pages there are behind a member's own."""
    return max(0, number // PAGE - 1)


def _numbered(person: Person, user: User, page: int, last: int) -> Page:
    oldest_first = newest_first(user).reverse().prefetch_related(*exhibits.WITH_POSTS)
    posts = list(oldest_first[(page - 1) * PAGE : page * PAGE])[::-1]
    return rendering.render(
        "page",
        f"/@{person.username}/page/{page}",
        person=person,
        posts=whole(person, posts),
        newer=f"{person.url}/page/{page + 1}" if page < last else person.url,
        older=f"{person.url}/page/{page - 1}" if page > 1 else None,
        first=posts[-1] and _day(posts[-1].published),
        last=_day(posts[0].published),
    )


def _archive(person: Person, user: User) -> Page:
    months = _months(user)
    found = [
        {
            **year,
            "months": [
                {"month": month, "url": _month_url(person, month), "posts": months[month]}
                for month in sorted(months, reverse=True)
                if month.year == year["year"]
            ],
        }
        for year in years(person, user)
    ]
    return rendering.render("archive", f"/@{person.username}/archive", person=person, years=found)


def _dated(person: Person, user: User, months: Iterable[datetime]) -> Iterator[Page]:
    """The pages of these months and of their years; those in which nothing stands any more go."""
    months = set(months)
    for year in sorted({month.year for month in months}):
        start = datetime(year, 1, 1, tzinfo=get_default_timezone())
        yield from _period(person, user, f"{year}", start, start.replace(year=year + 1))
    for month in sorted(months):
        yield from _period(person, user, f"{month:%Y/%m}", month, _next(month), month)


def _period(
    person: Person, user: User, name: str, start: datetime, end: datetime, month: datetime | None = None
) -> Iterator[Page]:
    path = f"/@{person.username}/archive/{name}"
    found = newest_first(user).filter(published__gte=_milliseconds(start), published__lt=_milliseconds(end))
    posts = [rendering.listed(person, post) for post in found]
    if posts:
        yield rendering.render("period", path, person=person, posts=posts, start=start, month=month)
    else:
        published.drop(path)


def _months(user: User) -> Counter[datetime]:
    times = Post.objects.filter(author=user, deleted=None).values_list("published", flat=True)
    return Counter(map(_month, times))


def _month(milliseconds: int) -> datetime:
    return _day(milliseconds).replace(day=1, hour=0, minute=0, second=0, fold=0)


def _next(month: datetime) -> datetime:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def _day(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds // 1000, get_default_timezone())


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000


def _month_url(person: Person, month: datetime) -> str:
    return f"{person.url}/archive/{month:%Y/%m}"
