"""Drawing status and hits on the terminal. Text of other people cannot steer the terminal: control and
direction characters are shown as a mark."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from homevault.agent.errors import Trouble
from homevault.agent.posts import OwnPost
from homevault.agent.status import Status
from homevault.storage.sqlite.search import Hit

CONTEXT = 60
LONGEST = 240
_UNITS = ("B", "KB", "MB", "GB", "TB")
_LINKS = {
    "linked": "connected to its site",
    "trying": "not connected, trying again",
    "waiting": "waiting to be paired",
    "off": "not running",
}


@dataclass(frozen=True, slots=True)
class NamedHit:
    """A hit with the names to show for its conversation and author."""

    hit: Hit
    conversation: str
    author: str


def show_status(status: Status, console: Console, now: int) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim")
    for name, value in _rows(status, now):
        table.add_row(name, Text(value))
    console.print(table)
    if status.people:
        console.print("\nSafety numbers, the same on your friend's screen:")
        for person in status.people:
            console.print(Text(f"  {person.address or person.account}"), soft_wrap=True)
            console.print(f"    {person.safety_number}", soft_wrap=True, highlight=False)


def _rows(status: Status, now: int) -> list[tuple[str, str]]:
    trouble = f" ({status.trouble})" if status.trouble and status.link == "trying" else ""
    rows = [("vault", f"{_LINKS[status.link]}{trouble}")]
    if status.paired:
        rows += [
            ("paired with", str(status.address)),
            ("site", str(status.site)),
            ("last connected", ago(status.seen_at, now)),
            ("last mail", ago(status.mail_at, now)),
        ]
    rows += [
        ("keeps", _kept(status)),
        ("disk", f"{size(status.disk_used)} used, {size(status.disk_free)} left"),
        ("database", "; ".join(status.database_problems) or "sound"),
        ("folder", status.data),
    ]
    return rows + _warnings(status)


def _kept(status: Status) -> str:
    counts = (
        (status.conversations, "conversation"),
        (status.messages, "message"),
        (status.events, "event"),
        (status.posts, "post"),
    )
    return ", ".join(counted(*each) for each in counts)


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _warnings(status: Status) -> list[tuple[str, str]]:
    warnings = []
    if status.listed is False:
        warnings.append("your account does not list this vault any more: pair it anew")
    if status.list_alarm is not None:
        warnings.append("a site showed an old or forged device list; it was not taken")
    warnings += [f"{address} showed another account than before" for address in status.changed_addresses]
    if status.waiting_events:
        warnings.append(f"waiting for earlier ones: {counted(status.waiting_events, 'event')}")
    if status.outgoing:
        warnings.append(f"waiting to be sent: {counted(status.outgoing, 'letter')}")
    return [("note", warning) for warning in warnings]


def show_hits(hits: list[NamedHit], query: str, console: Console) -> None:
    if not hits:
        console.print(Text(f"Nothing here holds {plain(query)!r}."), soft_wrap=True)
        return
    for named in hits:
        head = Text()
        head.append(named.author, style="bold")
        head.append(f" in the conversation with {named.conversation}  ")
        head.append(moment(named.hit.time), style="dim")
        console.print(head, soft_wrap=True)
        console.print(snippet(named.hit), soft_wrap=True)
        console.print()


def show_posts(found: list[OwnPost], console: Console) -> None:
    if not found:
        console.print("No posts here yet. They come when you publish in a browser that has your keys.")
        return
    for post in found:
        line = Text(moment(post.published), style="dim")
        line.append(f"  {plain(post.title) or 'untitled'}", style="bold")
        if post.number > 1:
            line.append(f"  (version {post.number})", style="dim")
        console.print(line, soft_wrap=True)


def snippet(hit: Hit) -> Text:
    """The text, or the part around its first mark if it is long, with the marks highlighted."""
    begin = max(0, hit.marks[0][0] - CONTEXT) if len(hit.text) > LONGEST and hit.marks else 0
    end = min(len(hit.text), begin + LONGEST)
    shown = Text(plain(hit.text))
    for start, stop in hit.marks:
        shown.stylize("bold reverse", start, stop)
    piece = shown[begin:end]
    return Text.assemble("  ", "…" if begin else "", piece, "…" if end < len(hit.text) else "")


def show_trouble(trouble: Trouble, console: Console) -> None:
    detail = f" ({plain(trouble.detail)})" if trouble.detail else ""
    console.print(Text(f"{trouble.what}{detail}", style="bold"), soft_wrap=True)
    console.print(Text(trouble.advice), soft_wrap=True)
    console.print(Text(f"code {trouble.code}", style="dim"), soft_wrap=True)


def plain(text: str) -> str:
    """The same length, with line breaks as spaces and what could steer a terminal as �."""
    return "".join(" " if each in "\n\t" else "\ufffd" if _steers(each) else each for each in text)


def _steers(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind in ("Cc", "Cs", "Zl", "Zp") or unicodedata.bidirectional(character) in _DIRECTIONS


_DIRECTIONS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def moment(time: int) -> str:
    """A local date and time; the author's own claim may lie outside what dates can say."""
    try:
        return datetime.fromtimestamp(time / 1000).astimezone().strftime("%Y-%m-%d %H:%M")
    except (OverflowError, OSError, ValueError):
        return "at an unknown time"


def ago(time: int | None, now: int) -> str:
    if time is None:
        return "never"
    minutes = max(0, now - time) // 60_000
    if minutes < 2:
        return "just now"
    if minutes < 120:
        return f"{minutes} minutes ago"
    hours = minutes // 60
    return f"{hours} hours ago" if hours < 48 else f"{hours // 24} days ago"


def size(count: int) -> str:
    value, unit = float(count), 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.0f} {_UNITS[unit]}" if unit == 0 or value >= 100 else f"{value:.1f} {_UNITS[unit]}"
