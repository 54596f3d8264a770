"""What is known of an account's keys only grows, in whatever order and from whomever it comes."""

from hypothesis import given
from hypothesis import strategies as st

from homevault.protocol.certificates import make_device_list, verify_device_list
from homevault.protocol.freshness import make_freshness, verify_freshness
from homevault.protocol.knowledge import KeyKnowledge, learn
from homevault.protocol.relisting import rebuild
from homevault.protocol.revocations import Revocations, make_revocation, unite
from tests.protocol.people import NOW, Device, Person

ALICE = Person("alice")
OTHERS = [Device(ALICE.key, f"alice/other/{n}", "vault" if n % 2 else "member") for n in range(4)]
DEVICES = [ALICE.browser, ALICE.vault, *OTHERS]
LISTS = [
    verify_device_list(
        make_device_list(ALICE.key, number, [each.wire for each in DEVICES[: number + 1]], NOW + number)
    )
    for number in range(1, 6)
]
REVOKED = [
    make_revocation(key, ALICE.account, each.id, NOW, vault)
    for each in DEVICES[1:]
    for key, vault in ((ALICE.key, None), (ALICE.vault.key, ALICE.vault.wire))
]
SAID = [
    verify_freshness(make_freshness(signer.key, about, revoked, NOW + day), LISTS[0])
    for signer in (ALICE.browser, ALICE.vault)
    for about in LISTS
    for revoked in ((), (OTHERS[0].id,))
    for day in (0, 1)
]


def as_set(statements: list[int]) -> Revocations:
    found = Revocations()
    for each in statements:
        found = unite(found, {REVOKED[each]["device"]: REVOKED[each]})
    return found


revocation_sets = st.lists(st.integers(0, len(REVOKED) - 1), max_size=4).map(as_set)
served = st.builds(KeyKnowledge, st.sampled_from(LISTS), revocation_sets, st.none() | st.sampled_from(SAID))


@given(revocation_sets, revocation_sets, revocation_sets)
def test_sets_of_revocations_are_united_in_any_order(a: Revocations, b: Revocations, c: Revocations) -> None:
    assert unite(a, b) == unite(b, a)
    assert unite(unite(a, b), c) == unite(a, unite(b, c))
    assert unite(a, a) == a
    assert list(unite(a, b)) == sorted({*a, *b})


@given(st.lists(served, min_size=1, max_size=6), st.randoms())
def test_the_order_of_learning_does_not_matter(all_served: list[KeyKnowledge], random) -> None:
    def after(sequence: list[KeyKnowledge]) -> KeyKnowledge:
        known = None
        for each in sequence:
            known = learn(known, each).knowledge
        assert known is not None
        return known

    one, shuffled = after(all_served), list(all_served)
    random.shuffle(shuffled)
    other = after(shuffled)
    assert (one.list, one.revocations) == (other.list, other.revocations)
    assert one.list.number == max(each.list.number for each in all_served)
    assert not one.devices.keys() & one.revocations.keys()


@given(served, served)
def test_nothing_that_is_served_takes_knowledge_away(first: KeyKnowledge, second: KeyKnowledge) -> None:
    known = learn(None, first).knowledge
    learned = learn(known, second)
    now = learned.knowledge
    assert now.list.number >= known.list.number
    assert now.revocations.keys() >= known.revocations.keys()
    assert ("rolled_back" in learned.alarms) == (second.list.number < known.list.number)
    if now.freshness is None and known.freshness is not None:
        assert known.freshness.device not in now.devices
    assert learn(now, second).knowledge == now


@given(st.lists(served, max_size=4), st.sets(st.sampled_from(range(len(DEVICES))), min_size=1))
def test_a_rebuilt_list_replaces_all_that_were_found(found: list[KeyKnowledge], keep: set[int]) -> None:
    gone = {device for each in found for device in each.revocations}
    kept = [DEVICES[n].certificate for n in keep if DEVICES[n].id not in gone]
    if not kept:
        return
    rebuilt = rebuild(ALICE.key, found, kept, NOW)
    known = None
    new = KeyKnowledge(verify_device_list(rebuilt.list), rebuilt.revocations)
    for each in [*found, new]:
        known = learn(known, each).knowledge
    assert known is not None
    assert known.devices.keys() == {each.device for each in kept}
    named = {device for each in found for device in each.list.devices}
    assert known.revocations.keys() >= named - known.devices.keys()
