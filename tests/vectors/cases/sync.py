"""Syncs: each session from both its ends."""

from homevault.protocol.swarm import acts, author
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from homevault.protocol.sync.checkpoint import make_checkpoint
from tests.protocol.people import NOW, SeededRandom
from tests.protocol.syncing import Seat
from tests.vectors.cases import sync_checkpoints, sync_floods, sync_frames, sync_liars
from tests.vectors.cases.case import Case, good
from tests.vectors.cases.cast import ALICE, BOB, EVE
from tests.vectors.cases.meeting import HERE, apart, both, device_list, empty, forked
from tests.vectors.cases.told import ids


def sync() -> list[Case]:
    return [
        *_sessions(),
        *_late(),
        *sync_liars.liars(),
        *sync_floods.floods(),
        *sync_frames.frames(),
        *sync_checkpoints.checkpoints(),
        *_rules(),
    ]


def _sessions() -> list[Case]:
    a, b = apart()
    one, other = forked(2)
    long, longer = forked(70)
    early, late = device_list(1, ALICE.browser), device_list(2, ALICE.browser, ALICE.vault)
    twin = device_list(1, ALICE.vault)
    vouched = make_checkpoint(ALICE.vault.key, ALICE.account, a.replica, NOW)
    return [
        *both("equal", "both hold the same", a.replica, a.fork().replica),
        *both("nothing", "neither holds anything", empty(a), empty(a)),
        *both("apart", "each lacks something", a.replica, b.replica),
        *both("new", "one holds nothing yet", empty(a), a.replica),
        *both("fork", "a device wrote two histories: ids of the whole", one.replica, other.replica),
        *both("fork-long", "the same in ranges", long.replica, longer.replica),
        *both("lists", "the newer list is passed on", a.replica, b.replica, lists=([early], [late])),
        *both("lists-conflict", "two lists of one number", a.replica, a.replica, lists=([early], [twin])),
        *both("lists-unknown", "nothing for who asks for none", a.replica, a.replica, lists=([], [late])),
        *both("recent", "the vault's latest history first", empty(a), a.replica, checkpoint=vouched),
    ]


def _late() -> list[Case]:
    """Bob wrote before he heard of his ban; Eve has confirmed it or not."""
    base = Replica(MemoryEventStore())
    acts.begin_group(base, ALICE.browser.key, ALICE.browser.wire, 2, NOW, SeededRandom("late"))
    for person in (BOB, EVE):
        acts.invite(base, ALICE.browser.key, ALICE.account, person.account, NOW)
        author.join(base, person.browser.key, person.browser.wire, NOW)
    banned, unaware, witness = (Seat(HERE, base).replica for _ in range(3))
    acts.decide(banned, ALICE.browser.key, ALICE.account, "ban", (BOB.account, None), NOW)
    for replica in (unaware, witness):
        for number in range(3):
            author.text(replica, BOB.browser.key, BOB.account, f"still here {number}", NOW)
    author.text(witness, EVE.browser.key, EVE.account, "I heard that", NOW)
    return [
        *both("late", "what a removed author wrote waits for confirmation", banned, unaware),
        *both("late-confirmed", "and comes with what confirms it", banned, witness),
    ]


def _rules() -> list[Case]:
    ends = [["unreachable", 1_000 * n] for n in range(16)]
    bad_ones = [["refused", 5], ["unreachable", 6], ["refused", 7], ["stopped", 8], ["refused", 9]]
    mended = [["refused", 5], ["refused", 6], ["apart", 7], ["refused", 8], ["equal", 9], ["unreachable", 10]]
    return [
        good("fingerprint-none", "of nothing", "fingerprint", ids=[]),
        good("fingerprint-one", "of one id", "fingerprint", ids=ids(1)),
        good("fingerprint-more", "sums of ids go past 2^256", "fingerprint", ids=["_" * 42 + "8", *ids(20)]),
        good("heads-none", "of an empty history", "heads", heads=[]),
        good("heads-two", "of two heads", "heads", heads=ids(2)),
        good("attempts-unreachable", "5 s, doubling up to 12 h", "attempts", ends=ends),
        good("attempts-invalid", "three times bad is enough", "attempts", ends=bad_ones),
        good("attempts-mended", "a good sync begins anew", "attempts", ends=mended),
        *(good(f"delivery-{n}", "how many members", "delivery", members=n) for n in (0, 2, 32, 33, 256)),
    ]
