"""The site's own keys: Ed25519 for signing, X25519 for what is sealed to the site (SPEC 1, 4.5).

Both seeds are made at the first start and kept in one file, readable by its owner only; a file that others
may read is refused. Several workers starting together agree on one. `rotate` makes new keys and keeps the old
key's signed word for them, which the site document carries so that peers follow.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from federation import clock, here
from homevault.protocol.encoding import b64decode, b64encode
from homevault.protocol.keys import DhKey, SignKey
from homevault.protocol.sites import MAX_ROTATIONS, make_rotation

FILE = "site-key.json"


@dataclass(frozen=True, slots=True, eq=False)
class SiteKey:
    """One pair of keys; compared by identity."""

    sign: SignKey
    dh: DhKey
    created: int
    """When these keys were made; the time of the site document."""
    rotations: tuple[dict[str, Any], ...] = ()
    """`site-rotation` statements, oldest first, the last one naming this key."""

    @property
    def public(self) -> str:
        return self.sign.public


def current() -> SiteKey:
    """The keys of this site, made if there are none. Raises ImproperlyConfigured for a file others can
    read."""
    return _load(here.environment().data / FILE)


def rotate() -> SiteKey:
    """New keys, vouched for by the old one, for processes that start from now on. Peers accept them when they
    next read the site document."""
    old, path = current(), here.environment().data / FILE
    new = _generate()
    statement = make_rotation(here.address(), old.sign, new.public, new.created)
    kept = (*old.rotations, statement)[-MAX_ROTATIONS:]
    draft = _write_draft(path, SiteKey(new.sign, new.dh, new.created, kept))
    draft.replace(path)
    _load.cache_clear()
    return current()


@lru_cache(maxsize=4)
def _load(path: Path) -> SiteKey:
    if not path.exists():
        _create(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ImproperlyConfigured(f"{path} can be read by others; make it private with chmod 600.")
    found = json.loads(path.read_text(encoding="ascii"))
    return SiteKey(
        SignKey.from_seed(b64decode(found["sign"], 32)),
        DhKey.from_secret(b64decode(found["dh"], 32)),
        found["created"],
        tuple(found["rotations"]),
    )


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = _write_draft(path, _generate())
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def _generate() -> SiteKey:
    return SiteKey(SignKey.from_seed(os.urandom(32)), DhKey.from_secret(os.urandom(32)), clock.now())


def _write_draft(path: Path, key: SiteKey) -> Path:
    draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    content = {
        "sign": b64encode(key.sign.seed),
        "dh": b64encode(key.dh.secret),
        "created": key.created,
        "rotations": list(key.rotations),
    }
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    return draft
