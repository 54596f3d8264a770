"""Pages answered by the server's protocol itself: the same as through the application, on any connection."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from deploy.local.processes import Site, free_port
from tests import sites
from tests.server.people import Person

PAGE = "/@alice/feed.json"


@pytest.fixture(scope="module")
def lit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with a page in memory."""
    site = Site("lit", "localhost", free_port("localhost") or 0, tmp_path_factory.mktemp("lit"))
    sites.start(site)
    alice = Person.moves_in(site, "alice")
    alice.write("Here.", "First")
    assert alice.page(PAGE).status_code == 200
    yield site
    site.stop()


@pytest.fixture
def line(lit: Site) -> Iterator[Line]:
    """A connection to it."""
    found = Line(lit)
    yield found
    found.close()


class Line:
    """One connection, written to and read from by hand."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.socket = socket.create_connection((site.host, site.port), timeout=10)
        self.file = self.socket.makefile("rb")

    def send(self, *requests: str) -> None:
        self.socket.sendall("".join(requests).encode())

    def request(self, path: str = PAGE, method: str = "GET", version: str = "1.1", **headers: str) -> str:
        named = {"Host": f"{self.site.host}:{self.site.port}", **headers}
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items())
        return f"{method} {path} HTTP/{version}\r\n{lines}\r\n"

    def read(self, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
        status = int(self.file.readline().split()[1])
        headers: dict[str, str] = {}
        while line := self.file.readline().strip():
            name, _, value = line.decode().partition(": ")
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        length = 0 if method == "HEAD" or status == 304 else int(headers["content-length"])
        return status, headers, self.file.read(length)

    def close(self) -> None:
        self.file.close()
        self.socket.close()

    def ask(self, *args: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        self.send(self.request(*args, **headers))
        return self.read(args[1] if len(args) > 1 else "GET")

    def is_closed(self) -> bool:
        return self.file.read(1) == b""

    def is_cut_off(self, piece: bytes) -> bool:
        """Whether the other side hangs up while this is sent again and again."""
        try:
            for _ in range(1_000):
                self.socket.sendall(piece)
        except OSError:
            return True
        return False


def test_one_connection_takes_pages_and_everything_else_in_any_order(line: Line) -> None:
    first = line.ask()
    assert (first[0], first[1]["content-type"]) == (200, "application/feed+json; charset=utf-8")
    assert "date" in first[1]
    assert line.ask(If_None_Match=first[1]["etag"])[0] == 304
    assert line.ask("/api/v1/me")[0] == 401
    assert line.ask()[2] == first[2]
    assert line.ask(PAGE, "HEAD")[1]["content-length"] == str(len(first[2]))
    assert line.ask("/@nobody")[0] == 404
    assert line.ask()[2] == first[2]
    assert line.ask(PAGE, "POST", Content_Length="0")[0] == 405
    assert line.ask()[2] == first[2]


def test_both_ways_give_the_same_answer(line: Line) -> None:
    for path in ("/", "/@alice", "/@alice/first", PAGE, "/@alice/feed.atom"):
        line.ask(path)
        quick = line.ask(path)
        ordinary = line.ask(path + "?a=b")
        assert quick[2] == ordinary[2]
        assert {**quick[1], "date": ""} == {**ordinary[1], "date": ""}
        etag = {"If_None_Match": quick[1]["etag"]}
        assert {**line.ask(path, **etag)[1], "date": ""} == {**line.ask(path + "?x", **etag)[1], "date": ""}


def test_requests_sent_at_once_are_answered_in_their_order(line: Line) -> None:
    paths = [PAGE, "/api/v1/me", PAGE, PAGE, "/@nobody", "/@alice", "/api/v1/me", PAGE]
    line.send(*(line.request(path) for path in paths))
    statuses = [line.read()[0] for _ in paths]
    assert statuses == [200, 401, 200, 200, 404, 200, 401, 200]


def test_a_request_in_pieces_is_answered_when_it_is_whole(line: Line) -> None:
    for letter in line.request():
        line.socket.sendall(letter.encode())
    assert line.read()[0] == 200
    line.send(line.request(Content_Length="5"), "abc")
    assert line.read()[0] == 200
    line.send("de", line.request())
    assert line.read()[0] == 200


@pytest.mark.parametrize(("version", "headers"), [("1.0", {}), ("1.1", {"Connection": "close"})])
def test_who_wants_the_connection_closed_gets_that(line: Line, version: str, headers: dict[str, str]) -> None:
    line.send(line.request(version=version, **headers))
    status, answered, body = line.read()
    assert (status, answered.get("connection")) == (200, "close")
    assert body
    assert line.is_closed()


@pytest.mark.parametrize("host", ["Host: evil.example\r\n", "", "Host: {own}\r\nHost: evil.example\r\n"])
def test_another_host_gets_no_page(line: Line, host: str) -> None:
    host = host.format(own=f"{line.site.host}:{line.site.port}")
    line.send(f"GET {PAGE} HTTP/1.1\r\n{host}\r\n")
    assert line.read()[0] == 421


@pytest.mark.parametrize("path", [PAGE, "/api/v1/me"])
def test_headers_without_an_end_are_cut_off(line: Line, path: str) -> None:
    line.send(line.request(path)[:-2], "X-Long: ")
    assert line.is_cut_off(b"a" * 65_536)
    other = Line(line.site)
    other.send(other.request(path)[:-2], *("X-Many: a\r\n" for _ in range(300)), "\r\n")
    assert other.read()[0] == 431
    assert other.is_closed()
    other.close()


def test_a_body_in_small_pieces_is_taken_and_its_trailers_are_cut_off(line: Line) -> None:
    line.send(line.request(Transfer_Encoding="chunked"))
    for _ in range(400):
        line.send("400\r\n" + "a" * 1024 + "\r\n")
    line.send("0\r\n\r\n", line.request())
    assert [line.read()[0] for _ in range(2)] == [200, 200]
    line.send(line.request(Transfer_Encoding="chunked"), "0\r\n")
    assert line.read()[0] == 200
    assert line.is_cut_off(b"X-Trailer: a\r\n" * 4_000)


def test_files_answer_conditions_and_ranges(line: Line) -> None:
    uid = "00000000-0000-4000-8000-000000000001"
    folder = line.site.folder / "media" / "public" / uid
    folder.mkdir(parents=True)
    (folder / "whole.pdf").write_bytes(bytes(range(100)))
    path = f"/media/{uid}/whole.pdf"
    _, headers, _ = line.ask(path)
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert (headers["content-disposition"], headers["x-content-type-options"]) == ("attachment", "nosniff")
    for tags in ("*", headers["etag"], f"W/{headers['etag']}", f'"x", {headers["etag"]}'):
        assert line.ask(path, If_None_Match=tags)[0] == 304
    assert line.ask(path, If_None_Match='"x"')[0] == 200
    assert line.ask(path, Range="Bytes=98-")[::2] == (206, bytes([98, 99]))
    assert line.ask(path, Range=f"bytes={10**20}-")[0] == 416
    assert line.ask(path, Range="bytes=0-1", If_Range=f"W/{headers['etag']}")[0] == 200
    assert line.ask(path, "HEAD", Range="bytes=0-1")[0] == 200


def test_documents_for_programs_answer_conditions(line: Line) -> None:
    for path in ("/.well-known/porchlight", PAGE):
        _, headers, _ = line.ask(path)
        for tags in ("*", f"W/{headers['etag']}", f'"x", {headers["etag"]}'):
            assert line.ask(path, If_None_Match=tags)[0] == 304
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"


def test_a_reader_who_does_not_read_holds_up_nobody_and_gets_all_in_the_end(line: Line) -> None:
    """Far more answers are asked for than the connection's buffers hold; they come when they are read."""
    line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32_768)
    line.socket.setblocking(False)
    sent = line.socket.send((line.request() * 4_000).encode())
    line.socket.setblocking(True)
    whole = sent // len(line.request())
    other = Line(line.site)
    assert other.ask()[0] == 200
    other.close()
    assert whole > 100
    assert {line.read()[0] for _ in range(whole)} == {200}
