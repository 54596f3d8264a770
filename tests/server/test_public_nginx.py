"""A real nginx with our configuration before a real site: both answer alike, and a commit shows within a
second."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from deploy.local.processes import ROOT, Child, Site, free_port
from deploy.server.nginx.configuration import Front
from tests import sites
from tests.server.nginx import command
from tests.server.people import Person, until
from tests.server.test_public_pages import CONDITIONS

PATHS = [
    "/",
    "/rules",
    "/stored",
    "/@alice",
    "/@alice/first",
    "/@alice/first/comments.json",
    "/@alice/tag/lamp",
    "/@alice/archive",
    "/@alice/feed.json",
    "/@alice/feed.atom",
]
OWN = {"date", "server", "connection", "accept-ranges", "transfer-encoding"}
"""Headers that belong to a server, not to an answer."""
BOTH_HELD = {"if-none-match": "ETAG", "if-modified-since": "Sat, 01 Jan 2000 00:00:00 GMT"}
"""The one thing nginx sees otherwise: it answers 304 only where the ETag and the date agree to that."""


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
    media, app = folder / "site" / "media" / "public", ROOT / "frontend" / "dist"
    front = Front("localhost", listen, upstream, pages, media, app, port, False)
    nginx = Child("nginx", command(front, folder / "nginx"), folder / "nginx.log")
    sites.prepare(site)
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


def told(answer: httpx.Response, *but: str) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in {*OWN, *but}}


def test_both_give_the_same_bytes_etags_and_headers(doors: Doors) -> None:
    icon = doors.nginx.get("/").text.split('rel="stylesheet" href="', 1)[1].split('"', 1)[0]
    for path in [*PATHS, icon]:
        ours, theirs = doors.both(path)
        assert (ours.status_code, ours.content) == (theirs.status_code, theirs.content), path
        assert told(ours) == told(theirs), path
        assert ours.headers["server"].startswith("nginx")


def test_the_apps_files(doors: Doors) -> None:
    """Whole and in gzip, whoever answers."""
    index = doors.nginx.get("/app/").text
    files = re.findall(r'(?:src|href)="(/app/assets/[^"]+)"', index)
    assert {file.rpartition(".")[2] for file in files} == {"js", "css", "svg"}
    for path in files:
        for coding in ("identity", "gzip"):
            ours, theirs = doors.both(path, accept_encoding=coding)
            assert (ours.status_code, ours.content) == (theirs.status_code, theirs.content), path
            assert told(ours, "etag", "last-modified") == told(theirs, "etag", "last-modified"), path
            assert ours.headers.get("content-encoding", "identity") == coding
            assert ours.headers["server"].startswith("nginx")
            assert "immutable" in ours.headers["cache-control"]
    assert doors.nginx.get("/app/assets/none-12345678.js").status_code == 404


@pytest.mark.parametrize(("conditions", "status"), CONDITIONS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_conditional_requests(doors: Doors, conditions: dict[str, str], status: int, method: str) -> None:
    statuses = (200 if conditions == BOTH_HELD else status, status)
    for path in ("/", "/@alice", "/@alice/feed.json"):
        plain = doors.direct.get(path)
        asked = {
            name: value.strip()
            .replace("ETAG", plain.headers["etag"])
            .replace("DATE", plain.headers["last-modified"])
            for name, value in conditions.items()
        }
        for answer, status in zip(doors.both(path, method, **asked), statuses, strict=True):
            assert answer.status_code == status, (path, asked)
            assert answer.headers["etag"] == plain.headers["etag"]
            assert answer.headers["cache-control"] == plain.headers["cache-control"]
            assert answer.content == (plain.content if (status, method) == (200, "GET") else b"")


def test_a_commit_shows_soon_and_each_version_has_its_etag(doors: Doors) -> None:
    seen = {doors.nginx.get("/@alice/feed.json").headers["etag"]}
    for number in range(4):
        doors.alice.write(f"Number {number}.", f"Post {number}")
        seen.add(awaited(doors, "/@alice/feed.json", f"Number {number}.").headers["etag"])
    assert len(seen) == 5, "versions of one second are told apart"


def awaited(doors: Doors, path: str, text: str) -> httpx.Response:
    def found() -> httpx.Response | None:
        answer = doors.nginx.get(path)
        return answer if text in answer.text else None

    return until(found)


def test_what_is_deleted_is_gone_and_what_is_not_there_is_asked_of_the_site(doors: Doors) -> None:
    post = doors.alice.write("Soon gone.", "Gone")
    assert doors.nginx.get("/@alice/gone").status_code == 200
    doors.alice.ask("DELETE", f"/api/v1/posts/{post['id']}", status=204)
    until(lambda: doors.nginx.get("/@alice/gone").status_code == 410)
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
