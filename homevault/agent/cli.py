"""The command line: run, pair, status, search, posts.

Exit status 0 is done, 1 is a named trouble, 2 is a misspelled command. With `--json` the answer, or
`{"error", "message", "advice"}`, is one line of JSON on standard output.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from homevault.agent import posts
from homevault.agent.config import Config, read_config
from homevault.agent.errors import Trouble
from homevault.agent.finding import find, wire
from homevault.agent.log import start_logging
from homevault.agent.runner import run as run_agent
from homevault.agent.show import counted, show_hits, show_posts, show_status, show_trouble
from homevault.agent.status import read_status
from homevault.protocol.ports import SystemClock
from homevault.storage.sqlite import account
from homevault.storage.sqlite.database import Database, StorageError, open_readonly

app = typer.Typer(
    help="Your vault at home: keeps your private conversations and dials out to your own site.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Data = Annotated[Path | None, typer.Option("--data", help="The data folder. [default: ~/.homevault]")]
Site = Annotated[str | None, typer.Option("--site", help="Your site, like https://example.org.")]
Name = Annotated[str | None, typer.Option("--name", help="What this vault calls itself while pairing.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


@app.command()
def run(data: Data = None, site: Site = None, name: Name = None) -> None:
    """Run the vault; waits to be paired if it is not."""
    with _troubles(machine=False):
        config = read_config(os.environ, data, site, name)
        start_logging(config.log)
        run_agent(config)


@app.command()
def pair(data: Data = None, site: Site = None, name: Name = None) -> None:
    """Pair the vault with your account, then end."""
    with _troubles(machine=False):
        config = read_config(os.environ, data, site, name)
        start_logging(config.log)
        run_agent(config, only_pair=True)


@app.command()
def status(data: Data = None, machine: Json = False) -> None:
    """Whom the vault is paired with, what it keeps, and whether it is well."""
    with _troubles(machine), _opened(read_config(os.environ, data)) as (config, database):
        found = read_status(database, config.data)
        if machine:
            typer.echo(json.dumps(found.wire()))
        else:
            show_status(found, Console(), SystemClock().now())


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(help="Parts of words; all must occur.")],
    data: Data = None,
    machine: Json = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="At most so many hits.")] = 50,
) -> None:
    """Find messages that hold all the words, in any of your conversations."""
    with _troubles(machine), _opened(read_config(os.environ, data)) as (_, database):
        query = " ".join(words)
        if not query.strip():
            raise Trouble("query_needed")
        pairing = account.load(database)
        if pairing is None:
            raise Trouble("not_paired")
        hits = find(database, pairing.account, query, limit)
        if machine:
            typer.echo(json.dumps({"query": query, "hits": [wire(hit) for hit in hits]}))
        else:
            show_hits(hits, query, Console())


@app.command("posts")
def list_posts(
    data: Data = None,
    machine: Json = False,
    folder: Annotated[
        Path | None, typer.Option("--export", help="Write them as Markdown files into this folder.")
    ] = None,
) -> None:
    """List what you published, or write it as Markdown files."""
    with _troubles(machine), _opened(read_config(os.environ, data)) as (_, database):
        if account.load(database) is None:
            raise Trouble("not_paired")
        found = posts.own_posts(database)
        if folder is not None:
            _export(found, folder, machine)
        elif machine:
            typer.echo(json.dumps({"posts": [post.wire() for post in found]}))
        else:
            show_posts(found, Console())


def _export(found: list[posts.OwnPost], folder: Path, machine: bool) -> None:
    try:
        files = [path.name for path in posts.export(found, folder)]
    except OSError as error:
        raise Trouble("export", str(error)) from error
    done = f"{counted(len(files), 'post')} written to {folder}"
    typer.echo(json.dumps({"folder": str(folder), "files": files}) if machine else done)


@contextmanager
def _opened(config: Config) -> Iterator[tuple[Config, Database]]:
    try:
        database = open_readonly(config.data)
    except StorageError as error:
        code = "not_started" if error.code == "no_database" else error.code
        raise Trouble(code, str(config.data)) from error
    try:
        yield config, database
    finally:
        database.close()


@contextmanager
def _troubles(machine: bool) -> Iterator[None]:
    try:
        with _named():
            yield
    except Trouble as trouble:
        if machine:
            line = {"error": trouble.code, "message": trouble.what, "advice": trouble.advice}
            typer.echo(json.dumps(line))
        else:
            show_trouble(trouble, Console(stderr=True))
        raise typer.Exit(1) from trouble


@contextmanager
def _named() -> Iterator[None]:
    """A damaged database may show at any question."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise Trouble("database", str(error)) from error


def main() -> None:
    app(prog_name="homevault")
