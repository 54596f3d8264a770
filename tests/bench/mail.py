"""Durable mailbox puts against bare sqlite3: same tables, rows and bytes, FULL, in batches of our mean size.

Ours is the mailbox as the relay uses it: concurrent puts for devices of members, group commit in the
writer's thread, each answered after its commit, with quota, duplicates and strangers checked. The reference
inserts the very rows that came of it, from prepared lists, one transaction a batch. Beside it, for
information, the same mail through sockets until each sender has its signed `accepted`.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from social.config.databases import PRAGMAS
from tests.bench import machine
from tests.bench.figures import Figure
from tests.bench.load import Broken, client_frame
from tests.bench.site import BenchSite, Vault, bench_site, read_text

ROUNDS = 3
PUTS = 20_000
COLUMNS = "id, key, hash, username, raw, size, time"
SOCKETS = 16
LETTERS = 500


def measure() -> Iterator[Figure]:
    site = BenchSite(machine.fresh_folder("mail"))
    batches: list[float] = []

    def ours() -> float:
        site.folder = machine.fresh_folder("mail")
        site.prepare()
        found = json.loads(on_server_core("tests.bench.puts", str(PUTS), environment=site.environment))
        batches.append(found["batch"])
        return float(found["rate"])

    def reference() -> float:
        return float(on_server_core("tests.bench.mail", str(site.folder), str(batches[-1])))

    mine, other, detail = machine.turns(ours, reference, ROUNDS, alternate=False)
    detail["batches"] = batches
    yield Figure("mail puts", mine, "/s", other, goal=0.5, detail=detail)
    yield Figure("mail by sockets, accepted", by_sockets(), "/s")


def on_server_core(module: str, *arguments: str, environment: dict[str, str] | None = None) -> str:
    """Run a module of the bench there; what it prints."""
    done = subprocess.run(
        ["taskset", "-c", str(machine.SERVER_CORE), sys.executable, "-m", module, *arguments],
        cwd=machine.ROOT,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def bare(folder: Path, batch: int) -> float:
    """Puts/s of sqlite3 alone: what our run left in `folder`, into a new file with the same tables."""
    kept = sqlite3.connect(f"file:{folder / 'site.sqlite3'}?mode=ro", uri=True)
    tables = kept.execute(
        "SELECT sql FROM sqlite_master WHERE tbl_name IN ('signaling_body', 'signaling_row') AND sql NOT NULL"
        " ORDER BY type DESC, name"
    ).fetchall()
    bodies = kept.execute(f"SELECT {COLUMNS} FROM signaling_body ORDER BY id").fetchall()
    rows: dict[int, list[tuple[str, int]]] = {}
    for device, body in kept.execute("SELECT device, body_id FROM signaling_row ORDER BY id"):
        rows.setdefault(body, []).append((device, body))
    kept.close()
    return insert(folder / "bare.sqlite3", [sql for (sql,) in tables], bodies, rows, batch)


def insert(
    path: Path, tables: list[str], bodies: list[Any], rows: dict[int, list[tuple[str, int]]], batch: int
) -> float:
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(PRAGMAS)
    for table in tables:
        database.execute(table)
    begun = time.perf_counter()
    for start in range(0, len(bodies), batch):
        some = bodies[start : start + batch]
        database.execute("BEGIN IMMEDIATE")
        database.executemany(f"INSERT INTO signaling_body ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", some)
        database.executemany(
            "INSERT INTO signaling_row (device, body_id) VALUES (?, ?)",
            [row for body in some for row in rows[body[0]]],
        )
        database.execute("COMMIT")
    return len(bodies) / (time.perf_counter() - begun)


def by_sockets() -> float:
    """Letters/s that senders, all at once, have accepted: each mails a vault of its own account."""
    with bench_site("mail-sockets", 2 * SOCKETS) as site:
        pairs = [site.vaults[number : number + 2] for number in range(0, 2 * SOCKETS, 2)]
        senders = [(site.connect(one), letters(site, one, other)) for one, other in pairs]
        begun = time.perf_counter()
        for socket, frames in senders:
            socket.sendall(frames)
        for socket, _ in senders:
            accepted = 0
            while accepted < LETTERS:
                answer = json.loads(read_text(socket))
                if answer["type"] not in ("accepted", "changed"):
                    raise Broken(answer)
                accepted += answer["type"] == "accepted"
        return SOCKETS * LETTERS / (time.perf_counter() - begun)


def letters(site: BenchSite, sender: Vault, receiver: Vault) -> bytes:
    return b"".join(client_frame(site.mail(sender, receiver)) for _ in range(LETTERS))


if __name__ == "__main__":
    print(bare(Path(sys.argv[1]), round(float(sys.argv[2]))))
