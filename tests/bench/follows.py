"""`python -m tests.bench.follows polls PORT COUNT`, `due PORT COUNT` or `timeline`, in a site's environment.

`polls` follows COUNT feeds, each of a host of its own on loopback where a server at PORT answers 304 to all,
and prints the processor seconds that one round of polling took. `due` has the member of `tests.bench.posts`
follow them, and leaves the round to the site. `timeline` prints the seconds of a page of
the timeline among a thousand items and among a million.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from statistics import median

os.environ["DJANGO_SETTINGS_MODULE"] = "social.config.settings"

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from federation import clock  # noqa: E402
from federation.drain import drain_once  # noqa: E402
from social.accounts.models import User  # noqa: E402
from social.posts import polling, timeline  # noqa: E402
from social.posts.models import Feed, Follow, Item  # noqa: E402
from tests.bench.posts import USERNAME  # noqa: E402
from tests.bench.unchanged import address  # noqa: E402

FOLLOWED, FEEDS = 200, 2_000
FEW, MANY = 5, 500  # items a feed
ROUNDS = 60
VARIED = {
    "feed_id": "f.id",
    "guid": "'g' || n",
    "url": "'https://f.example/' || f.id || '/' || n",
    "published": "model.published - n * 60000 - f.id",
    "link_key": "'k' || f.id || '.' || n",
}
"""What differs between the items; the rest is as in the model item."""
FILL = """INSERT INTO posts_item ({names})
WITH RECURSIVE counted(n) AS (SELECT %s UNION ALL SELECT n + 1 FROM counted WHERE n + 1 < %s)
SELECT {values} FROM posts_item model CROSS JOIN posts_feed f CROSS JOIN counted
WHERE model.id = %s AND f.id > %s AND f.id <= %s"""


def polls(port: int, count: int) -> dict[str, float]:
    follow(User.objects.create_user("reader"), port, count)
    begun, since = time.process_time(), time.monotonic()
    done = drain_once([polling.KIND])
    unchanged = Feed.objects.filter(failures=0, polled__gt=1).count()
    if (done, unchanged) != (count, count):
        raise SystemExit(f"{done} polls, {unchanged} unchanged, instead of {count}")
    return {"cpu": time.process_time() - begun, "clock": time.monotonic() - since}


def due(port: int, count: int) -> dict[str, float]:
    follow(User.objects.get(username=USERNAME), port, count)
    return {}


def follow(user: User, port: int, count: int) -> None:
    """So many feeds, each of which is due."""
    with transaction.atomic():
        for number in range(count):
            feed = Feed.objects.create(
                url=f"http://{address(number)}:{port}/feed", kind="atom", etag='"one"', polled=1
            )
            Follow.objects.create(user=user, feed=feed)
            polling.now(feed)


def timelines() -> dict[str, float]:
    user = User.objects.create_user("reader")
    feeds = [Feed(url=f"https://f{number}.example/", kind="rss") for number in range(FEEDS)]
    made = Feed.objects.bulk_create(feeds)
    Follow.objects.bulk_create(Follow(user=user, feed=feed) for feed in made[:FOLLOWED])
    now, apart = clock.now(), Feed.objects.create(url="https://model.example/", kind="rss")
    model = Item.objects.create(
        feed=apart, guid="model", title="Title", body=["words"], published=now, updated=now
    )
    fill(model, 0, FEW, FOLLOWED)
    few = timed(lambda: timeline.page(user, None))
    fill(model, FEW, MANY, FOLLOWED)
    fill(model, 0, MANY, FEEDS, FOLLOWED)
    return {"few": few, "many": timed(lambda: timeline.page(user, None))}


def fill(model: Item, start: int, end: int, last: int, first: int = 0) -> None:
    """Items `start` to `end` of each of the feeds after `first`, up to `last`."""
    columns = [one.column for one in Item._meta.concrete_fields if not one.primary_key]
    values = ", ".join(VARIED.get(name, f"model.{name}") for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            FILL.format(names=", ".join(columns), values=values), [start, end, model.pk, first, last]
        )


def timed(act: Callable[[], object]) -> float:
    act()
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return median(taken)


if __name__ == "__main__":
    what, *numbers = sys.argv[1:]
    found = {"polls": polls, "due": due, "timeline": timelines}[what](*map(int, numbers))
    print(json.dumps(found))
