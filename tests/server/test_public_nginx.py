"""A real nginx with our configuration before a real site: both answer alike, and a commit shows at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from deploy.local.processes import Child, Site, free_port
from deploy.server.nginx.configuration import Front
from tests.server.nginx import command
from tests.server.people import Person
from tests.server.test_public_pages import CONDITIONS

PATHS = [
    "/",
    "/rules",
    "/@alice",
    "/@alice/first",
    "/@alice/first/comments.json",
    "/@alice/tag/lamp",
    "/@alice/archive",
    "/@alice/feed.json",
    "/@alice/feed.atom",
]
OWN = {"date", "server", "connection", "accept-ranges"}
"""Headers that belong to a server, not to an answer."""


@dataclass
class Doors:
    """One site, asked through nginx or directly."""

    alice: Person
    nginx: httpx.Client
    direct: httpx.Client

    def both(self, path: str, method: str = "GET", **headers: str) -> tuple[httpx.Response, httpx.Response]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return tuple(one.request(method, path, headers=named) for one in (self.nginx, self.direct))  # type: ignore[return-value]


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    folder = tmp_path_factory.mktemp("nginx")
    port, behind = free_port("localhost") or 0, free_port("localhost") or 0
    pages = folder / "pages"
    extra = {
        "PORCHLIGHT_BIND_PORT": str(behind),
        "PORCHLIGHT_PAGES": str(pages),
        "PORCHLIGHT_TRUSTED_PROXIES": "127.0.0.1",
    }
    site = Site("fronted", "localhost", port, folder / "site", extra=extra)
    listen, upstream = f"127.0.0.1:{port}", f"127.0.0.1:{behind}"
    front = Front("localhost", listen, upstream, pages, folder / "site" / "media" / "public", port, False)
    nginx = Child("nginx", command(front, folder / "nginx"), folder / "nginx.log")
    site.prepare()
    nginx.start()
    site.start()
    try:
        site.wait_ready()
        alice = Person.moves_in(site, "alice")
        alice.write("Here is a #lamp.", "First")
        host = {"host": f"localhost:{port}"}
        with (
            httpx.Client(base_url=site.origin, trust_env=False) as through,
            httpx.Client(base_url=f"http://localhost:{behind}", headers=host, trust_env=False) as direct,
        ):
            yield Doors(alice, through, direct)
    finally:
        site.stop()
        nginx.stop()


def told(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in OWN}


def test_both_give_the_same_bytes_etags_and_headers(doors: Doors) -> None:
    icon = doors.nginx.get("/").text.split('rel="stylesheet" href="', 1)[1].split('"', 1)[0]
    for path in [*PATHS, icon]:
        ours, theirs = doors.both(path)
        assert (ours.status_code, ours.content) == (theirs.status_code, theirs.content), path
        assert told(ours) == told(theirs), path
        assert ours.headers["server"].startswith("nginx")


@pytest.mark.parametrize(("conditions", "status"), CONDITIONS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_conditional_requests(doors: Doors, conditions: dict[str, str], status: int, method: str) -> None:
    for path in ("/", "/@alice", "/@alice/feed.json"):
        plain = doors.direct.get(path)
        asked = {
            name: value.strip()
            .replace("ETAG", plain.headers["etag"])
            .replace("DATE", plain.headers["last-modified"])
            for name, value in conditions.items()
        }
        for answer in doors.both(path, method, **asked):
            assert answer.status_code == status, (path, asked)
            assert answer.headers["etag"] == plain.headers["etag"]
            assert answer.headers["cache-control"] == plain.headers["cache-control"]
            assert answer.content == (plain.content if (status, method) == (200, "GET") else b"")


def test_a_commit_shows_at_once(doors: Doors) -> None:
    seen = {doors.nginx.get("/@alice/feed.json").headers["etag"]}
    for number in range(6):
        doors.alice.write(f"Number {number}.", f"Post {number}")
        begun = time.monotonic()
        while f"Number {number}." not in (feed := doors.nginx.get("/@alice/feed.json")).text:
            assert time.monotonic() - begun < 0.5
        seen.add(feed.headers["etag"])
    assert len(seen) == 7, "versions of one second are told apart"


def test_what_is_deleted_is_gone_and_what_is_not_there_is_asked_of_the_site(doors: Doors) -> None:
    post = doors.alice.write("Soon gone.", "Gone")
    assert doors.nginx.get("/@alice/gone").status_code == 200
    doors.alice.ask("DELETE", f"/api/v1/posts/{post['id']}", status=204)
    assert doors.nginx.get("/@alice/gone").status_code == 410
    assert doors.nginx.get("/@nobody").status_code == 404
    assert doors.nginx.get("/@Alice/").status_code == 301
    assert doors.nginx.post("/@alice").status_code == 405
    assert doors.nginx.post("/@alice/first/comments", content=b"{}").status_code in (400, 401, 403, 415)
    assert doors.nginx.get("/.well-known/nodeinfo").status_code == 200


@pytest.mark.parametrize("path", ["/@alice/../.lock", "/.lock", "/@alice.page", "/@alice%00"])
def test_files_are_not_pages(doors: Doors, path: str) -> None:
    assert doors.nginx.get(path).status_code in (400, 404)


def test_another_name_gets_no_page(doors: Doors) -> None:
    assert doors.nginx.get("/@alice", headers={"host": "evil.example"}).status_code == 421


def test_the_start_puts_the_files_right(doors: Doors) -> None:
    site = doors.alice.site
    site.stop()
    pages = Path(site.extra["PORCHLIGHT_PAGES"])
    (pages / "@alice.page").write_bytes(b"old")
    (pages / "@alice" / "feed.json.page").unlink()
    (pages / "@ghost.page").write_bytes(b"was never there")
    assert doors.nginx.get("/@ghost").status_code == 200
    site.start()
    site.wait_ready()
    for path in ("/@alice", "/@alice/feed.json", "/@ghost"):
        ours, theirs = doors.both(path)
        assert (ours.status_code, ours.content) == (theirs.status_code, theirs.content)
    assert (pages / "@alice" / "feed.json.page").is_file()
