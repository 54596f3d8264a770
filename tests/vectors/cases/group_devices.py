"""Devices in groups: bans of one, revocations, forks, limits."""

from homevault.protocol.revocations import make_revocation
from tests.protocol.people import NOW, Device
from tests.vectors.cases.case import Case
from tests.vectors.cases.cast import ALICE, BOB, EVE
from tests.vectors.cases.club import CAROL, DAVE, ERIN, Club
from tests.vectors.cases.group_members import history
from tests.vectors.cases.told import Signed, Told, id_of, joined


def cases() -> list[Case]:
    return [*_bans(), *_revocations(), *_deeper(), *_left_out(), *_forks(), *_limits()]


def by_vault(club: Told, type: str = "text", body: object = None) -> Signed:
    body = {"text": "from the vault", "reply_to": None} if body is None else body
    return club.draft(BOB.vault, BOB.account, type, body=body)


def _bans() -> list[Case]:
    club = Club(1, [BOB])
    club.commits(BOB, BOB.vault)
    base = club.fork()
    club.bans(ALICE, BOB, BOB.vault)
    refused = [
        by_vault(club),
        by_vault(club, "device", {"certificate": BOB.vault.wire}),
        club.forged(BOB, "device", {"certificate": BOB.vault.wire}),
        club.deed(BOB, "unban", BOB, BOB.vault),
        club.deed(ALICE, "unban", BOB),
    ]
    club.text(BOB, "still here with the other")
    club.unbans(ALICE, BOB, BOB.vault)
    club.take(by_vault(club))
    both = base.fork()
    both.bans(ALICE, BOB, BOB.vault)
    both.bans(ALICE, BOB)
    both.unbans(ALICE, BOB)
    still = by_vault(both)
    one, other = base.fork(), base.fork()
    one.bans(ALICE, BOB, BOB.vault)
    other.take(by_vault(other, "member", {"action": "leave"}))
    leaving = other.fork().meets(one)
    leaving.merges(ALICE)
    unknown = base.deed(ALICE, "ban", BOB, Device(BOB.key, "bob/other"))
    return [
        history("device-banned", "one device is cut off, the person stays", club, *refused),
        history("device-and-member", "two bans of their own", both, still),
        history("device-left", "a banned device does not make its account leave", leaving),
        history("device-unknown", "a device nobody committed", base, unknown),
    ]


def _revocations() -> list[Case]:
    club = Club(1, [BOB], [CAROL])
    club.commits(BOB, BOB.vault)
    base = club.fork()
    club.revokes(CAROL, BOB, BOB.vault)
    club.revokes(ALICE, BOB, BOB.vault)
    refused = [
        by_vault(club),
        club.forged(BOB, "device", {"certificate": BOB.vault.wire}),
        by_vault(club, "device", {"certificate": BOB.vault.wire}),
        club.forged(
            ALICE, "device", {"revocation": make_revocation(EVE.key, EVE.account, EVE.browser.id, NOW)}
        ),
        club.forged(
            EVE, "device", {"revocation": make_revocation(BOB.key, BOB.account, BOB.browser.id, NOW)}
        ),
    ]
    revoked, meanwhile = base.fork(), base.fork()
    revoked.revokes(BOB, BOB, BOB.vault)
    meanwhile.take(by_vault(meanwhile, "member", {"action": "grant", "account": CAROL.account}))
    meanwhile.take(by_vault(meanwhile))
    void = meanwhile.fork().meets(revoked)
    void.merges(ALICE)
    ban = base.fork()
    ban.take(_ban_by_vault(ban, base))
    not_banned = ban.fork().meets(revoked)
    not_banned.merges(ALICE)
    stands = base.fork()
    stands.revokes(CAROL, BOB, BOB.vault)
    out = base.fork()
    out.votes(ALICE, CAROL)
    out.bans(BOB, CAROL)
    stands.meets(out)
    stands.merges(ALICE)
    talk = joined()
    talk.introduce(BOB.browser, BOB.account, BOB.vault.wire)
    revocation = make_revocation(BOB.key, BOB.account, BOB.vault.id, NOW)
    talk.take(talk.draft(ALICE.browser, ALICE.account, "device", body={"revocation": revocation}))
    return [
        history("revoked", "any member commits it, also twice; for ever", club, *refused),
        history("revoked-meanwhile", "what the device did meanwhile is void", void),
        history("revoked-bans", "a revoked device's ban", not_banned),
        history("revoked-by-banned", "a revocation stands whoever brought it", stands),
        history("revoked-one-to-one", "also between two", talk, by_vault(talk)),
    ]


