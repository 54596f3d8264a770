"""`python -m tests.bench.puts COUNT`, in a site's environment: puts that much mail into the mailboxes as fast
as they take it, WAITING at a time, and prints `{"rate": puts/s, "batch": mean puts a transaction}`."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "social.config.settings"

import django

django.setup()

from homevault.protocol.encoding import b64encode  # noqa: E402
from homevault.protocol.ports import SystemClock  # noqa: E402
from signaling import mailbox, store  # noqa: E402

WAITING = 256
DEVICES = 2
MEMBERS = 20
LETTER = 1_500


def random_id(size: int = 32) -> str:
    return b64encode(os.urandom(size))


def letters(count: int) -> list[store.Put]:
    """Mail of LETTER bytes among members who know each other, for DEVICES devices each."""
    now = SystemClock().now()
    devices = [[random_id() for _ in range(DEVICES)] for _ in range(MEMBERS)]
    return [
        store.Put(
            key=f"{devices[number % MEMBERS][0]}.{random_id(16)}",
            hash=random_id(),
            username=f"member{(number + 1) % MEMBERS}",
            sender=f"@member{number % MEMBERS}@localhost:8001",
            devices=devices[(number + 1) % MEMBERS],
            raw=os.urandom(LETTER),
            time=now,
        )
        for number in range(count)
    ]


async def one_after_the_other(puts: list[store.Put]) -> None:
    """Each sender waits for its answer before its next letter."""
    while puts:
        await mailbox.commit(puts.pop())


async def run(count: int) -> dict[str, float]:
    puts = letters(count)
    for number in range(MEMBERS):
        await mailbox.note_wrote(f"member{(number + 1) % MEMBERS}", f"@member{number}@localhost:8001")
    writer, before = mailbox.writer, mailbox.writer.batches
    begun = time.perf_counter()
    await asyncio.gather(*(one_after_the_other(puts) for _ in range(WAITING)))
    seconds = time.perf_counter() - begun
    batches = writer.batches - before
    await writer.stop()
    return {"rate": count / seconds, "batch": count / batches}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(int(sys.argv[1])))))
