"""`make bench`: a line a figure (name, ours, reference, ratio, goal, ok/short), the same in bench.json.

A module of `MODULES` has `measure() -> Iterable[Figure]`; figures are printed as they come. `ONLY=name`
picks modules by their own name. The exit code is 0 when no figure is short, 1 when one is, 2 when one could
not be measured.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
import time
import traceback

from tests.bench import figures, machine

MODULES = (
    "relay",
    "mail",
    "feed",
    "idle",
    "pipeline",
    "sync",
    "following",
    "hints",
    "hostile",
    "pages",
    "paint",
    "visitors",
    "login",
)
OUTPUT = machine.ROOT / "bench.json"


def chosen() -> list[str]:
    only = os.environ.get("ONLY", "").strip()
    if only and only not in MODULES:
        raise SystemExit(f"ONLY={only}: no such figure; there are {', '.join(MODULES)}")
    return [name for name in MODULES if only in ("", name)]


def measure(name: str) -> list[figures.Figure]:
    found = []
    for figure in importlib.import_module(f"tests.bench.{name}").measure():
        print(figure.line(), flush=True)
        found.append(figure)
        figures.write([figure], OUTPUT)
    return found


def main() -> int:
    names = chosen()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    machine.take_load_core()
    print(figures.HEADER, flush=True)
    short = broken = False
    for name in names:
        begun = time.monotonic()
        try:
            short |= any(figure.verdict == "short" for figure in measure(name))
        except Exception:
            broken = True
            traceback.print_exc()
            print(f"{name:<30} could not be measured", flush=True)
        print(f"  ({name}: {time.monotonic() - begun:.0f} s)", file=sys.stderr, flush=True)
    return 2 if broken else int(short)


if __name__ == "__main__":
    sys.exit(main())
