"""Public pages that are not in memory, against an empty Django view; what a first visit loads.

Two posts are asked for in turn, of a site that remembers one page: each answer comes from the database, by
the whole way. The reference is a bare asynchronous Django view on the same kind of server. A first load is
counted in bytes of bodies, as they are sent to a browser that takes gzip: the page and all that it names,
without what scripts fetch later.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

import httpx

from tests.bench import machine
from tests.bench.feed import RATE
from tests.bench.figures import Figure
from tests.bench.posts import USERNAME
from tests.bench.site import BenchSite

POSTS, POST_BYTES = 20, 2_000
GOAL = 0.3
PAGE_KB, APP_KB = 30.0, 120.0
SECONDS, ROUNDS, CONNECTIONS = 3, 3, 16
LOG = machine.BUILD / "emptyview.log"
IN_TURN = """local paths = {%s}
local n = 0
request = function() n = n + 1; return wrk.format("GET", paths[n %% #paths + 1]) end
"""
NAMED = re.compile(r'<(?:link rel="(?:stylesheet|icon|modulepreload)"|script)[^>]*?(?:href|src)="([^"]+)"')


def measure() -> Iterator[Figure]:
    subprocess.run([machine.ROOT / "tests" / "system-packages.sh", "wrk"], check=True)
    site = BenchSite(machine.fresh_folder("pages"))
    site.prepare()
    site.run("-m", "tests.bench.posts", str(POSTS), str(POST_BYTES))
    with site.serving():
        yield first_load(site, "a public page", f"/@{USERNAME}/post-1", PAGE_KB)
        yield first_load(site, "the app", "/app/", APP_KB)
    port = machine.free_port()
    with site.serving("-m", "tests.bench.forgetful"), machine.serving(empty_view(port), port, LOG) as pid:
        posts = [f"/@{USERNAME}/post-{number}" for number in (1, 2)]
        ours, reference, found = machine.turns(
            lambda: load(site.pid, site.port, posts), lambda: load(pid, port, ["/"]), ROUNDS
        )
    yield Figure("post page, not in memory", ours, "/s", reference, GOAL, detail=found)


def load(pid: int, port: int, paths: list[str]) -> float:
    """Requests a second of the server's processor time while these paths are asked for in turn."""
    before = machine.spent(pid)
    script = machine.BUILD / "in-turn.lua"
    script.write_text(IN_TURN % ", ".join(f'"{path}"' for path in paths), encoding="ascii")
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", str(script)]
    done = subprocess.run([*command, f"http://localhost:{port}"], capture_output=True, text=True, check=True)
    count = RATE.search(done.stdout)
    if "Non-2xx" in done.stdout or count is None:
        raise RuntimeError(done.stdout)
    return int(count[1]) / (machine.spent(pid) - before)


def empty_view(port: int) -> list[str]:
    options = ["--port", str(port), "--http", "httptools", "--loop", "uvloop", "--no-access-log"]
    return [sys.executable, "-m", "uvicorn", "tests.bench.emptyview:application", *options]


def first_load(site: BenchSite, what: str, path: str, goal: float) -> Figure:
    sizes: dict[str, int] = {}
    with httpx.Client(base_url=site.origin, trust_env=False, headers={"Accept-Encoding": "gzip"}) as client:
        page, sizes[path] = fetched(client, path)
        for named in dict.fromkeys(NAMED.findall(page)):
            sizes[named] = fetched(client, named)[1]
    whole = sum(sizes.values()) / 1000
    return Figure(f"first load of {what}", whole, "KB", goal=goal, more=False, detail={**sizes})


def fetched(client: httpx.Client, url: str) -> tuple[str, int]:
    """A body as text, and its bytes on the way."""
    answer = client.get(url)
    answer.raise_for_status()
    return answer.text, answer.num_bytes_downloaded
