"""The site's own keys, the site document, and other sites' pinned keys."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from federation import clock, document, here, peers, sitekey
from federation.models import Peer
from homevault.protocol.canonical import canonical, parse
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import DhKey, SignKey, sign, verify
from tests.server.federation.servers import Say, Server, answer

KEY, OTHER, THIRD = (SignKey.from_seed(bytes([n]) * 32) for n in (1, 2, 3))
DH = DhKey.from_secret(bytes([9]) * 32)
database = pytest.mark.django_db(transaction=True)


def statement(what: str, signer: SignKey, /, **changes: Any) -> dict[str, Any]:
    base = {"v": 1, "suite": "PL1", "ip": "127.0.0.1", "port": 8002, "time": 5}
    return sign(what, {**base, **changes}, signer)


def rotation(old: SignKey, new: SignKey, **changes: Any) -> dict[str, Any]:
    return statement("site-rotation", old, old=old.public, new=new.public, **changes)


def site_document(signer: SignKey = KEY, /, **changes: Any) -> dict[str, Any]:
    return statement("site-document", signer, **{"key": signer.public, "dh": DH.public, **changes})


# --- our own ----------------------------------------------------------------------------------


def test_keys_are_made_once_and_are_private(home: Any, tmp_path: Path) -> None:
    first = sitekey.current()
    file = tmp_path / sitekey.FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    sitekey._load.cache_clear()
    assert sitekey.current().public == first.public
    assert [path.name for path in tmp_path.iterdir()] == [sitekey.FILE]
    assert first.sign.seed.hex() not in repr(first)


def test_a_key_file_that_others_can_read_is_refused(home: Any, tmp_path: Path) -> None:
    sitekey.current()
    (tmp_path / sitekey.FILE).chmod(0o640)
    sitekey._load.cache_clear()
    with pytest.raises(ImproperlyConfigured):
        sitekey.current()


def test_processes_that_start_together_agree_on_one_key(home: Any, tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    barrier, seen = fork.Barrier(6), fork.SimpleQueue()
    processes = [fork.Process(target=_make, args=(barrier, seen)) for _ in range(6)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(10)
    assert len({seen.get() for _ in processes}) == 1


def _make(barrier: Any, seen: Any) -> None:
    barrier.wait(10)
    seen.put(sitekey.current().public)


def test_the_document_is_signed_and_stays_the_same(home: Any) -> None:
    client = Client(headers={"host": "127.0.0.1:8001"})
    first = client.get("/.well-known/porchlight")
    sitekey._load.cache_clear()
    document._make.cache_clear()
    second = client.get("/.well-known/porchlight")
    assert (first.status_code, first["Content-Type"]) == (200, "application/json")
    assert first.content == second.content
    found = parse(first.content)
    assert (found["ip"], found["port"], found["key"]) == ("127.0.0.1", 8001, sitekey.current().public)
    verify("site-document", found, found["key"])
    again = client.get("/.well-known/porchlight", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_rotation_is_vouched_for_by_the_old_key(home: Any) -> None:
    old = sitekey.current()
    new = sitekey.rotate()
    assert new.public != old.public
    found = document.read(document.own(), here.site())
    assert found.key == new.public
    assert found.follows(old.public)
    assert not found.follows(OTHER.public)
    sitekey.rotate()
    assert document.read(document.own(), here.site()).follows(old.public)


# --- reading others' --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"v": 2}, "unsupported_version"),
        ({"suite": "PL2"}, "unsupported_suite"),
        ({"ip": "127.0.0.2"}, "refused"),
        ({"port": 8003}, "refused"),
        ({"port": "8002"}, "schema"),
        ({"key": "A"}, "encoding"),
        ({"dh": None}, "schema"),
        ({"key": OTHER.public}, "signature"),
        ({"rotations": "none"}, "schema"),
        ({"rotations": [{}]}, "schema"),
        ({"rotations": [rotation(OTHER, KEY, port=8003)]}, "refused"),
    ],
)
def test_bad_documents_are_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        document.read(canonical(site_document(**changes)), ("127.0.0.1", 8002))
    assert caught.value.code == code


def test_unknown_members_of_the_open_document_are_ignored() -> None:
    found = document.read(canonical(site_document(more={"a": 1})), ("127.0.0.1", 8002))
    assert (found.key, found.dh) == (KEY.public, DH.public)


def test_a_document_must_be_canonical() -> None:
    with pytest.raises(ProtocolError) as caught:
        document.read(json.dumps(site_document()).encode(), ("127.0.0.1", 8002))
    assert caught.value.code == "json_not_canonical"


@pytest.mark.parametrize(
    ("steps", "follows"),
    [
        ([], False),
        ([rotation(OTHER, KEY)], True),
        ([rotation(OTHER, THIRD), rotation(THIRD, KEY)], True),
        ([rotation(THIRD, KEY), rotation(OTHER, THIRD)], False),
        ([rotation(OTHER, THIRD)], False),
    ],
)
def test_rotations_lead_from_key_to_key(steps: list[dict[str, Any]], follows: bool) -> None:
    found = document.read(canonical(site_document(rotations=steps)), ("127.0.0.1", 8002))
    assert found.follows(OTHER.public) is follows


def test_a_rotation_that_the_old_key_did_not_sign_leads_nowhere() -> None:
    forged = statement("site-rotation", THIRD, old=OTHER.public, new=KEY.public)
    found = document.read(canonical(site_document(rotations=[forged])), ("127.0.0.1", 8002))
    with pytest.raises(ProtocolError) as caught:
        found.follows(OTHER.public)
    assert caught.value.code == "signature"


# --- pinning ----------------------------------------------------------------------------------


class OtherSite(Server):
    """Serves a site document that the test may change."""

    def __init__(self) -> None:
        super().__init__(self.serve)
        self.key = KEY
        self.rotations: list[dict[str, Any]] = []
        self.time = 5

    @property
    def site(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    async def serve(self, request: bytes, say: Say) -> None:
        found = site_document(self.key, port=self.port, rotations=self.rotations, time=self.time)
        await say(answer(canonical(found)))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    calls: list[Any] = []
    monkeypatch.setattr(peers, "_told", [lambda *args: calls.append(args)])
    return calls


def later(monkeypatch: pytest.MonkeyPatch, by: int) -> None:
    now = clock.now() + by
    monkeypatch.setattr(clock, "now", lambda: now)


@database
async def test_a_site_is_asked_once_and_pinned(allow: Callable[..., None]) -> None:
    async with OtherSite() as other:
        allow(other.site)
        assert await peers.key_of(other.site) == KEY.public
        assert await peers.key_of(other.site) == KEY.public
        assert await peers.key_of(other.site, KEY.public) == KEY.public
        assert other.connections == 1


@database
async def test_a_claimed_key_that_is_not_the_sites_is_not_proven(
    allow: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with OtherSite() as other:
        allow(other.site)
        for _ in range(5):
            with pytest.raises(ProtocolError) as caught:
                await peers.key_of(other.site, OTHER.public)
            assert caught.value.code == "not_proven"
        assert other.connections == 1, "lies about a site make us ask it once a minute at most"
        later(monkeypatch, 61_000)
        with pytest.raises(ProtocolError):
            await peers.key_of(other.site, OTHER.public)
        assert other.connections == 2


@database
async def test_a_changed_key_is_refused_reported_and_the_old_one_kept(
    allow: Callable[..., None], told: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with OtherSite() as other:
        allow(other.site)
        await peers.key_of(other.site)
        other.key = OTHER
        later(monkeypatch, 61_000)
        for _ in range(2):
            with pytest.raises(ProtocolError) as caught:
                await peers.key_of(other.site, OTHER.public)
            assert caught.value.code in ("refused", "not_proven")
        assert told == [(other.site, KEY.public, OTHER.public)]
        peer = await Peer.objects.aget()
        assert (peer.key, peer.refused_key) == (KEY.public, OTHER.public)
        assert await peers.key_of(other.site) == KEY.public


@database
async def test_a_rotated_key_is_followed(
    allow: Callable[..., None], told: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with OtherSite() as other:
        allow(other.site)
        await peers.key_of(other.site)
        other.key, other.rotations, other.time = OTHER, [rotation(KEY, OTHER, port=other.port)], 6
        later(monkeypatch, 61_000)
        assert await peers.key_of(other.site, OTHER.public) == OTHER.public
        assert told == []
        with pytest.raises(ProtocolError):
            await peers.key_of(other.site, KEY.public)


@database
async def test_a_forgotten_pin_takes_the_next_key(allow: Callable[..., None], told: list[Any]) -> None:
    async with OtherSite() as other:
        allow(other.site)
        await peers.key_of(other.site)
        other.key = OTHER
        await asyncio.to_thread(peers.forget, other.site)
        assert await peers.key_of(other.site) == OTHER.public


@database
async def test_a_site_that_does_not_answer_is_left_alone_for_a_while(
    allow: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Server(answer(status="404 Not Found")) as server:
        site = ("127.0.0.1", server.port)
        allow(site)
        for _ in range(5):
            with pytest.raises(ProtocolError) as caught:
                await peers.key_of(site, KEY.public)
            assert caught.value.code == "unreachable"
        assert server.connections == 1
        later(monkeypatch, 31_000)
        with pytest.raises(ProtocolError):
            await peers.key_of(site)
        assert server.connections == 2
    assert not await Peer.objects.aexists()
