"""Rotation, erasure and dormancy of prekeys, and whom to seal to."""

from typing import Any

from homevault.protocol.prekeys import make_one_time, make_signed_prekey
from homevault.protocol.revocations import make_revocation
from tests.protocol.people import NOW
from tests.vectors.cases.case import Case, good
from tests.vectors.cases.cast import ALICE, BOB
from tests.vectors.cases.certificate import a_list

DAY = 86_400_000
MINUTE = 60_000


def rotation() -> list[Case]:
    due: dict[str, tuple[int | None, int, str]] = {
        "none": (None, NOW, "there is none"),
        "fresh": (NOW, NOW, "just made"),
        "almost": (NOW, NOW + 7 * DAY - 1, "almost a week"),
        "week": (NOW, NOW + 7 * DAY, "a week"),
        "ahead": (NOW + DAY, NOW, "the clock went back"),
    }
    empty: dict[str, tuple[int, int | None, int, str]] = {
        "minute": (NOW - MINUTE, None, 0, "a minute without mail"),
        "soon": (NOW - MINUTE + 1, None, 0, "just connected"),
        "mail": (NOW - DAY, NOW - MINUTE + 1, 0, "mail came just now"),
        "after-mail": (NOW - DAY, NOW - MINUTE, 0, "the last mail is a minute old"),
        "mail-before": (NOW - 30_000, NOW - DAY, 0, "mail of the connection before"),
        "unopened": (NOW - DAY, NOW - DAY, 1, "some of it is not opened yet"),
    }
    until: dict[str, tuple[int | None, int, str]] = {
        "never": (None, NOW, "the mailbox was never seen empty"),
        "now": (NOW, NOW, "it is empty now"),
        "before": (NOW - 40 * DAY, NOW, "it was empty before the device went away"),
        "ahead": (NOW + DAY, NOW, "the clock went back"),
    }
    dormant = {"month": (NOW - 30 * DAY, "30 days"), "longer": (NOW - 30 * DAY - 1, "longer")}
    return [
        *(good(f"due-{id}", why, "due", made=made, now=now) for id, (made, now, why) in due.items()),
        *(
            good(f"drained-{id}", why, "drained", connected=at, last_mail=mail, unopened=kept, now=NOW)
            for id, (at, mail, kept, why) in empty.items()
        ),
        *(
            good(f"erasable-{id}", why, "erasable", drained_at=at, now=now)
            for id, (at, now, why) in until.items()
        ),
        *(good(f"dormant-{id}", why, "dormant", made=made, now=NOW) for id, (made, why) in dormant.items()),
        *(good(f"stock-{left}", "of 50 or more none", "stock", left=left) for left in (0, 49, 50, 400)),
        *_recipients(),
    ]


def _recipients() -> list[Case]:
    browser, vault = ALICE.browser, ALICE.vault
    one = browser.one_time.public

    def given(browser_made: int = NOW, claimed: Any = None, revoked: bool = False, **more: Any) -> Any:
        signed = [
            make_signed_prekey(ALICE.account, each.key, each.prekey.public, made)
            for each, made in ((browser, browser_made), (vault, NOW))
        ]
        document: dict[str, Any] = {
            "v": 1,
            "list": a_list(),
            "prekeys": sorted(signed, key=lambda each: str(each["device"])),
        }
        if revoked:
            document["revocations"] = [make_revocation(ALICE.key, ALICE.account, vault.id, NOW)]
        return {"document": {**document, **more}, "one_time": claimed or {}, "now": NOW}

    published = make_one_time(ALICE.account, browser.key, [one], NOW)
    cases: dict[str, tuple[Any, str]] = {
        "both": (given(), "both devices"),
        "claimed": (given(claimed={browser.id: one, vault.id: None}), "one has a one-time prekey left"),
        "unasked": (given(claimed={BOB.browser.id: one}), "a key for a device that is not the account's"),
        "dormant": (given(NOW - 31 * DAY), "one did not rotate"),
        "last-day": (given(NOW - 30 * DAY), "one rotates late"),
        "revoked": (given(revoked=True), "one is revoked though listed"),
        "unpublished": (given(prekeys=[]), "nobody published"),
        "claimed-dormant": (given(NOW - 31 * DAY, {browser.id: published["keys"][0]}), "nor its own key"),
    }
    return [good(f"recipients-{id}", why, "recipients", **each) for id, (each, why) in cases.items()]
