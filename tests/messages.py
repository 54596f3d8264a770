"""Keeps what the site says in other languages equal to the code: `social/locale/*/LC_MESSAGES/django.po`.

`--write` adds new messages (without a translation) to each catalogue, drops those nobody says, and compiles
the `.mo` files that the site reads; `--check` fails when something is missing, left over, or not compiled.
Python and templates are read by Babel and Django's own parser, so no gettext program is needed.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "social" / "locale"
LANGUAGES = ("ar", "zh_Hans")
FOLDERS = ("social", "federation", "signaling")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}
HEADER = "# Translations of what the site says, under the licence of Porchlight."
BEGUN = datetime(2026, 11, 21, tzinfo=UTC)
Id = str | tuple[str, ...]


def sources() -> Iterator[str]:
    """Each file that may say something, as Python."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.read_text(encoding="utf-8")
        for path in sorted((ROOT / folder).rglob("*.html")):
            yield templatize(path.read_text(encoding="utf-8"), origin=str(path))


def said() -> Catalog:
    """Every message of the code, without translations."""
    found = Catalog(fuzzy=False)
    for text in sources():
        file = io.BytesIO(text.encode())
        for _line, texts, _comments, context in extract("python", file, KEYWORDS):
            found.add(texts, context=context)
    return found


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def empty(language: str) -> Catalog:
    return Catalog(
        locale=language,
        header_comment=HEADER,
        project="Porchlight",
        version="1",
        msgid_bugs_address="-",
        creation_date=BEGUN,
        revision_date=BEGUN,
        last_translator="Porchlight",
        language_team=language,
        fuzzy=False,
    )


def known(language: str) -> Catalog:
    path = path_of(language)
    if not path.exists():
        return empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def ids(catalog: Catalog) -> set[tuple[str | None, Id]]:
    return {(message.context, _id(message.id)) for message in catalog if message.id}


def _id(given: object) -> Id:
    return tuple(map(str, given)) if isinstance(given, list | tuple) else str(given)


def compiled(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def write() -> None:
    for language in LANGUAGES:
        old = known(language)
        new = empty(language)
        for message in said():
            if not message.id:
                continue
            before = old.get(message.id, message.context)
            text = before.string if before else ""
            new.add(
                message.id, text, context=message.context, flags=message.flags, locations=message.locations
            )
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, new, omit_header=False, no_location=True, sort_output=True, width=110)
        path.with_suffix(".mo").write_bytes(compiled(known(language)))


def faults() -> list[str]:
    """What is not as `--write` and a translator would leave it."""
    wanted, found = ids(said()), []
    for language in LANGUAGES:
        have = known(language)
        found += [f"{language} lacks: {one}" for one in wanted - ids(have)]
        found += [f"{language} has left over: {one}" for one in ids(have) - wanted]
        found += [
            f"{language} is not translated: {one.id}" for one in have if one.id and not _whole(one.string)
        ]
        path = path_of(language).with_suffix(".mo")
        if not path.exists() or path.read_bytes() != compiled(have):
            found.append(f"{language} is not compiled: python -m tests.messages --write")
    return sorted(found)


def _whole(text: object) -> bool:
    return all(text) if isinstance(text, list | tuple) else bool(text)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--check", action="store_true")
    chosen = parser.parse_args()
    if chosen.write:
        write()
    found = faults() if chosen.check else []
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
