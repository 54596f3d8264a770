"""Two sites, each a process of its own with its own data folder: linked, killed, linked again; nothing
lost."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.federation.sites import Person, Site, until


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Site, Site]]:
    """Two sites that may reach each other; neither is started."""
    a, b = Site(tmp_path / "a"), Site(tmp_path / "b", "127.0.0.2")
    a.allow, b.allow = {b.name}, {a.name}
    yield a, b
    for site in (a, b):
        site.end_if_running()


@pytest.fixture
def sites(pair: tuple[Site, Site]) -> tuple[Site, Site]:
    for site in pair:
        site.start()
    return pair


def up(site: Site, other: Site) -> list[Any]:
    """The links of a site to another: [dialled, retired] each."""
    found: list[Any] = site.state()["links"].get(other.name, [])
    return found


def test_mail_goes_both_ways_over_one_link(sites: tuple[Site, Site]) -> None:
    a, b = sites
    alice, bob = Person("alice", a), Person("bob", b)
    there = [alice.envelope(bob) for _ in range(30)]
    back = [bob.envelope(alice) for _ in range(30)]
    for envelope in there:
        a.ask("send", envelope.raw, b)
    until(lambda: len(b.taken()) == 30)
    for envelope in back:
        b.ask("send", envelope.raw, a)
    until(lambda: len(a.taken()) == 30)
    assert b.taken() == [envelope.id for envelope in there]
    assert a.taken() == [envelope.id for envelope in back]
    assert (up(a, b), up(b, a)) == ([[True, False]], [[False, False]])
    until(lambda: a.state()["jobs"] == b.state()["jobs"] == [])
    assert [peer["key"] for peer in a.state()["peers"]] != [peer["key"] for peer in b.state()["peers"]]


def test_live_envelopes_go_over_the_link_and_leave_nothing_behind(sites: tuple[Site, Site]) -> None:
    a, b = sites
    alice, bob = Person("alice", a), Person("bob", b)
    typing = alice.envelope(bob, "typing")
    assert a.ask("live", typing.raw, b) == {}
    until(lambda: b.taken("typing") == [typing.id])
    assert a.state()["jobs"] == []
    b.stop()
    until(lambda: not up(a, b))
    answer = a.ask("live", alice.envelope(bob, "typing").raw, b)
    assert answer["code"] == "unreachable"


def test_a_link_that_ended_is_opened_again_when_needed(sites: tuple[Site, Site]) -> None:
    a, b = sites
    alice, bob = Person("alice", a), Person("bob", b)
    sent = []
    for dropper in (a, b, a):
        envelope = alice.envelope(bob)
        sent.append(envelope.id)
        a.ask("send", envelope.raw, b)
        until(lambda: b.taken() == sent)
        dropper.ask("drop")
        until(lambda: not up(a, b) and not up(b, a))


def test_mail_for_a_site_that_is_down_waits_and_arrives_once_it_is_back(sites: tuple[Site, Site]) -> None:
    a, b = sites
    alice, bob = Person("alice", a), Person("bob", b)
    first = alice.envelope(bob)
    a.ask("send", first.raw, b)
    until(lambda: b.taken() == [first.id])
    b.kill()
    until(lambda: not up(a, b))
    waiting = [alice.envelope(bob) for _ in range(10)]
    for envelope in waiting:
        a.ask("send", envelope.raw, b)
    until(lambda: any(job["attempts"] for job in a.state()["jobs"]))
    b.start()
    assert a.state()["failed"] == []
    b.ask("dial", to=a)
    until(lambda: len(b.taken()) == 11)
    assert sorted(b.taken()[1:]) == sorted(envelope.id for envelope in waiting)
    until(lambda: a.state()["jobs"] == [])


def test_both_sites_dialling_at_once_end_with_one_link_and_lose_nothing(sites: tuple[Site, Site]) -> None:
    a, b = sites
    alice, bob = Person("alice", a), Person("bob", b)
    there, back = ([x.envelope(y) for _ in range(40)] for x, y in ((alice, bob), (bob, alice)))

    def send(site: Site, other: Site, envelopes: list[Any]) -> None:
        for envelope in envelopes:
            site.ask("send", envelope.raw, other)

    threads = [
        threading.Thread(target=site.ask, args=("dial",), kwargs={"to": other})
        for site, other in ((a, b), (b, a))
    ]
    threads += [threading.Thread(target=send, args=args) for args in ((a, b, there), (b, a, back))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: len(b.taken()) == 40 and len(a.taken()) == 40)
    assert sorted(b.taken()) == sorted(envelope.id for envelope in there)
    assert sorted(a.taken()) == sorted(envelope.id for envelope in back)
    until(lambda: len(up(a, b)) == len(up(b, a)) == 1)
    assert up(a, b)[0][0] != up(b, a)[0][0], "both keep the same one"
    assert [retired for _, retired in (*up(a, b), *up(b, a))] == [False, False]
    last = alice.envelope(bob)
    a.ask("send", last.raw, b)
    until(lambda: b.taken()[-1] == last.id)


def test_kill_9_between_commit_and_send(pair: tuple[Site, Site]) -> None:
    a, b = pair
    alice, bob = Person("alice", a), Person("bob", b)
    a.start()
    envelopes = [alice.envelope(bob) for _ in range(5)]
    for envelope in envelopes:
        a.ask("send", envelope.raw, b)
    a.kill()
    b.start()
    a.start()
    a.ask("hurry", to=b)
    until(lambda: len(b.taken()) == 5)
    until(lambda: a.state()["jobs"] == [])
    assert sorted(b.taken()) == sorted(envelope.id for envelope in envelopes)


def test_kill_9_between_send_and_the_answer(sites: tuple[Site, Site]) -> None:
    """The sender does not know that it was sent and sends again; the receiver handles it once."""
    a, b = sites
    envelope = Person("alice", a).envelope(Person("slow", b))
    a.ask("send", envelope.raw, b)
    until(lambda: up(b, a))
    until(lambda: a.state()["jobs"][0]["attempts"] == 1)
    a.kill()
    a.start()
    until(lambda: len(up(b, a)) >= 1)
    b.ask("go_on")
    until(lambda: a.state()["jobs"] == [])
    assert b.taken() == [envelope.id]


def test_a_receiver_killed_after_it_took_a_mail_takes_it_once(sites: tuple[Site, Site]) -> None:
    a, b = sites
    envelope = Person("alice", a).envelope(Person("bob", b))
    a.ask("send", envelope.raw, b)
    until(lambda: a.state()["jobs"] == [])
    b.kill()
    b.start()
    a.ask("send", envelope.raw, b)
    until(lambda: (a.state()["jobs"] and a.state()["jobs"][0]["attempts"] == 0) or a.state()["jobs"] == [])
    b.ask("dial", to=a)
    until(lambda: a.state()["jobs"] == [])
    assert b.taken() == [envelope.id]


def test_what_the_other_site_refuses_is_told_and_not_tried_again(sites: tuple[Site, Site]) -> None:
    a, b = sites
    envelope = Person("alice", a).envelope(Person("nobody", b))
    a.ask("send", envelope.raw, b)
    until(lambda: a.state()["failed"])
    until(lambda: a.state()["jobs"] == [])
    assert a.state()["failed"] == [[envelope.id, "unknown_recipient"]]


def test_mail_whose_time_is_over_is_told_and_not_sent(pair: tuple[Site, Site]) -> None:
    a, b = pair
    a.start()
    envelope = Person("alice", a).envelope(Person("bob", b), ttl=0)
    a.ask("send", envelope.raw, b)
    until(lambda: a.state()["failed"])
    assert a.state()["failed"] == [[envelope.id, "expired"]]


def test_a_site_that_lost_its_key_is_refused_until_the_owner_forgets_the_old_one(
    sites: tuple[Site, Site],
) -> None:
    a, b = sites
    alice, bob = Person("alice", a), Person("bob", b)
    a.ask("send", alice.envelope(bob).raw, b)
    until(lambda: len(b.taken()) == 1)
    pinned = a.state()["peers"][0]["key"]
    b.stop()
    shutil.rmtree(b.folder)
    b.folder.mkdir()
    b.start()
    until(lambda: not up(a, b))
    a.ask("send", alice.envelope(bob).raw, b)
    until(
        lambda: (
            a.state()["jobs"] and a.state()["jobs"][0]["attempts"] >= 1 and a.state()["jobs"][0]["problem"]
        )
    )
    assert "not_proven" in a.state()["jobs"][0]["problem"]
    assert b.taken() == []
    assert a.state()["peers"][0]["key"] == pinned


def test_a_second_worker_leaves_the_link_to_the_first(pair: tuple[Site, Site]) -> None:
    """Two workers of one site (they share its folder and database) and a link that only one may hold."""
    a, b = pair
    b.start()
    a.start(redis="redis://127.0.0.1:1")
    second = a.second_worker()
    try:
        assert a.ask("dial", to=b) == {"link": True}
        assert second.ask("dial", to=b) == {"link": False}
        alice, bob = Person("alice", a), Person("bob", b)
        typing = alice.envelope(bob, "typing")
        assert second.ask("live", typing.raw, b) == {}
        until(lambda: b.taken("typing") == [typing.id])
        mails = [alice.envelope(bob) for _ in range(10)]
        for n, mail in enumerate(mails):
            (a, second)[n % 2].ask("send", mail.raw, b)
        until(lambda: len(b.taken()) == 10)
        assert sorted(b.taken()) == sorted(mail.id for mail in mails)
        assert len(up(b, a)) == 1
        a.stop()
        until(lambda: second.ask("dial", to=b) == {"link": True})
    finally:
        second.end_if_running()
