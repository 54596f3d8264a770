"""A site and a vault as child processes, for running and testing Porchlight on one machine.

Standard library only. A process is started in a session of its own, so that Ctrl-C reaches only the one
who started it, and it is ended by its own pid. Output goes line by line to a callback and to a log file.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STOP_SECONDS = 10.0

Lines = Callable[[str], None]


class StartError(RuntimeError):
    """A child ended before it was ready; the text ends with the last lines that it wrote."""


@dataclass
class Child:
    """One child process with its log."""

    name: str
    command: list[str]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    on_line: Lines | None = None
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        threading.Thread(target=self._pump, args=(self.process,), daemon=True).start()

    def _pump(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with self.log.open("a", encoding="utf-8") as log:
            for line in process.stdout:
                log.write(line)
                log.flush()
                if self.on_line:
                    self.on_line(line.rstrip("\n"))

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Ask it to end, then end it."""
        if not self.running:
            return
        assert self.process is not None
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        if self.process is not None and self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def tail(self, lines: int = 15) -> str:
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


@dataclass
class Site:
    """An embedded site on `host`:`port` with its data in `folder`."""

    name: str
    host: str
    port: int
    folder: Path
    fetch_allow: str = ""
    on_line: Lines | None = None
    extra: dict[str, str] = field(default_factory=dict)
    child: Child | None = None

    @property
    def origin(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PORCHLIGHT_DATA": str(self.folder),
            "PORCHLIGHT_HOST": self.host,
            "PORCHLIGHT_PORT": str(self.port),
            "PORCHLIGHT_SCHEME": "http",
            "PORCHLIGHT_BIND": bind_address(self.host),
            "FETCH_ALLOW": self.fetch_allow,
            **self.extra,
        }

    def manage(self, *arguments: str) -> str:
        """Run one management command to its end and return what it printed."""
        done = subprocess.run(  # noqa: S603
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise StartError(f"manage.py {arguments[0]} failed:\n{done.stdout}{done.stderr}")
        return done.stdout.strip()

    def prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.manage("migrate", "--verbosity", "0")

    def start(self) -> None:
        self.child = Child(
            self.name,
            [sys.executable, "manage.py", "serve"],
            self.folder / "log" / "site.log",
            self.environment,
            self.on_line,
        )
        self.child.start()

    def wait_ready(self, seconds: float = 30.0) -> None:
        assert self.child is not None
        wait_until(self._answers, seconds, self.child)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(bind_address(self.host), self.port, timeout=2)
        try:
            connection.request("GET", "/.well-known/porchlight", headers={"Host": f"{self.host}:{self.port}"})
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def setup_link(self) -> str | None:
        """The one-time link of the first run, or None when it was used."""
        link = self.manage("setup_link")
        return link if link.startswith("http") else None

    def stop(self) -> None:
        if self.child:
            self.child.stop()


@dataclass
class Vault:
    """A vault that dials out to `site`, with its data in `folder`."""

    name: str
    site: Site
    folder: Path
    on_line: Lines | None = None
    child: Child | None = None

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "homevault.agent", *arguments, "--data", str(self.folder)]

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        log = self.folder.parent / f"{self.folder.name}.log"
        self.child = Child(self.name, self.command("run", "--site", self.site.origin), log, {}, self.on_line)
        self.child.start()

    def run(self, *arguments: str) -> str:
        """Run one command of the vault's command line beside the running vault."""
        done = subprocess.run(self.command(*arguments), cwd=ROOT, capture_output=True, text=True)  # noqa: S603
        if done.returncode:
            raise StartError(f"homevault {arguments[0]} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def stop(self) -> None:
        if self.child:
            self.child.stop()


def bind_address(host: str) -> str:
    """The loopback address that a site of this name listens on."""
    return "127.0.0.1" if host == "localhost" else host


def fetch_allow(sites: list[Site]) -> str:
    """The exact address:port pairs these sites may fetch from each other, `localhost` in both families."""
    pairs = []
    for site in sites:
        pairs.append(f"{bind_address(site.host)}:{site.port}")
        if site.host == "localhost":
            pairs.append(f"[::1]:{site.port}")
    return ",".join(pairs)


def free_port(host: str, wanted: int = 0) -> int | None:
    """`wanted` if it can be bound on `host` (0: any free one), else None."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind_address(host), wanted))
        except OSError:
            return None
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], bool], seconds: float, child: Child) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        if not child.running:
            raise StartError(f"{child.name} ended while starting:\n{child.tail()}")
        if time.monotonic() > deadline:
            raise StartError(f"{child.name} was not ready after {seconds:.0f} s:\n{child.tail()}")
        time.sleep(0.05)
