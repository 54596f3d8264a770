"""Everything that can be set, read once from the command line and the environment.

HOMEVAULT_DATA  the data folder (`~/.homevault`)
HOMEVAULT_SITE  the site's origin; needed until the vault is paired
HOMEVAULT_NAME  what the vault calls itself while it is paired (this machine's name)
HOMEVAULT_LOG   `text`, `json` or `auto` (text on a terminal); the log goes to standard error
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from homevault.agent.errors import Trouble
from homevault.transport.relay.origin import Origin, OriginError, parse_origin

NAME_LONGEST = 64


@dataclass(frozen=True, slots=True)
class Config:
    """`site` is None when none was named: then the pairing tells."""

    data: Path
    site: Origin | None
    name: str
    log: str


def read_config(
    environment: Mapping[str, str], data: Path | None = None, site: str | None = None, name: str | None = None
) -> Config:
    """Options win over the environment; raises Trouble for a bad site."""
    folder = data or Path(environment.get("HOMEVAULT_DATA") or "~/.homevault")
    origin = site or environment.get("HOMEVAULT_SITE")
    label = name or environment.get("HOMEVAULT_NAME") or platform.node() or "vault"
    return Config(
        data=folder.expanduser().absolute(),
        site=_origin(origin) if origin else None,
        name=label[:NAME_LONGEST],
        log=environment.get("HOMEVAULT_LOG", "auto"),
    )


def _origin(text: str) -> Origin:
    try:
        return parse_origin(text)
    except OriginError as error:
        raise Trouble(error.code, text) from error
