"""A newcomer and a holder of the account key meet through a site that may lie."""

import pytest

from homevault.protocol.certificates import make_certificate, make_device_list
from homevault.protocol.errors import ProtocolError
from homevault.protocol.pairing import (
    HolderPairing,
    Message,
    Newcomer,
    NewcomerPairing,
    PairingLimit,
)
from homevault.protocol.ticket import Ticket
from tests.protocol.people import NOW, Device, Person, SeededRandom

ALICE, EVE = Person("alice"), Person("eve")
SITE_KEY = EVE.account
SLOT = "A" * 22


class FakeClock:
    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> int:
        return self.time


def newcomer(device: Device = ALICE.vault, label: str = "vault") -> NewcomerPairing:
    return NewcomerPairing(Newcomer(device.id, device.dh.public, "Pi", "vault"), SeededRandom(label))


def holder(label: str = "browser", ticket: Ticket | None = None) -> HolderPairing:
    return HolderPairing(ALICE.account, ALICE.browser.id, SeededRandom(label), ticket)


def to_codes(one: HolderPairing, other: NewcomerPairing) -> None:
    [commit] = other.receive(*one.start())
    [reveal] = one.receive(*commit)
    [shown] = other.receive(*reveal)
    assert one.receive(*shown) == []


def enrol(one: HolderPairing) -> Message:
    """What the holder says once its person agreed."""
    assert one.newcomer is not None
    certificate = make_certificate(ALICE.key, one.newcomer.device, one.newcomer.dh, "vault", NOW)
    devices = make_device_list(ALICE.key, 2, [ALICE.browser.wire, certificate], NOW)
    return one.enrol(certificate, devices, ALICE.address, SITE_KEY)


def test_both_show_the_same_code_and_the_newcomer_is_enrolled() -> None:
    one, other = holder(), newcomer()
    to_codes(one, other)
    assert one.code == other.code
    assert one.code is not None
    assert len(one.code) == 6
    assert other.receive(*enrol(one)) == []
    assert other.enrolment is not None
    assert other.enrolment.list.number == 2
    assert other.enrolment.address == ALICE.address
    assert not other.enrolment.proven
    one.receive(*other.done())
    assert one.done


def test_a_scanned_ticket_proves_each_to_the_other() -> None:
    other = newcomer()
    one = holder(ticket=Ticket.parse(str(other.ticket(SLOT))))
    to_codes(one, other)
    other.receive(*enrol(one))
    assert other.enrolment is not None
    assert other.enrolment.proven


def test_a_site_between_them_cannot_make_the_codes_equal() -> None:
    """It answers each side itself; both exchanges run well, and the codes differ."""
    one, other = holder(), newcomer()
    false_newcomer = newcomer(EVE.vault, "false")
    false_holder = HolderPairing(ALICE.account, EVE.browser.id, SeededRandom("false"))
    to_codes(one, false_newcomer)
    to_codes(false_holder, other)
    assert one.code != other.code


def test_a_site_between_them_cannot_pass_for_the_newcomer_that_was_scanned() -> None:
    one = holder(ticket=newcomer().ticket(SLOT))
    [commit] = newcomer(EVE.vault, "false").receive(*one.start())
    with pytest.raises(ProtocolError, match="pairing_commitment"):
        one.receive(*commit)


def test_a_site_between_them_cannot_pass_for_the_holder_that_scanned() -> None:
    """It knows what the ticket commits to, but not its secret."""
    other = newcomer()
    seen = other.ticket(SLOT)
    guessed = Ticket(seen.slot, seen.commit, "A" * 22)
    one = holder(ticket=guessed)
    to_codes(one, other)
    with pytest.raises(ProtocolError, match="not_proven"):
        other.receive(*enrol(one))
    assert other.enrolment is None


def test_another_nonce_another_code() -> None:
    one, other = holder(), newcomer()
    to_codes(one, other)
    again = holder("again")
    to_codes(again, newcomer(label="other"))
    assert again.code != one.code


def test_the_limit_is_one_at_a_time_and_five_an_hour() -> None:
    clock = FakeClock()
    limit = PairingLimit(clock)
    limit.begin()
    with pytest.raises(ProtocolError, match="pairing_busy"):
        limit.begin()
    for _ in range(4):
        limit.end()
        limit.begin()
    limit.end()
    with pytest.raises(ProtocolError, match="pairing_busy"):
        limit.begin()
    clock.time += 3_600_000
    limit.begin()
