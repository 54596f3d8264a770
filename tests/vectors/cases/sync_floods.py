"""Syncs with peers that send the same without an end, or nothing any more."""

from homevault.protocol.sync.frames import write_frame
from tests.vectors.cases.case import Case, good
from tests.vectors.cases.cast import ALICE
from tests.vectors.cases.meeting import HERE, THERE, apart, both, device_list, forked
from tests.vectors.cases.told import Signed

FOR_EVER = 5_000
PATIENCE = 29_999


def floods() -> list[Case]:
    a, b = apart()
    _, met = both("", "", a.replica, b.replica)
    one, other = forked(70)
    _, ranged = both("", "", one.replica, other.replica)
    swarm = str(a.replica.swarm)
    long = write_frame("bye", swarm, code=None, event=None).decode() + " " * 65_000
    got = write_frame("got", swarm, frames=1).decode()
    known = device_list(1, ALICE.browser)
    listed = write_frame("list", swarm, list=known).decode()
    asked = write_frame("recent", swarm, before=None, limit=1).decode()

    def case(id: str, why: str, session: Case, until: str, frame: str = "", silence: int = PATIENCE) -> Case:
        """After the frames of a session up to the first of a kind."""
        heard: list[str] = session.input["frames"]
        events: list[Signed] = session.input["events"]
        end = next((at for at, each in enumerate(heard) if f'"kind":"{until}"' in each), -1) + 1
        return good(
            f"flood-{id}",
            why,
            "flood",
            swarm=session.input["swarm"],
            own=THERE,
            peer=HERE,
            events=events,
            lists=[],
            frames=heard[:end],
            flood=frame,
            times=FOR_EVER if frame else 0,
            silence=silence,
        )

    again = next(each for each in ranged.input["frames"] if '"kind":"ranges"' in each)
    return [
        case("lists", "256 device lists", met, "hello", listed),
        case("recent", "4,096 questions for the latest history", met, "hello", asked),
        case("ranges", "64 frames of ranges", ranged, "ranges", again),
        case("frames", "2,000 frames while a batch is being taken", met, "events", got),
        case("bytes", "or 10 MiB of them", met, "events", long),
        case("patient", "silent for less than 30 seconds", met, "hello"),
        case("silent", "silent for 30 seconds", met, "hello", silence=PATIENCE + 1),
        case("mute", "silent from the beginning", met, "none", silence=PATIENCE + 1),
        case("busy", "it waits for us, who take a batch", met, "events", silence=PATIENCE + 1),
    ]
