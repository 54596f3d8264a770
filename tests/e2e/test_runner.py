"""`make run`: two sites come up with setup links, Ctrl-C ends everything, a second start finds it all."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.local.processes import ROOT
from tests.e2e.conftest import until

READY = "Ctrl-C stops everything"


class Run:
    """One `make run` in a session of its own, as a terminal would give it."""

    def __init__(self, data: Path) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "deploy/local/run.py", "--data", str(data)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def ready(self) -> Run:
        until(lambda: any(READY in line for line in self.lines), 60, "\n".join(self.lines))
        return self

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)

    @property
    def links(self) -> list[str]:
        return re.findall(r"http://\S+/app/setup#\S+", "\n".join(self.lines))


@contextmanager
def running(data: Path) -> Iterator[Run]:
    run = Run(data)
    try:
        yield run.ready()
    finally:
        if run.process.poll() is None:
            run.interrupt()


def children_of(pid: int) -> set[int]:
    return {
        int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _parent(entry) == pid
    }


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
    except (OSError, IndexError):
        return 0


def site_document(link: str) -> dict[str, object]:
    origin = link.split("/app/")[0]
    with urllib.request.urlopen(f"{origin}/.well-known/porchlight", timeout=5) as answer:
        return json.load(answer)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run")


def test_start_stop_and_start_again(data: Path) -> None:
    with running(data) as run:
        assert len(run.links) == 2
        first = [site_document(link) for link in run.links]
        assert {document["ip"] for document in first} == {"localhost", "127.0.0.2"}
        children = children_of(run.process.pid)
        assert len(children) == 4
        assert run.interrupt() == 0
        assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]

    with running(data) as run:
        again = [site_document(link) for link in run.links]
        assert [document["key"] for document in again] == [document["key"] for document in first]
        assert [document["port"] for document in again] == [document["port"] for document in first]


def test_a_taken_port_is_told_plainly(data: Path) -> None:
    with running(data):
        second = Run(data)
        assert second.process.wait(30) == 1
        assert any("is in use" in line for line in second.lines)
