"""`make run`: two empty sites on this machine, and a vault for each that waits to be paired.

Everything is kept in var/run, so that the next start finds it as it was. The two sites have hosts of their
own (`localhost`, 127.0.0.2) because browsers share cookies between ports of one host.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from processes import ROOT, Child, Site, StartError, Vault, fetch_allow, free_port

HOSTS = {"first": "localhost", "second": "127.0.0.2"}
FIRST_PORT = 8001
QUIET_SECONDS = 0.5


def say(text: str = "") -> None:
    print(text, flush=True)


def settled_ports(folder: Path, names: list[str]) -> dict[str, int]:
    """A port for each site: a site's address is who it is, so the choice of the first start is kept."""
    record = folder / "ports.json"
    ports: dict[str, int] = json.loads(record.read_text()) if record.exists() else {}
    for index, name in enumerate(names):
        if name not in ports:
            ports[name] = free_port(host_of(name), FIRST_PORT + index) or free_port(host_of(name)) or 0
        elif free_port(host_of(name), ports[name]) is None:
            raise StartError(
                f"Port {ports[name]} on {host_of(name)} is in use; it is the address of site “{name}”.\n"
                f"Stop what uses it and start again."
            )
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(json.dumps(ports))
    return ports


def host_of(name: str) -> str:
    return HOSTS.get(name, "localhost")


def make_sites(folder: Path, names: list[str]) -> list[Site]:
    ports = settled_ports(folder, names)
    sites = [Site(name, host_of(name), ports[name], folder / name) for name in names]
    for site in sites:
        site.fetch_allow = fetch_allow(sites)
    return sites


def tell_codes(vault: Vault) -> None:
    """Show a pairing code when the vault has one; everything else is in its log."""

    def on_line(line: str) -> None:
        if line.startswith(("pairing code", "paired")):
            say(f"  vault of {vault.site.name}: {line}")

    vault.on_line = on_line


def introduce(sites: list[Site]) -> None:
    say()
    for site in sites:
        link = site.setup_link()
        say(f"  {site.name:<8} {site.origin}/")
        say(f"           {'set it up once: ' + link if link else 'open it: ' + site.origin + '/app/'}")
    say()
    say("  Each site has a vault beside it that waits until you pair it. Ctrl-C stops everything.")
    say()


def watch(children: list[Child], stop: threading.Event) -> int:
    while not stop.wait(QUIET_SECONDS):
        for child in children:
            if not child.running:
                say(f"{child.name} ended by itself; its last lines:\n{child.tail()}")
                return 1
    return 0


def stop_all(vaults: list[Vault], sites: list[Site]) -> None:
    ends = [threading.Thread(target=part.stop) for part in (*vaults, *sites)]
    for end in ends:
        end.start()
    for end in ends:
        end.join()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--site", help="start only the site of this name")
    options.add_argument("--data", type=Path, default=ROOT / "var" / "run")
    chosen = options.parse_args()
    names = [chosen.site] if chosen.site else list(HOSTS)
    os.umask(0o077)

    stop = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: stop.set())

    sites: list[Site] = []
    vaults: list[Vault] = []
    try:
        sites = make_sites(chosen.data.resolve(), names)
        for step, site in enumerate(sites, 1):
            say(f"porchlight: {step} of {len(sites)}: preparing {site.name}")
            site.prepare()
            site.start()
        vaults = [
            Vault(f"vault of {site.name}", site, chosen.data.resolve() / f"{site.name}-vault")
            for site in sites
        ]
        for site, vault in zip(sites, vaults, strict=True):
            site.wait_ready()
            tell_codes(vault)
            vault.start()
        introduce(sites)
        children = [part.child for part in (*sites, *vaults) if part.child]
        result = watch(children, stop)
    except StartError as error:
        say(f"porchlight: {error}")
        result = 1
    started = time.monotonic()
    stop_all(vaults, sites)
    if sites:
        say(f"\nporchlight: stopped in {time.monotonic() - started:.1f} s; all is kept in {chosen.data}")
    return result


if __name__ == "__main__":
    sys.exit(main())
