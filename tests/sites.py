"""Real sites in which nothing has happened yet, each a copy of one database that was migrated once."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from deploy.local.processes import Site

DATABASE = "site.sqlite3"


@cache
def migrated() -> Path:
    """The database of a new site; lives as long as this process."""
    folder = Path(tempfile.mkdtemp(prefix="porchlight-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    Site("localhost", "localhost", 8001, folder).prepare()
    return folder / DATABASE


def prepare(site: Site) -> None:
    """As `site.prepare()`, for a new site that keeps its data in its folder."""
    site.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copy(migrated(), site.folder / DATABASE)


def start(*sites: Site) -> None:
    """New sites, up and ready."""
    for site in sites:
        prepare(site)
        site.start()
    for site in sites:
        site.wait_ready()
