"""A new post at the sites of twenty followers: from sending it until each follower's own timeline has it.

Every site is a process of its own with an address of its own; all share the machine's cores. The post is
told by a live hint over the link between the sites, then fetched. The timelines are asked one after the
other all the time, as browsers that are open would, so that their answers are part of what is measured.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median

from tests.bench import machine
from tests.bench.browser import Browser
from tests.bench.figures import Figure
from tests.bench.posts import USERNAME
from tests.bench.site import BenchSite

FOLLOWERS = 20
POSTS = 8
GOAL_SECONDS = 2.0
APART_SECONDS = 2.0  # a site is asked once a second at most
PATIENCE_SECONDS = 60.0
DATABASE = "site.sqlite3"


def measure() -> Iterator[Figure]:
    author, *others = sites()
    with ExitStack() as stack:
        for number, site in enumerate((author, *others)):
            core = machine.CORES[number % len(machine.CORES)]
            stack.enter_context(site.serving(core=core))
        writer = logged_in(author, stack)
        readers = [logged_in(site, stack) for site in others]
        for reader in readers:
            reader.ask("POST", "/api/v1/follows", {"address": f"{author.origin}/@{USERNAME}"})
        publish(writer, readers)  # the links are made, and everybody has asked to be told
        times = [publish(writer, readers) for _ in range(POSTS)]
    every = sorted(one for found in times for one in found)
    detail: dict[str, object] = {"slowest of each post": [max(found) for found in times]}
    yield Figure(f"a post at {FOLLOWERS} sites, median", median(every), "s", detail=detail)
    yield Figure(f"a post at {FOLLOWERS} sites, slowest", every[-1], "s", goal=GOAL_SECONDS, more=False)


def sites() -> list[BenchSite]:
    """Alike, with one member who can log in, each allowed to ask the others."""
    hosts = [f"127.0.3.{number + 1}" for number in range(FOLLOWERS + 1)]
    made = [BenchSite(machine.fresh_folder(f"hints-{host}"), host=host) for host in hosts]
    made[0].prepare()
    made[0].run("-m", "tests.bench.posts", "1", "100")
    for site in made:
        site.extra["FETCH_ALLOW"] = ",".join(f"{one.host}:{one.port}" for one in made)
        if site is not made[0]:
            shutil.copy(made[0].folder / DATABASE, site.folder / DATABASE)
    return made


def logged_in(site: BenchSite, stack: ExitStack) -> Browser:
    browser = stack.enter_context(Browser(site.origin))
    browser.log_in()
    return browser


def publish(writer: Browser, readers: list[Browser]) -> list[float]:
    """The seconds until each reader's timeline has a new post."""
    time.sleep(APART_SECONDS)
    begun = time.monotonic()
    post = writer.ask("POST", "/api/v1/posts", {"title": None, "source": f"Written at {time.time()}."})
    waiting, times = list(readers), []
    while waiting:
        if time.monotonic() - begun > PATIENCE_SECONDS:
            raise RuntimeError(f"{len(waiting)} sites never heard of the post")
        for reader in list(waiting):
            if any(one["url"] == post["url"] for one in reader.ask("GET", "/api/v1/timeline")["items"]):
                times.append(time.monotonic() - begun)
                waiting.remove(reader)
    return times
