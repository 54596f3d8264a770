"""What this site stores: every table belongs to a holding, which says whose it is, why it is there, how long.

Each app registers the holdings of its own tables (and of the layers below, which know no members) in
`AppConfig.ready()`. A test holds the registry to the real schema: a table without a holding fails, and so
does a row that no holding counts. Sizes are the bytes of what the columns say, without what a database adds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import BigIntegerField, BinaryField, Count, Expression, Func, Model, Q, Sum, Value
from django.utils.functional import Promise

from social.accounts.models import User

MEMBER, STRANGERS, SITE = "member", "strangers", "site"
Words = str | Promise
Mine = Callable[[User], Q]
"""Which rows of a table are a member's."""


def by(lookup: str, value: Callable[[User], Any] = lambda user: user.pk) -> Mine:
    """Rows that name their member in a column."""
    return lambda user: Q(**{lookup: value(user)})


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of data. Of a member's, `rows` names tables by their model's label with what is this member's
    in them; of others', with which rows are meant. `files` are bytes outside of the database: of the member,
    or of all (with None). `place` is where in the app it is seen, taken out or deleted. `indexes` are tables
    without a model that hold the same once more; `withheld` are models, or `label.field`, that a takeout
    leaves out: secrets, others' privacy, what is there once more."""

    name: str
    about: str
    what: Words
    why: Words
    kept: Words
    rows: dict[str, Mine | Q]
    place: str = ""
    files: Callable[[User | None], int] | None = None
    indexes: tuple[str, ...] = ()
    withheld: frozenset[str] = frozenset()

    def condition(self, label: str, user: User | None) -> Q:
        found = self.rows[label]
        if isinstance(found, Q):
            return found
        if user is None:
            raise ValueError("whose?")
        return found(user)


@dataclass(frozen=True, slots=True)
class Counted:
    """What there is of a table, or of a holding."""

    name: str
    columns: tuple[str, ...]
    rows: int
    bytes: int


_holdings: dict[str, Holding] = {}


def register(*holdings: Holding) -> None:
    """Say what is stored; call it from AppConfig.ready()."""
    _holdings.update({one.name: one for one in holdings})


def every(about: str = "") -> list[Holding]:
    """All of them in the order of registration, or those about members, strangers or the site."""
    return [one for one in _holdings.values() if about in ("", one.about)]


def labels() -> set[str]:
    """The models that some holding speaks of."""
    return {label for one in every() for label in one.rows}


def count(holding: Holding, user: User | None = None) -> list[Counted]:
    """The tables of a holding with their rows and bytes: a member's, or all there are of others'."""
    return [_count(label, holding.condition(label, user)) for label in holding.rows]


def file_bytes(holding: Holding, user: User | None = None) -> int:
    return holding.files(user) if holding.files else 0


def _count(label: str, condition: Q) -> Counted:
    model: type[Model] = apps.get_model(label)
    fields = model._meta.concrete_fields
    size: Any = sum((Bytes(field.name) for field in fields), Value(0))
    found = model._base_manager.filter(condition).aggregate(rows=Count("pk"), bytes=Sum(size))
    columns = tuple(str(field.column) for field in fields)
    return Counted(model._meta.db_table, columns, found["rows"], found["bytes"] or 0)


class Bytes(Func):
    """The length of a column's text, UTF-8, or of its bytes; 0 for NULL."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "COALESCE(LENGTH(CAST(%(expressions)s AS BLOB)), 0)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        source: Expression = self.get_source_expressions()[0]
        binary = isinstance(source.output_field, BinaryField)
        text = "%(expressions)s" if binary else "(%(expressions)s)::text"
        return self.as_sql(compiler, connection, template=f"COALESCE(OCTET_LENGTH({text}), 0)", **context)
