"""How often a feed is worth asking: by the distance of its newest items, by whether there was something new,
and by how long its site calls an answer fresh. Milliseconds."""

from __future__ import annotations

import re
from itertools import pairwise
from statistics import median

from federation import clock
from federation.fetch import Response
from social.posts import entries
from social.posts.models import Feed

LOOKED_AT = 10  # newest items
LONGEST_FRESH = 24 * clock.HOUR
MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
NEVER_FRESH = re.compile(r"\b(?:no-cache|no-store)\b", re.IGNORECASE)


def next_interval(feed: Feed, changed: bool) -> int:
    """Half the usual distance between items, where that is known; nothing new lengthens, news shorten."""
    grown = feed.interval // 2 if changed else feed.interval * 3 // 2
    usual = distance(feed)
    return grown if usual is None or not changed else min(grown, usual // 2)


def distance(feed: Feed) -> int | None:
    """The median distance between a feed's newest items; None for too few to tell."""
    own = feed.items.filter(recommended=False).order_by("-published", "-id")
    times = list(own.values_list("published", flat=True)[:LOOKED_AT])
    gaps = [newer - older for newer, older in pairwise(times)]
    return int(median(gaps)) if len(gaps) >= 3 else None


def fresh_for(response: Response) -> int:
    """How long an answer may be kept, by Cache-Control, else Expires; a day at most."""
    control = response.headers.get("cache-control", "")
    if NEVER_FRESH.search(control):
        return 0
    match = MAX_AGE.search(control)
    if match:
        return min(int(match[1]) * clock.SECOND, LONGEST_FRESH)
    return max(0, min(_expires(response.headers.get("expires", "")), LONGEST_FRESH))


def _expires(text: str) -> int:
    moment = entries.time(text)
    return 0 if moment is None else moment - clock.now()
