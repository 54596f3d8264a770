"""A feed of 20 posts against nginx with one worker, same bytes and headers: whole answers and 304s, from the
site itself and from our nginx configuration before it.

Both servers have the same core, in turns; wrk has the other one and keeps 32 connections busy. What is
compared is requests a second of the server's own processor time: with the core to itself that is its rate,
and on a busy machine it is still what one request costs. The rate by the clock is in the details.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.server.nginx.configuration import FOR_PROGRAMS, NOSNIFF, REVALIDATE, Front, lines
from tests.bench import machine
from tests.bench.figures import Figure
from tests.bench.posts import USERNAME
from tests.bench.site import BenchSite
from tests.server.nginx import command as nginx_command

POSTS, POST_BYTES = 20, 260
PATH = f"/@{USERNAME}/feed.json"
GOAL = 0.25
GOAL_BEHIND_NGINX = 0.9
CONNECTIONS = 32
SECONDS = 2
ROUNDS = 4
HEADERS = lines([NOSNIFF, *FOR_PROGRAMS, REVALIDATE])
RATE = re.compile(r"(\d+) requests in")
FAULTS = re.compile(r"Socket errors:.*|Non-2xx.*")
CONFIG = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 1000000000;
  open_file_cache max=100 inactive=600s; default_type application/feed+json; types {{ }}
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{
    listen 127.0.0.1:{port}; root {folder}/files;
{headers}
  }}
}}
"""


@dataclass
class Server:
    """Something that serves the feed at `port`; `pid` and its children are the server."""

    port: int
    pid: int

    def get(self, **headers: str) -> tuple[int, bytes, str]:
        """(status, body, ETag)."""
        connection = http.client.HTTPConnection("localhost", self.port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", PATH, headers=named)
        answer = connection.getresponse()
        found = answer.status, answer.read(), answer.headers.get("etag", "")
        connection.close()
        return found

    def load(self, *headers: str) -> tuple[float, float]:
        """Requests a second of processor time, and by the clock."""
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s"]
        asked = [part for header in headers for part in ("-H", header)]
        before = machine.spent(self.pid)
        done = subprocess.run(
            [*command, *asked, f"http://localhost:{self.port}{PATH}"],
            capture_output=True,
            text=True,
            check=True,
        )
        spent = machine.spent(self.pid) - before
        count = RATE.search(done.stdout)
        if FAULTS.search(done.stdout) or count is None:
            raise RuntimeError(done.stdout)
        return int(count[1]) / spent, int(count[1]) / SECONDS


def measure() -> Iterator[Figure]:
    subprocess.run([machine.ROOT / "tests" / "system-packages.sh", "nginx", "wrk"], check=True)
    folder = machine.fresh_folder("feed")
    pages = folder / "pages"
    site = BenchSite(folder, extra={"PORCHLIGHT_PAGES": str(pages)})
    site.prepare()
    site.run("-m", "tests.bench.posts", str(POSTS), str(POST_BYTES))
    with site.serving():
        ours = Server(site.port, site.pid)
        status, body, etag = ours.get()
        assert status == 200
        with nginx(body) as reference:
            check(ours, reference)
            yield compared("feed GET", ours, reference, {"bytes": len(body)})
            conditions = {one.port: f"If-None-Match: {one.get()[2]}" for one in (ours, reference)}
            yield compared("feed 304", ours, reference, {"etag": etag}, conditions)
            with before(site, pages) as front:
                check(front, reference)
                yield compared("feed GET, nginx before", front, reference, {}, goal=GOAL_BEHIND_NGINX)
                conditions[front.port] = f"If-None-Match: {etag}"
                yield compared("feed 304, nginx before", front, reference, {}, conditions, GOAL_BEHIND_NGINX)


def check(ours: Server, reference: Server) -> None:
    """Both give the same bytes, and 304 for their own ETag."""
    if ours.get()[1] != reference.get()[1]:
        raise RuntimeError("the two feeds differ")
    for server in (ours, reference):
        if server.get(if_none_match=server.get()[2])[:2] != (304, b""):
            raise RuntimeError("no 304")


def compared(
    name: str,
    ours: Server,
    reference: Server,
    detail: dict[str, object],
    asked: dict[int, str] | None = None,
    goal: float = GOAL,
) -> Figure:
    clock: dict[str, list[float]] = {"ours_by_clock": [], "reference_by_clock": []}

    def run(server: Server, kept: str) -> float:
        rate, by_clock = server.load(*([asked[server.port]] if asked else []))
        clock[kept].append(by_clock)
        return rate

    mine, other, found = machine.turns(
        lambda: run(ours, "ours_by_clock"), lambda: run(reference, "reference_by_clock"), ROUNDS
    )
    return Figure(name, mine, "/s", other, goal, detail={**detail, **found, **clock})


@contextmanager
def nginx(body: bytes) -> Iterator[Server]:
    """nginx with one worker, serving `body` from a file."""
    folder, port = machine.fresh_folder("nginx"), machine.free_port()
    file = folder / "files" / PATH.lstrip("/")
    file.parent.mkdir(parents=True)
    file.write_bytes(body)
    readable(folder)
    config = folder / "nginx.conf"
    config.write_text(CONFIG.format(folder=folder, port=port, headers=HEADERS), encoding="ascii")
    command = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert command
    with machine.process([command, "-c", str(config)], log=folder / "log") as child:
        machine.wait_port(port, child)
        yield Server(port, child.pid)


@contextmanager
def before(site: BenchSite, pages: Path) -> Iterator[Server]:
    """Our nginx configuration, with one worker, before `site`."""
    folder, port = machine.fresh_folder("nginx-before"), machine.free_port()
    media = site.folder / "media" / "public"
    app = machine.ROOT / "frontend" / "dist"
    front = Front(
        "localhost", f"127.0.0.1:{port}", f"127.0.0.1:{site.port}", pages, media, app, site.port, secure=False
    )
    with machine.process(nginx_command(front, folder), log=folder / "log") as child:
        machine.wait_port(port, child)
        yield Server(port, child.pid)


def readable(folder: Path) -> None:
    """nginx's worker is another user where it was started by root."""
    for one in (folder, *folder.rglob("*")):
        one.chmod(one.stat().st_mode | 0o055)