def _ban_by_vault(club: Club, base: Club) -> Signed:
    club.votes(ALICE, CAROL)
    body = club.deed(BOB, "ban", CAROL)["event"]["body"]
    return by_vault(club, "member", body)


def _deeper() -> list[Case]:
    """Removals on a longer branch than what they hit, which comes first in the replay."""
    base = Club(1, [BOB], [CAROL, DAVE])
    base.commits(BOB, BOB.vault)
    base.votes(ALICE, CAROL)
    long, grants, bans = (base.fork() for _ in range(3))
    for line in ("one", "two", "three"):
        long.text(DAVE, line)
    banned, revoked = long.fork(), long.fork()
    banned.bans(ALICE, BOB, BOB.vault)
    revoked.revokes(DAVE, BOB, BOB.vault)
    grants.take(by_vault(grants, "member", {"action": "grant", "account": CAROL.account}))
    body = bans.deed(BOB, "ban", CAROL)["event"]["body"]
    bans.take(by_vault(bans, "member", body))
    return [
        history(
            "device-banned-deeper", "an earlier grant by a banned device is void", grants.fork().meets(banned)
        ),
        history("device-banned-bans", "an earlier ban by a banned device is void", bans.fork().meets(banned)),
        history(
            "revoked-deeper", "an earlier grant by a revoked device is void", grants.fork().meets(revoked)
        ),
        history(
            "revoked-deeper-bans", "an earlier ban by a revoked device is void", bans.fork().meets(revoked)
        ),
    ]


def _left_out() -> list[Case]:
    """A senior ban first, beside it that of its author by a junior's device, beside both its revocation."""
    base = Club(1, [BOB, CAROL], [DAVE, ERIN])
    base.commits(CAROL, CAROL.vault)
    for whom in (DAVE, BOB):
        base.votes(ALICE, whom)
    senior, junior, revoked = (base.fork() for _ in range(3))
    senior.bans(BOB, DAVE)
    junior.text(ERIN, "one line first")
    body = junior.deed(CAROL, "ban", BOB)["event"]["body"]
    junior.take(junior.draft(CAROL.vault, CAROL.account, "member", body=body))
    revoked.revokes(ALICE, CAROL, CAROL.vault)
    both = senior.fork().meets(junior)
    why = "a revoked device's ban drops no other one"
    return [
        history("unrevoked-drops", "a junior's ban of its author lets a senior ban fall", both),
        history("revoked-left-out", why, both.fork().meets(revoked)),
    ]


def _forks() -> list[Case]:
    base = Club(1, [BOB], [CAROL])
    left, right = base.fork(), base.fork()
    one = left.text(BOB, "one tale")
    two = right.text(BOB, "another tale")
    left.take(two)
    twice = {"seq": 4, "prev": id_of(one)}
    seq = one["event"]["seq"] + 1
    twice = {"seq": seq, "prev": id_of(one)}
    grant = left.forged(BOB, "member", {"action": "grant", "account": CAROL.account}, **twice)
    merge = left.forged(BOB, "merge", {}, **twice)
    content = left.forged(BOB, "text", {"text": "both", "reply_to": None}, **twice)
    again = right.fork()
    again.text(BOB, "and on")
    granted = again.grant(BOB, CAROL)
    return [
        history("fork", "a device with two histories changes nothing any more", left, grant, merge, content),
        history(
            "fork-unseen", "judged by its own past", left, *[e for e in again.events if e not in left.events]
        ),
        history("fork-seen", "who saw only one of them", again, one, granted),
    ]


def _limits() -> list[Case]:
    club = Club(2, members=[BOB])
    for number in range(15):
        club.commits(BOB, Device(BOB.key, f"bob/{number}"))
    seventeenth = club.forged(ALICE, "device", {"certificate": BOB.vault.wire})
    club.revokes(ALICE, BOB, Device(BOB.key, "bob/3"))
    club.commits(ALICE, BOB.vault)
    foreign = club.forged(BOB, "device", {"certificate": DAVE.browser.wire})
    return [
        history(
            "devices-many", "sixteen devices at most; a revoked one makes room", club, seventeenth, foreign
        )
    ]
