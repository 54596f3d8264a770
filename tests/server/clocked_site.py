"""`manage.py serve` with a clock that a test moves: the milliseconds in the file `clock` of the site's data
folder are added to the time of `federation.clock`. With SWEEPLESS it never looks by itself for sockets that
should be closed: what is closed there was told. And a visitor as a browser without a screen."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.local.processes import Child, Site
from homevault.protocol.certificates import make_certificate
from tests.server.identities import CLOCK, Device, Identity
from tests.server.people import Person
from tests.server.sockets import DeviceSocket

CLOCK_FILE = "clock"
SWEEPLESS = {"TEST_SWEEP_SECONDS": "86400"}
"""Of a site's `extra`."""


class ClockedSite(Site):
    """A real site whose `federation.clock` goes with the test."""

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.server.clocked_site", "serve"]
        self.child = Child(
            self.name, command, self.folder / "log" / "site.log", self.environment, self.on_line
        )
        self.child.start()

    def move_clock(self, milliseconds: int) -> None:
        """From now on it is so much later there."""
        path = self.folder / CLOCK_FILE
        before = int(path.read_text()) if path.exists() else 0
        draft = path.with_suffix(".draft")
        draft.write_text(str(before + milliseconds))
        draft.replace(path)


@dataclass
class Visitor:
    """A browser on a public page, with a cookie jar and a key of its own."""

    site: Site
    identity: Identity = field(default_factory=lambda: Identity(devices=[]))
    username: str = ""

    def __post_init__(self) -> None:
        self.identity.devices[:] = [Device(self.identity.account, "visitor")]
        self.browser = Person(self.site, "")

    @property
    def device(self) -> Device:
        return self.identity.browser

    def certificate(self, role: Any = "visitor") -> dict[str, Any]:
        return make_certificate(
            self.identity.account, self.device.id, self.device.dh.public, role, CLOCK.now()
        )

    def begin(self, status: int = 201) -> Any:
        """Ask who one is, then register the key."""
        self.browser.ask("GET", "/api/v1/visitor")
        body = {"certificate": self.certificate(), "facts": "en 1280x800"}
        found = self.browser.ask("POST", "/api/v1/visitor", body, status)
        if status == 201:
            self.username = found["visitor"]["username"]
        return found

    def connect(self, port: int | None = None) -> DeviceSocket:
        return DeviceSocket(self.site, self.username, self.device, self.browser.cookies, port)


def serve() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "social.config.settings"
    django.setup()
    from federation import clock
    from manage import main
    from social.accounts import services

    path, real = Path(os.environ["PORCHLIGHT_DATA"]) / CLOCK_FILE, clock.now

    def now() -> int:
        return real() + (int(path.read_text()) if path.exists() else 0)

    clock.now = now
    services.SWEEP_SECONDS = float(os.environ.get("TEST_SWEEP_SECONDS", services.SWEEP_SECONDS))
    main()


if __name__ == "__main__":
    serve()
