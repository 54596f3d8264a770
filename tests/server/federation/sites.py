"""Starting, driving and ending sites (`site.py`) from tests."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from homevault.protocol.addresses import Address
from homevault.protocol.envelope import make_envelope
from homevault.protocol.keys import SignKey
from homevault.protocol.ports import SystemClock, SystemRandom

ROOT = Path(__file__).resolve().parents[3]
DEADLINE = 60.0
random = SystemRandom()


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket() as sock:
        sock.bind((host, 0))
        return int(sock.getsockname()[1])


def until(condition: Callable[[], Any], what: str = "", seconds: float = DEADLINE) -> Any:
    """Ask again until it is true; what it said."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s: {what or condition}")


class Site:
    """One site process. `allow` are the other sites it may reach."""

    def __init__(self, folder: Path, host: str = "127.0.0.1", port: int | None = None) -> None:
        self.folder, self.host = folder, host
        self.port = port or free_port(host)
        self.allow: set[str] = set()
        self.process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def address(self) -> Address:
        return Address(self.host, self.port, "")

    def start(self, *, listen: int | None = None, redis: str = "") -> Site:
        """`listen`: another port than the one it is known by, for a second worker."""
        env = {
            **os.environ,
            "PORCHLIGHT_DATA": str(self.folder),
            "PORCHLIGHT_HOST": self.host,
            "PORCHLIGHT_PORT": str(self.port),
            "PORCHLIGHT_SCHEME": "http",
            "FETCH_ALLOW": ",".join(sorted(self.allow)),
            "REDIS_URL": redis,
            "DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "tests.server.federation.settings",
            "PYTHONPATH": str(ROOT),
        }
        self.listens = listen or self.port
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.server.federation.site", str(self.listens)],
            cwd=ROOT,
            env=env,
            stdout=log,
            stderr=log,
        )
        log.close()
        until(self.is_up, f"{self.name} up")
        return self

    def is_up(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise AssertionError((self.folder / "log").read_text())
        try:
            self.state()
        except OSError:
            return False
        return True

    def second_worker(self) -> Site:
        """Another process of the same site, on a port of its own."""
        other = Site(self.folder, self.host, self.port)
        other.allow = self.allow
        return other.start(listen=free_port(self.host), redis="redis://127.0.0.1:1")

    def stop(self) -> None:
        self.end(signal.SIGTERM)

    def end_if_running(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.end(signal.SIGTERM)

    def kill(self) -> None:
        self.end(signal.SIGKILL)

    def end(self, how: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
                raise AssertionError(f"{self.name} did not end")
            self.process = None

    def ask(self, action: str, body: bytes = b"", to: Site | str = "") -> Any:
        name = to if isinstance(to, str) else to.name
        url = f"http://{self.host}:{self.listens}/test/{action}?to={name}"
        try:
            with urllib.request.urlopen(urllib.request.Request(url, data=body), timeout=DEADLINE) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return json.load(error)

    def state(self) -> Any:
        return self.ask("state")

    def taken(self, type: str = "mail") -> list[str]:
        """The ids of the envelopes that its handlers took, one for each call."""
        return [id for kind, id in self.state()["taken"] if kind == type]


class Person:
    """Somebody with a device at a site."""

    def __init__(self, username: str, site: Site | Address) -> None:
        self.address = Address(*site.address.site if isinstance(site, Site) else site.site, username)
        self.key = SignKey.generate(random)

    def envelope(self, to: Person | Address, type: str = "mail", ttl: int = 3600, **fields: Any) -> Any:
        """A signed envelope to somebody; `hint` and `comment-state` are the site's, not a person's."""
        other = to.address if isinstance(to, Person) else to
        device = to.key.public if isinstance(to, Person) else None
        return make_envelope(
            self.address,
            other,
            type,
            fields or FIELDS[type],
            self.key,
            self.key.public,
            device if type == "typing" else None,
            SystemClock().now(),
            ttl,
            random,
        )


def _box() -> dict[str, Any]:
    key = "A" * 43
    return {"suite": "SE1", "dh": key, "ephemeral": key, "prekey": key, "one_time": None, "box": "AAAA"}


FIELDS: dict[str, dict[str, Any]] = {
    "mail": {"suite": "SE1", "body": "AAAA", "wraps": {"A" * 43: _box()}},
    "request": {"suite": "SE1", "body": "AAAA", "wraps": {"A" * 43: _box()}},
    "typing": {"suite": "SE1", "sealed": _box()},
}
