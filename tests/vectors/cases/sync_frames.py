"""Frames of good and of bad form."""

from typing import Any

from homevault.protocol.sync.frames import write_frame
from tests.vectors.cases.case import Case, bad, good
from tests.vectors.cases.meeting import HERE
from tests.vectors.cases.told import ids, joined


def frames() -> list[Case]:
    told = joined()
    swarm = str(told.replica.swarm)
    key = HERE
    place = [3, key]
    range_ = {"to": None, "count": 1, "fingerprint": key, "ids": None}
    listed = {**range_, "count": None, "fingerprint": None}
    members: dict[str, dict[str, Any]] = {
        "hello": {"v": 1, "heads": [], "count": 0, "fingerprint": key, "late": 0, "lists": {key: [1, key]}},
        "list": {"list": {}},
        "vector": {"devices": {key: [0, key]}, "last": True},
        "ranges": {"ranges": [{**range_, "to": place}, range_]},
        "want": {"events": [key]},
        "events": {"events": [{}]},
        "got": {"frames": 1},
        "end": {"mismatch": False},
        "recent": {"before": place, "limit": 64},
        "page": {"checkpoint": None, "events": [], "next": None},
        "bye": {"code": "event_rights", "event": key},
    }

    def text(kind: str, members: dict[str, Any]) -> str:
        return write_frame(kind, swarm, **members).decode()

    found = [
        good(f"frame-{kind}", "good form", "frame", swarm=swarm, text=text(kind, each))
        for kind, each in members.items()
    ]
    most: dict[str, tuple[str, dict[str, Any]]] = {
        "hello-heads-most": ("hello", {"heads": ids(64)}),
        "hello-lists-most": ("hello", {"lists": {each: [1, key] for each in ids(256)}}),
        "vector-most": ("vector", {"devices": {each: [0, key] for each in ids(256)}}),
        "ranges-most": ("ranges", {"ranges": [{**range_, "to": [n, key]} for n in range(128)]}),
        "ranges-ids-most": ("ranges", {"ranges": [{**listed, "ids": ids(64)}]}),
        "want-most": ("want", {"events": ids(1_000)}),
        "events-most": ("events", {"events": [{}] * 64}),
        "page-most": ("page", {"events": [{}] * 64}),
        "bye-code-most": ("bye", {"code": "a" * 64}),
    }
    for name, (kind, changes) in most.items():
        longest = text(kind, {**members[kind], **changes})
        found.append(good(f"frame-{name}", "as many as there may be", "frame", swarm=swarm, text=longest))
    broken: dict[str, tuple[str, str, Any, str]] = {
        "hello-v": ("hello", "v", 2, "unsupported_version"),
        "hello-heads": ("hello", "heads", [key] * 2, "schema"),
        "hello-many-heads": ("hello", "heads", ids(65), "schema"),
        "hello-lists": ("hello", "lists", {key: [0, key]}, "schema"),
        "hello-many-lists": ("hello", "lists", {each: [1, key] for each in ids(257)}, "schema"),
        "hello-late": ("hello", "late", -1, "schema"),
        "vector-pair": ("vector", "devices", {key: [1]}, "schema"),
        "vector-id": ("vector", "devices", {key: [1, "A"]}, "encoding"),
        "vector-many": ("vector", "devices", {each: [0, key] for each in ids(257)}, "schema"),
        "ranges-none": ("ranges", "ranges", [], "schema"),
        "ranges-many": ("ranges", "ranges", [range_] * 129, "schema"),
        "ranges-ids": ("ranges", "ranges", [{**listed, "ids": ids(65)}], "schema"),
        "ranges-half": ("ranges", "ranges", [{**range_, "count": None}], "schema"),
        "ranges-count": ("ranges", "ranges", [{**range_, "fingerprint": None}], "schema"),
        "ranges-both": ("ranges", "ranges", [{**range_, "ids": [key]}], "schema"),
        "want-many": ("want", "events", ids(1_001), "schema"),
        "page-many": ("page", "events", [{}] * 65, "schema"),
        "recent-none": ("recent", "limit", 0, "schema"),
        "bye-code-long": ("bye", "code", "a" * 65, "schema"),
        "want-none": ("want", "events", [], "schema"),
        "events-many": ("events", "events", [{}] * 65, "schema"),
        "got-zero": ("got", "frames", 0, "schema"),
        "recent-limit": ("recent", "limit", 65, "schema"),
        "bye-code": ("bye", "code", "Bad code", "schema"),
    }
    for name, (kind, member, value, code) in broken.items():
        changed = text(kind, {**members[kind], member: value})
        found.append(bad(f"frame-{name}", "bad form", code, "frame", swarm=swarm, text=changed))
    other = write_frame("end", HERE, mismatch=False).decode()
    unknown = write_frame("embrace", swarm).decode()
    long = write_frame("e" * 65, swarm).decode()
    spaced = write_frame("end", swarm, mismatch=False).decode().replace(":", ": ", 1)
    return [
        *found,
        bad("frame-swarm", "another swarm", "refused", "frame", swarm=swarm, text=other),
        bad("frame-kind-long", "a kind of 65 characters", "schema", "frame", swarm=swarm, text=long),
        bad("frame-unknown", "no such kind", "unknown_type", "frame", swarm=swarm, text=unknown),
        bad("frame-spelling", "not canonical", "json_not_canonical", "frame", swarm=swarm, text=spaced),
    ]
