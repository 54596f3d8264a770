"""What following costs: a round of polls that brings nothing new, and a page of a timeline of many items."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from tests.bench import machine
from tests.bench.figures import Figure
from tests.bench.site import BenchSite
from tests.bench.unchanged import address

FEEDS = 1_000
GOAL_RATIO = 2.0


def measure() -> Iterator[Figure]:
    port = machine.free_port()
    command = [sys.executable, "-m", "tests.bench.unchanged", str(port)]
    with machine.process(command, log=machine.fresh_folder("unchanged") / "log") as child:
        machine.wait_port(port, child)
        polls = ask("polls", str(port), str(FEEDS), allow=[f"{address(n)}:{port}" for n in range(FEEDS)])
    name = f"CPU of {FEEDS} polls, all unchanged"
    yield Figure(name, polls["cpu"], "s", detail={"by_clock": polls["clock"]})
    pages = ask("timeline")
    yield Figure(
        "timeline page, 10^6 against 10^3",
        pages["many"] * 1000,
        "ms",
        pages["few"] * 1000,
        GOAL_RATIO,
        more=False,
    )


def ask(*what: str, allow: list[str] | None = None) -> dict[str, float]:
    """Run `tests.bench.follows` on a site of its own."""
    site = BenchSite(machine.fresh_folder(f"following-{what[0]}"))
    site.prepare()
    environment = {**os.environ, **site.environment, "FETCH_ALLOW": ",".join(allow or [])}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.follows", *what],
        cwd=machine.ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
