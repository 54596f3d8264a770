"""Strangers' documents are read in child processes only (`reader`); this starts them and asks them.

Promise: whatever a document holds, it costs at most `SECONDS` of a processor, none of this process,
and keeps at most one of `AT_ONCE` children busy; then it is refused as `not_a_feed`. Children are started
when first needed and end when nothing is to be read.
"""

from __future__ import annotations

import atexit
import json
import logging
import subprocess
import sys
from pathlib import Path
from queue import LifoQueue
from typing import Any

from social.posts import entries, reader
from social.posts.entries import Channel
from social.posts.errors import Refusal

log = logging.getLogger(__name__)
AT_ONCE = 2
SECONDS = 12
TRIES = 2  # a child may end just when it is asked
COMMAND = [sys.executable, "-B", "-m", reader.__name__]
FOLDER = Path(__file__).parents[2]
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"}

Child = subprocess.Popen[bytes]
_children: LifoQueue[Child | None] = LifoQueue()
for _ in range(AT_ONCE):
    _children.put(None)


def read(data: bytes, content_type: str, url: str, kind: str = "") -> Channel:
    """`reading.read` in a child; a Refusal `not_a_feed` for what costs too much."""
    answer = _ask(data, how="feed", content_type=content_type, url=url, kind=kind)
    return entries.unpack(answer["channel"])


def microformats(data: bytes, content_type: str, url: str) -> dict[str, Any]:
    """`hfeed.parse` in a child, likewise."""
    return dict(_ask(data, how="microformats", content_type=content_type, url=url)["microformats"])


@atexit.register
def end() -> None:
    """Let the children go."""
    for child in list(_children.queue):
        if child is not None:
            child.kill()
            child.communicate()


def _ask(data: bytes, **asked: str) -> dict[str, Any]:
    child = _children.get()
    try:
        for _ in range(TRIES):
            if child is None or child.poll() is not None:
                child = _start()
            answer = _exchange(child, json.dumps({**asked, "seconds": SECONDS}).encode(), data)
            if answer is not None:
                return _judged(json.loads(answer))
            if child.wait() != 0:
                log.warning("a document could not be read: exit %s", child.returncode)
                raise Refusal("not_a_feed", "it takes too much to read")
        raise Refusal("not_a_feed", "it could not be read")
    finally:
        _children.put(child)


def _judged(answer: dict[str, Any]) -> dict[str, Any]:
    if "refused" in answer:
        raise Refusal(answer["refused"], answer["detail"])
    return answer


def _start() -> Child:
    return subprocess.Popen(  # noqa: S603 - our own module
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT, cwd=FOLDER, bufsize=0
    )


def _exchange(child: Child, asked: bytes, data: bytes) -> bytes | None:
    """The answer; None if the child ended before."""
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        reader.send(child.stdin, asked)
        reader.send(child.stdin, data)
        return reader.receive(child.stdout)
    except BrokenPipeError:
        return None
