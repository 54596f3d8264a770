"""Makes tests/vectors/*.json: `python -m tests.vectors.generate` from the root. Formats: README.md beside.

Deterministic: everything random comes from labels. Each case that should fail names its error, and making
it fails unless the Python implementation agrees.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.vectors import ops
from tests.vectors.cases import (
    address,
    beside,
    canonical,
    certificate,
    comment,
    content,
    dealings,
    encoding,
    envelope,
    event,
    fingerprints,
    freshness,
    groups,
    handshake,
    keys,
    letter,
    live,
    mail,
    move,
    pairing,
    phrase,
    possession,
    post,
    prekey,
    replica,
    reset,
    revocation,
    rotation,
    se1,
    site,
    sync,
)
from tests.vectors.cases.case import Case

FOLDER = Path(__file__).parent

FILES: dict[str, Callable[[], list[Case]]] = {
    "canonical": canonical.canonical,
    "encoding": encoding.encoding,
    "address": address.address,
    "keys": keys.keys,
    "phrase": phrase.phrase,
    "post": post.post,
    "certificate": certificate.certificate,
    "prekey": prekey.prekey,
    "site": site.site,
    "comment": comment.comment,
    "envelope": envelope.envelope,
    "handshake": handshake.handshake,
    "pairing": pairing.pairing,
    "se1": se1.se1,
    "mail": mail.mail,
    "letter": letter.letter,
    "event": event.event,
    "replica": replica.replica,
    "groups": groups.groups,
    "sync": sync.sync,
    "content": content.content,
    "dealings": dealings.dealings,
    "beside": beside.beside,
    "reset": reset.reset,
    "possession": possession.possession,
    "revocation": revocation.revocation,
    "freshness": freshness.freshness,
    "move": move.move,
    "rotation": rotation.rotation,
    "live": live.live,
    "fingerprints": fingerprints.fingerprints,
    "device-list": certificate.device_list,
    "safety-number": phrase.safety_number,
}


def finished(file: str, case: Case) -> dict[str, Any]:
    """A case with what comes out of it; AssertionError if that is not what it says."""
    outcome = ops.run(file, case.input)
    if outcome.get("error") != case.error:
        raise AssertionError(f"{file} {case.id}: wanted {case.error or 'success'}, got {outcome}")
    return {"id": case.id, "why": case.why, "input": case.input, **outcome}


def text_of(file: str) -> str:
    """The content of one file."""
    cases = [finished(file, case) for case in FILES[file]()]
    ids = [case["id"] for case in cases]
    if len(set(ids)) != len(ids):
        raise AssertionError(f"{file}: an id stands twice")
    return json.dumps(cases, indent=1, ensure_ascii=True, sort_keys=True) + "\n"


def main() -> None:
    for file in FILES:
        (FOLDER / f"{file}.json").write_text(text_of(file), "utf-8")


if __name__ == "__main__":
    main()
