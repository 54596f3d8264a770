"""The latest history from the own vault, before the sync has checked it (SPEC 10.6)."""

from typing import Any

import pytest

from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import sign
from homevault.protocol.swarm.replica import Replica
from homevault.protocol.sync.checkpoint import confirm, make_checkpoint, verify_checkpoint
from homevault.protocol.sync.effects import Ended
from homevault.protocol.sync.recent import Recent
from tests.protocol.people import NOW, Device
from tests.protocol.syncing import End, Seat, run, sync
from tests.protocol.talking import ALICE, BOB, carry, empty, say, talk


def vouched(replica: Replica) -> tuple[Seat, Seat, dict[str, Any]]:
    """A vault with a checkpoint, and a new browser."""
    value = make_checkpoint(ALICE.vault.key, ALICE.account, replica, NOW)
    vault = Seat(ALICE.vault.id, replica)
    return vault, empty(Device(ALICE.key, "alice/new"), vault), value


def test_the_latest_history_comes_at_once_and_further_back_page_by_page() -> None:
    vault, browser, value = vouched(talk(200))
    left, right = End(browser, vault.device), End(vault, browser.device, vouch=lambda: value)
    recent = Recent(str(vault.swarm), ALICE.vault.certificate)
    run(left, right, frames=6, asks=True)
    shown = [event.id for event in recent.take(left.pages[0])]
    order = [event.id for event in vault.replica.display_order()][::-1]
    assert shown == order[: len(shown)]
    assert recent.checkpoint is not None
    assert recent.checkpoint.count == 202
    assert recent.checkpoint.state["members"] == sorted([ALICE.account, BOB.account])
    assert not confirm(recent.checkpoint, browser.replica)
    before = left.pages[0].next
    while before is not None:
        left.do(left.session.ask_recent(before, 64))
        right.receive(left.sent.pop())
        left.receive(right.sent.pop())
        shown += [event.id for event in recent.take(left.pages[-1])]
        before = left.pages[-1].next
    assert shown == order
    carry(left, right)
    assert left.ended == Ended("equal", vault.device, added=202)
    assert confirm(recent.checkpoint, browser.replica)


def test_what_came_to_the_vault_after_its_checkpoint_is_not_shown_as_vouched() -> None:
    vault, browser, value = vouched(talk(3))
    say(vault.replica, BOB, "later")
    left, right = End(browser, vault.device), End(vault, browser.device, vouch=lambda: value)
    run(left, right, asks=True)
    recent = Recent(str(vault.swarm), ALICE.vault.certificate)
    shown = [event.body.get("text") for event in recent.take(left.pages[0])]
    assert "later" not in shown
    assert len(shown) == 5


def test_a_checkpoint_that_is_not_so_is_found_out_by_the_sync() -> None:
    vault, browser, value = vouched(talk(3))
    lie = sign("checkpoint", {**value, "count": 4}, ALICE.vault.key)
    checkpoint = verify_checkpoint(lie, ALICE.vault.certificate, str(vault.swarm))
    sync(browser, vault)
    with pytest.raises(ProtocolError, match="history_mismatch"):
        confirm(checkpoint, browser.replica)
