"""Jobs: at least once, in their time, and nobody waits for somebody else's dead destination."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

from federation import clock, drain, jobs
from federation.drain import Drain
from federation.jobs import Failed, Retry
from federation.models import Job

pytestmark = pytest.mark.django_db(transaction=True)
HOUR, DAY = clock.HOUR, clock.DAY


class Clock:
    """A clock that stands still until told."""

    def __init__(self) -> None:
        self.time = 1_800_000_000_000

    def __call__(self) -> int:
        return self.time

    def forward(self, by: int) -> None:
        self.time += by


class Work:
    """A handler that plays a list of outcomes, and what it saw."""

    def __init__(self) -> None:
        self.outcomes: list[Any] = []
        self.done: list[tuple[str, Any, int]] = []
        self.given_up: list[tuple[str, str, str]] = []

    def __call__(self, job: Job) -> None:
        self.done.append((job.key, job.payload, job.attempts))
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if isinstance(outcome, Exception):
            raise outcome
        if callable(outcome):
            outcome()

    def failed(self, job: Job, code: str, detail: str) -> None:
        self.given_up.append((job.key, code, detail))


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    stopped = Clock()
    monkeypatch.setattr(clock, "now", stopped)
    return stopped


@pytest.fixture
def kinds() -> Iterator[None]:
    known = dict(jobs._kinds)
    yield
    jobs._kinds.clear()
    jobs._kinds.update(known)


@pytest.fixture
def work(kinds: None) -> Work:
    made = Work()
    jobs.register("work", made, failed=made.failed)
    return made


def run() -> int:
    return drain.drain_once(["work"])


def test_a_job_is_done_once_and_gone(work: Work, time: Clock) -> None:
    jobs.enqueue("work", "a", {"n": 1})
    jobs.enqueue("work", "b", b"\x00bytes")
    jobs.enqueue("work", "c", None)
    assert run() == 3
    assert run() == 0
    assert sorted(work.done) == [("a", {"n": 1}, 1), ("b", b"\x00bytes", 1), ("c", None, 1)]
    assert not Job.objects.exists()


def test_a_job_is_enqueued_with_its_transaction_or_not_at_all(work: Work, time: Clock) -> None:
    woken: list[int] = []

    def waker() -> None:
        woken.append(1)

    jobs.on_wake(waker)
    with transaction.atomic():
        jobs.enqueue("work", "a", None)
        transaction.set_rollback(True)
    assert not woken
    assert run() == 0
    with transaction.atomic():
        jobs.enqueue("work", "a", None)
        assert not woken
    jobs.off_wake(waker)
    assert woken
    assert run() == 1


def test_a_job_waits_for_its_time(work: Work, time: Clock) -> None:
    jobs.enqueue("work", "a", None, run_at=time() + HOUR)
    assert run() == 0
    assert jobs.next_due(["work"]) == time() + HOUR
    time.forward(HOUR)
    assert run() == 1


def test_the_same_key_is_one_job_with_the_newer_payload_and_the_earlier_time(work: Work, time: Clock) -> None:
    jobs.enqueue("work", "a", 1, run_at=time() + HOUR)
    jobs.enqueue("work", "a", 2)
    jobs.enqueue("work", "a", 3, run_at=time() + HOUR)
    assert run() == 1
    assert work.done == [("a", 3, 1)]
    time.forward(DAY)
    assert run() == 0


def test_enqueued_again_while_it_runs_it_runs_again(work: Work, time: Clock) -> None:
    work.outcomes = [lambda: jobs.enqueue("work", "a", 2), None]
    jobs.enqueue("work", "a", 1)
    assert run() == 2
    assert work.done == [("a", 1, 1), ("a", 2, 1)]
    assert not Job.objects.exists()


def test_a_job_may_plan_its_own_next_run(work: Work, time: Clock) -> None:
    work.outcomes = [lambda: jobs.enqueue("work", "poll", None, run_at=time() + HOUR)]
    jobs.enqueue("work", "poll", None)
    assert run() == 1
    time.forward(HOUR - 1)
    assert run() == 0
    time.forward(1)
    assert run() == 1


def test_failures_are_tried_again_after_a_minute_doubling_to_six_hours(work: Work, time: Clock) -> None:
    work.outcomes = [OSError("down")] * 20
    jobs.enqueue("work", "a", None)
    waits = []
    for _ in range(12):
        assert run() == 1
        due = jobs.next_due(["work"])
        assert due is not None
        waits.append(due - time())
        time.forward(waits[-1] - 1)
        assert run() == 0
        time.forward(1)
    for attempt, wait in enumerate(waits):
        full = min(60_000 * 2**attempt, 6 * HOUR)
        assert 0.8 * full <= wait <= full
    assert "down" in Job.objects.get().problem


def test_a_job_is_given_up_after_seven_days_and_told(work: Work, time: Clock) -> None:
    work.outcomes = [OSError("down")] * 100
    jobs.enqueue("work", "a", None)
    start = time()
    while Job.objects.exists():
        run()
        time.forward(HOUR)
    assert 7 * DAY <= time() - start <= 7 * DAY + 8 * HOUR
    assert [key for key, _, _ in work.given_up] == ["a"]
    assert work.given_up[0][1] == "unreachable"


def test_retry_sets_its_own_delay_and_may_not_count(work: Work, time: Clock) -> None:
    work.outcomes = [Retry(5), Retry(5, counted=False), None]
    jobs.enqueue("work", "a", None)
    for _ in range(3):
        assert run() == 1
        assert run() == 0
        time.forward(5_000)
    assert [attempts for _, _, attempts in work.done] == [1, 2, 2]


def test_failed_gives_up_at_once(work: Work, time: Clock) -> None:
    work.outcomes = [Failed("refused", "no")]
    jobs.enqueue("work", "a", None)
    run()
    assert work.given_up == [("a", "refused", "no")]
    assert not Job.objects.exists()


def test_a_job_of_a_worker_that_died_is_taken_over_when_its_lease_ends(work: Work, time: Clock) -> None:
    jobs.enqueue("work", "a", None)
    (dead,) = jobs.claim(10, ["work"])
    assert run() == 0
    time.forward(jobs.LEASE - 1)
    assert run() == 0
    time.forward(1)
    assert run() == 1
    assert not Job.objects.exists()
    jobs.enqueue("work", "a", None)
    jobs.finish(dead)
    assert Job.objects.count() == 1, "a lease that is over finishes nothing"


def test_the_one_process_of_a_site_frees_its_own_old_leases(work: Work, time: Clock) -> None:
    jobs.enqueue("work", "a", None)
    jobs.claim(10, ["work"])
    jobs.release_all()
    assert run() == 1


def test_what_waited_for_a_site_is_hurried_when_it_is_back(work: Work, time: Clock) -> None:
    work.outcomes = [OSError()] * 2
    jobs.enqueue("work", "a", None, group="dead.example")
    jobs.enqueue("work", "b", None, group="other.example")
    run()
    jobs.hurry("work", "dead.example")
    assert run() == 1
    assert work.done[-1][0] == "a"


def test_a_cancelled_job_is_not_run(work: Work, time: Clock) -> None:
    jobs.enqueue("work", "a", None)
    jobs.cancel("work", "a")
    assert run() == 0


def test_claims_keep_groups_to_their_limit_and_reach_the_others(kinds: None, time: Clock) -> None:
    jobs.register("work", print, per_group=lambda group: 3 if group == "wide" else 1)
    for n in range(50):
        jobs.enqueue("work", f"dead{n}", None, group="dead")
    for n in range(5):
        jobs.enqueue("work", f"wide{n}", None, group="wide")
    jobs.enqueue("work", "alone", None)
    keys = sorted(job.key for job in jobs.claim(10, ["work"]))
    assert keys == ["alone", "dead0", "wide0", "wide1", "wide2"]
    assert jobs.claim(10, ["work"]) == []


def test_claims_keep_kinds_to_their_limit_and_reach_the_others(kinds: None, time: Clock) -> None:
    jobs.register("slow", print, at_once=3)
    jobs.register("work", print)
    for n in range(50):
        jobs.enqueue("slow", str(n), None)
    jobs.enqueue("work", "a", None)
    first = jobs.claim(10, ["slow", "work"])
    assert sorted((job.kind, job.key) for job in first) == [
        ("slow", "0"),
        ("slow", "1"),
        ("slow", "2"),
        ("work", "a"),
    ]
    assert jobs.claim(10, ["slow", "work"]) == []
    jobs.finish(first[0])
    assert [job.key for job in jobs.claim(10, ["slow", "work"])] == ["3"]


def test_two_workers_never_claim_the_same_job(kinds: None) -> None:
    jobs.register("work", print)
    for n in range(60):
        jobs.enqueue("work", str(n), None)
    claimed: list[str] = []
    barrier = threading.Barrier(4)

    def worker() -> None:
        from django.db import connection

        barrier.wait()
        while found := jobs.claim(7, ["work"]):
            claimed.extend(job.key for job in found)
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed, key=int) == [str(n) for n in range(60)]


# --- the background service -------------------------------------------------------------------


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.005)


async def test_a_committed_job_runs_at_once_beside_the_server(kinds: None) -> None:
    done: list[str] = []

    async def handler(job: Job) -> None:
        done.append(job.key)

    jobs.register("work", handler)
    service = Drain(lambda: ["work"])
    service.start()
    try:
        await asyncio.to_thread(jobs.enqueue, "work", "a", None)
        await until(lambda: done == ["a"])
        await asyncio.to_thread(jobs.enqueue, "work", "b", None)
        await until(lambda: done == ["a", "b"])
    finally:
        await service.stop()
    assert not await Job.objects.aexists()


async def test_a_dead_destination_holds_up_nobody_else(kinds: None) -> None:
    done: list[str] = []
    never = asyncio.Event()

    async def handler(job: Job) -> None:
        if job.group == "work:dead":
            await never.wait()
        done.append(job.key)

    jobs.register("work", handler)

    def enqueue() -> None:
        with transaction.atomic():
            for n in range(100):
                jobs.enqueue("work", f"dead{n}", None, group="dead")
            for n in range(100):
                jobs.enqueue("work", str(n), None, group=f"live{n % 10}")

    await asyncio.to_thread(enqueue)
    service = Drain(lambda: ["work"])
    service.start()
    try:
        await until(lambda: len(done) == 100)
    finally:
        await service.stop()
    assert sorted(map(int, done)) == list(range(100))
    assert await Job.objects.acount() == 100


async def test_servers_that_never_end_leave_room_for_mail(kinds: None) -> None:
    from social.posts import delivery, mentioning, mentions, moving, polling, remote

    abroad = [module.KIND for module in (delivery, mentioning, mentions, moving, polling, remote)]
    done: list[str] = []
    began: list[str] = []
    never = asyncio.Event()

    async def slow(job: Job) -> None:
        began.append(job.kind)
        await never.wait()

    async def mail(job: Job) -> None:
        done.append(job.key)

    for name in abroad:
        jobs._kinds[name] = replace(jobs.kind(name), handler=slow)
    jobs.register("mail", mail)

    def enqueue() -> None:
        with transaction.atomic():
            for name in abroad:
                for n in range(50):
                    jobs.enqueue(name, str(n), None)
            jobs.enqueue("mail", "a", None)

    await asyncio.to_thread(enqueue)
    service = Drain(lambda: [*abroad, "mail"])
    service.start()
    try:
        await until(lambda: done == ["a"] and len(began) == len(abroad) * jobs.ABROAD)
    finally:
        await service.stop()


async def test_what_stop_cut_off_runs_after_the_next_start(
    kinds: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drain, "STOP_SECONDS", 0.05)
    began: list[int] = []
    gate = asyncio.Event()

    async def handler(job: Job) -> None:
        began.append(job.attempts)
        await gate.wait()

    jobs.register("work", handler)
    await asyncio.to_thread(jobs.enqueue, "work", "a", None)
    for runs in (1, 2):
        await asyncio.to_thread(jobs.release_all)
        service = Drain(lambda: ["work"])
        service.start()
        await until(lambda: len(began) == runs)  # noqa: B023
        if runs == 2:
            gate.set()
            await until(lambda: not service._running)  # noqa: B023
        await service.stop()
    assert not await Job.objects.aexists()
