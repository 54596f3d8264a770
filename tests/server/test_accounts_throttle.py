"""The buckets that slow down guessing, by themselves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from social.accounts import throttle
from social.accounts.models import Bucket
from social.accounts.throttle import Rate, Throttled
from tests.server.conftest import Clock

RATE = Rate(5, 6)
LARGE = Rate(20, 6)
pytestmark = pytest.mark.django_db


def taken(who: str = "alice", rate: Rate = RATE) -> int:
    """How many tries fit now."""
    for number in range(100):
        try:
            throttle.take(("login", who, rate))
        except Throttled:
            return number
    raise AssertionError


def wait(who: str = "alice") -> int:
    with pytest.raises(Throttled) as error:
        throttle.take(("login", who, RATE))
    return error.value.wait


def test_the_burst_is_given_once_and_then_one_at_a_time(now: Clock) -> None:
    assert taken() == 5
    for _ in range(3):
        now.forward(6)
        assert taken() == 1
    now.forward(13)
    assert taken() == 2
    now.forward(3600)
    assert taken() == 5


def test_the_wait_that_is_told_is_the_wait_there_is(now: Clock) -> None:
    taken()
    seconds = wait()
    assert seconds == 6
    now.forward(seconds - 0.5)
    assert wait() == 1
    now.forward(0.5)
    assert taken() == 1


def test_what_is_refused_fills_nothing(now: Clock) -> None:
    taken()
    for _ in range(50):
        wait()
    now.forward(6)
    assert taken() == 1


def test_everybody_has_a_bucket_of_their_own_and_its_own_size(now: Clock) -> None:
    assert taken("alice") == 5
    assert taken("bob") == 5
    assert taken("carol", LARGE) == 20


def test_one_full_bucket_stops_a_try_and_no_other_is_filled_by_it(now: Clock) -> None:
    taken("alice")
    for _ in range(30):
        with pytest.raises(Throttled):
            throttle.take(("login", "bob", RATE), ("login", "alice", RATE))
    assert taken("bob") == 5


def test_a_try_that_succeeds_is_given_back_and_gives_no_more_than_that(now: Clock) -> None:
    for _ in range(50):
        with throttle.guess(("login", "alice", RATE)):
            pass
    assert taken() == 5
    with pytest.raises(ZeroDivisionError), throttle.guess(("login", "bob", RATE)):
        raise ZeroDivisionError
    assert taken("bob") == 4


def test_empty_buckets_are_forgotten_and_others_are_not(now: Clock) -> None:
    taken("alice")
    now.forward(20)
    taken("bob")
    now.forward(15)
    throttle.prune()
    assert Bucket.objects.count() == 1
    assert taken("alice") == 5
    assert taken("bob") == 2


def test_names_cannot_be_read_from_the_table(now: Clock) -> None:
    taken("alice")
    assert "alice" not in "".join(Bucket.objects.values_list("name", flat=True))


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_no_more_than_one_after_the_other(now: Clock) -> None:
    def attempt(_: int) -> bool:
        try:
            throttle.take(("login", "alice", RATE))
        except Throttled:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(16))) == 5
