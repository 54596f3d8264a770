"""Reads strangers' documents, one after the other, in a process of its own with little memory and time.

The child of `readers`, which tells it by two frames (four bytes of length each) what to read: JSON
`{how, content_type, url, kind, seconds}`, and the document. It answers with a frame of JSON: `{channel}`,
`{microformats}` or `{refused, detail}`. A document that costs more than `seconds` of the processor ends the
process by SIGPROF. It writes no file, and ends when nothing was asked for `IDLE` seconds.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
from io import FileIO
from typing import IO, Any

from social.posts import entries, hfeed, reading
from social.posts.errors import Refusal

IDLE = 60
MEMORY = 1024 * 1024 * 1024
NICE = 5


def main() -> None:
    _limit()
    coming, going = FileIO(0, "r"), FileIO(1, "w")
    while select.select([coming], [], [], IDLE)[0]:
        asked = receive(coming)
        data = receive(coming)
        if asked is None or data is None:
            return
        question = json.loads(asked)
        signal.setitimer(signal.ITIMER_PROF, question["seconds"])
        answer = json.dumps(_answer(question, data)).encode()
        signal.setitimer(signal.ITIMER_PROF, 0)
        send(going, answer)


def receive(file: IO[bytes] | FileIO) -> bytes | None:
    """The next frame; None at the end."""
    size = _exactly(file, 4)
    return None if size is None else _exactly(file, int.from_bytes(size))


def send(file: IO[bytes] | FileIO, data: bytes) -> None:
    rest = memoryview(len(data).to_bytes(4) + data)
    while rest:
        rest = rest[file.write(rest) :]


def _exactly(file: IO[bytes] | FileIO, size: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < size:
        part = file.read(size - len(parts))
        if not part:
            return None
        parts += part
    return bytes(parts)


def _answer(asked: dict[str, Any], data: bytes) -> dict[str, Any]:
    try:
        if asked["how"] == "microformats":
            return {"microformats": hfeed.parse(data, asked["content_type"], asked["url"])}
        found = reading.read(data, asked["content_type"], asked["url"], asked["kind"])
        return {"channel": entries.pack(found)}
    except Refusal as refusal:
        return {"refused": refusal.code, "detail": refusal.detail}
    except (MemoryError, RecursionError) as error:
        return {"refused": "not_a_feed", "detail": type(error).__name__}


def _limit() -> None:
    os.nice(NICE)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 16),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
