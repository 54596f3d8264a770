"""All that the site stores of a member, to take along: one ZIP, made while it is sent.

`data/<holding>.json` has every row that the inventory counts, table by table, without what a holding
withholds; apps register what else goes in, in forms that people and other programs read. What is there is
read batch by batch, so a change in the middle may be in one file and not in another.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.cache import cache
from django.db.models import Model
from django.utils.translation import gettext as _

from homevault.protocol.canonical import parse
from homevault.protocol.encoding import b64encode
from homevault.protocol.errors import ProtocolError
from social.accounts import inventory
from social.accounts.holdings import address
from social.accounts.inventory import MEMBER, Holding
from social.accounts.models import User
from social.accounts.zipping import File, zipped

AT_ONCE = 100  # rows read from the database
TOLD_EVERY = 1024 * 1024
TOLD_FOR = 3600
LARGEST_WIRE = 1024 * 1024
Part = Callable[[User], Iterator[File]]
_parts: list[Part] = []

README = """# {title}

Made by {address}. Everything this site stores of one member.

- `feed.json`, `posts/`, `media/`: the posts as a JSON Feed and as Markdown, with their pictures and files.
  Any Porchlight takes this ZIP back under House, Posts.
- `follows.opml`: what is followed, for any feed reader.
- `data/`: every row of the database, a JSON file for each kind of data: `what`, `why` and `kept` in words,
  then `tables`, each a list of rows by column. Times are milliseconds since 1970 or ISO 8601; bytes that are
  no JSON are base64url.

Left out: passwords and other secrets, sealed letters that nobody but your devices can open, who of the
members here follows you, and what is here once more in another form.

Conversations are not in here because this site does not have them: they lie in your browsers and in your
vault.

{kinds}
"""


def register(part: Part) -> None:
    """Have `part` add files of a member; call it from AppConfig.ready()."""
    _parts.append(part)


def stream(user: User) -> Iterator[bytes]:
    """The ZIP, piece by piece; its words in the language of whoever calls."""
    holdings = [(one, _words(one)) for one in inventory.every(MEMBER)]
    readme = _readme(user, [words for _holding, words in holdings]).encode()
    return zipped(_told(user, _files(user, readme, holdings)))


def progress(user: User) -> dict[str, int]:
    """Bytes that were packed, and about how many there are, of the takeout that runs or ran last; zeros for
    none."""
    found: dict[str, int] = cache.get(_key(user), {"done": 0, "total": 0})
    return found


def forget_progress(user: User) -> None:
    """Another takeout is about to begin."""
    cache.delete(_key(user))


def _files(user: User, readme: bytes, holdings: list[tuple[Holding, dict[str, str]]]) -> Iterator[File]:
    yield "README.md", [readme]
    for holding, words in holdings:
        yield f"data/{holding.name}.json", _document(holding, words, user)
    for part in _parts:
        yield from part(user)


def _readme(user: User, kinds: list[dict[str, str]]) -> str:
    lines = [f"- {one['what']}: {one['why']} {one['kept']}" for one in kinds]
    return README.format(title=_("Your data"), address=address(user), kinds="\n".join(lines))


def _words(holding: Holding) -> dict[str, str]:
    return {"what": str(holding.what), "why": str(holding.why), "kept": str(holding.kept)}


def _document(holding: Holding, words: dict[str, str], user: User) -> Iterator[bytes]:
    yield _json(words)[:-1] + b',"tables":{'
    labels = [label for label in holding.rows if label not in holding.withheld]
    for number, label in enumerate(labels):
        model: type[Model] = apps.get_model(label)
        yield (b"," if number else b"") + _json(model._meta.db_table) + b":["
        for place, row in enumerate(_rows(holding, label, model, user)):
            yield (b"," if place else b"") + b"\n" + _json(row)
        yield b"]"
    yield b"}}\n"


def _rows(holding: Holding, label: str, model: type[Model], user: User) -> Iterator[dict[str, Any]]:
    """Each batch is a query of its own: the next one may be made in another thread."""
    fields = [
        field.attname
        for field in model._meta.concrete_fields
        if f"{label}.{field.name}" not in holding.withheld
    ]
    rows = model._base_manager.filter(holding.condition(label, user)).order_by("pk")
    pks = list(rows.values_list("pk", flat=True))
    for start in range(0, len(pks), AT_ONCE):
        batch = model._base_manager.filter(pk__in=pks[start : start + AT_ONCE]).order_by("pk")
        for row in list(batch.values(*fields)):
            yield {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        try:
            return parse(bytes(value), LARGEST_WIRE)
        except ProtocolError:
            return b64encode(bytes(value))
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _told(user: User, files: Iterator[File]) -> Iterator[File]:
    """The same files, with `progress` kept up to date."""
    mine = inventory.every(MEMBER)
    counted = sum(one.bytes for holding in mine for one in inventory.count(holding, user))
    total = counted + sum(inventory.file_bytes(holding, user) for holding in mine)
    done = told = 0

    def watched(pieces: Any) -> Iterator[bytes]:
        nonlocal done, told
        for piece in pieces:
            yield piece
            done += len(piece)
            if done - told >= TOLD_EVERY:
                told = done
                cache.set(_key(user), {"done": done, "total": max(total, done)}, TOLD_FOR)

    cache.set(_key(user), {"done": 0, "total": total}, TOLD_FOR)
    for name, pieces in files:
        yield name, watched(pieces)
    cache.set(_key(user), {"done": done, "total": done}, TOLD_FOR)


def _key(user: User) -> str:
    return f"takeout:{user.pk}"


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
