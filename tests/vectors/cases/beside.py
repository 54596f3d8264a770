"""What goes beside the history: how far one has read, how one wants a conversation, who types and
who is here."""

from typing import Any

from tests.vectors.cases.case import Case, good
from tests.vectors.cases.cast import ALICE, BOB
from tests.vectors.cases.told import ids

A, B, C, D = ids(4)
BROWSER, VAULT = sorted((ALICE.browser.id, ALICE.vault.id))


def beside() -> list[Case]:
    return [*_displayed(), *_preferences(), *_typing(), *_presence()]


def comes(event: str, depth: int) -> dict[str, Any]:
    return {"comes": event, "depth": depth}


def told(event: str) -> dict[str, Any]:
    return {"told": event}


def _displayed() -> list[Case]:
    here = [comes(A, 1), comes(B, 2), comes(C, 2)]
    many = [told(each) for each in ids(21) if each not in (A, B, C, D)]
    cases = {
        "same": ("the same again", [*here, told(B), told(B)]),
        "none": ("no mark here: taken", [*here, told(A)]),
        "none-unknown": ("no mark here: taken though not held", [told(B), comes(B, 2)]),
        "unknown": ("kept until it comes", [*here, told(A), told(D), told(D), comes(D, 3)]),
        "unknown-earlier": ("what comes lies before the mark", [*here, told(C), told(D), comes(D, 1)]),
        "forward": ("later in display order", [*here, told(A), told(B), told(C)]),
        "backward": ("earlier: stays", [*here, told(C), told(B), told(A)]),
        "mark-unknown": ("the mark is not held, the other is", [told(D), *here, told(B), comes(D, 3)]),
        "kept-two": ("two wait, the later one wins", [*here, told(A), told(D), comes(D, 9), told(C)]),
        "many": ("the newest 16 wait", [comes(A, 1), told(A), *many]),
    }
    return [good(f"displayed-{id}", why, "displayed", steps=steps) for id, (why, steps) in cases.items()]


def _preferences() -> list[Case]:
    devices = [BROWSER, VAULT]

    def write(by: str, **values: Any) -> dict[str, Any]:
        return {"by": by, "write": values}

    def hears(by: str, other: str) -> dict[str, Any]:
        return {"by": by, "hears": other}

    meet = [hears(BROWSER, VAULT), hears(VAULT, BROWSER), hears(BROWSER, VAULT)]
    both = [write(BROWSER, color="#000000"), write(VAULT, color="#ffffff"), *meet]
    fields = [write(BROWSER, color="#000000"), write(VAULT, symbol="\u2615", auto_download=0), *meet]
    later = [
        write(BROWSER, color="#000000", symbol="x"),
        hears(VAULT, BROWSER),
        write(VAULT, symbol=None),
        *meet,
    ]
    switched = [write(VAULT, ignore_notifications=n % 2 == 0) for n in range(5)]
    far = [*switched, write(BROWSER, symbol="a"), *meet]
    same = [write(BROWSER, color="#000000"), write(VAULT, color="#000000"), *meet]
    cases = {
        "both": ("two at once: the higher device's", both),
        "fields": ("different ones at once: both stay", fields),
        "later": ("what knew the other wins, also to take it away", later),
        "far": ("numbers go on from the highest known", far),
        "same": ("the same value twice changes nothing", same),
    }
    return [
        good(f"preferences-{id}", why, "preferences", devices=devices, steps=steps)
        for id, (why, steps) in cases.items()
    ]


def _typing() -> list[Case]:
    def own(op: str, now: int) -> dict[str, Any]:
        return {"op": op, "now": now}

    def heard(now: int, typing: bool = True, person: Any = ALICE, device: Any = ALICE.browser) -> Any:
        pair = {"account": person.account, "device": device.id}
        return {"op": "heard", **pair, "typing": typing, "now": now}

    vault = heard(2_000, device=ALICE.vault)
    bob = heard(3_000, person=BOB, device=BOB.browser)
    renewed = [own("typed", now) for now in (0, 1, 4_999, 5_000, 9_999, 10_000)]
    pair = {"account": ALICE.account, "device": ALICE.browser.id, "now": 4_000}
    cases = {
        "renew": ("at once, then every five seconds", renewed),
        "stop": (
            "said once",
            [own("typed", 0), own("stopped", 1), own("stopped", 2), own("typed", 3), own("stopped", 12_003)],
        ),
        "clock-back": ("a clock that was set back", [own("typed", 9_000), own("typed", 1_000)]),
        "expire": ("twelve seconds", [heard(0), own("accounts", 11_999), own("accounts", 12_000)]),
        "renewed": (
            "heard again",
            [heard(0), heard(10_000), own("accounts", 21_999), own("accounts", 22_000)],
        ),
        "false": ("one device stops, the other goes on", [heard(0), vault, heard(3_000, False)]),
        "said": ("its message came", [heard(0), bob, {"op": "said", **pair}]),
        "drop": ("no member any more", [heard(0), vault, bob, {"op": "drop", **pair}]),
    }
    return [good(f"typing-{id}", why, "typing", steps=steps) for id, (why, steps) in cases.items()]


def _presence() -> list[Case]:
    def heard(now: int, here: bool = True, said: int | None = None, device: Any = ALICE.browser) -> Any:
        pair = {"account": ALICE.account, "device": device.id, "here": here}
        return {"op": "heard", **pair, "said": now if said is None else said, "now": now}

    def asks(now: int, device: Any = ALICE.browser) -> dict[str, Any]:
        return {"op": "asks", "device": device.id, "now": now}

    def at(now: int) -> dict[str, Any]:
        return {"op": "accounts", "now": now}

    vault = heard(1_000, device=ALICE.vault)
    bob = {**heard(2_000), "account": BOB.account, "device": BOB.browser.id}
    cases = {
        "expire": ("five minutes", [heard(0), at(299_999), at(300_000)]),
        "renewed": ("said again", [heard(0), heard(120_000), at(419_999), at(420_000)]),
        "gone": ("one device goes, the other stays", [heard(0), vault, heard(3_000, False), at(3_000)]),
        "several": ("two people, sorted", [heard(0), bob, at(3_000)]),
        "overtaken": ("the later word came first", [heard(10, False, 9), heard(11, True, 8), at(12)]),
        "tie": ("said at one time: gone", [heard(10, True, 9), heard(11, False, 9), heard(12, True, 9)]),
        "replayed": ("the same again extends nothing", [heard(0), heard(200_000, True, 0), at(300_000)]),
        "back": ("here again", [heard(0), heard(5, False), heard(6), at(7)]),
        "clock-back": ("our clock was set back", [heard(9_000), at(8_000)]),
        "answer": (
            "each device once in two seconds",
            [asks(0), asks(0, ALICE.vault), asks(1_999), asks(2_000), asks(2_001)],
        ),
        "answer-clock": ("a clock that was set back", [asks(9_000), asks(1_000)]),
    }
    return [good(f"presence-{id}", why, "presence", steps=steps) for id, (why, steps) in cases.items()]
