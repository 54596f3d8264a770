"""Whether an item of a sister site's feed says what its author's device signed (SPEC 8.1, 8.5).

The account is the one first seen for the feed. A statement is `wrong` where it is another account's, forged,
about another post, of an older version than was seen here before, or where the feed shows other words, links,
pictures or files than it. One that does not speak of pictures and files covers `words` alone where some are
shown. An item without one is `unsigned`, which is allowed: imports and other programs sign nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from homevault.protocol import posts
from homevault.protocol.errors import ProtocolError
from homevault.protocol.posts import PostStatement
from social.posts import markdown, markup
from social.posts.entries import MAX_TITLE, Entry, clean, fold
from social.posts.models import Feed, Item


@dataclass(frozen=True, slots=True)
class Verdict:
    """`number` is the highest version that was ever verified, 0 for none; `hashes` are those of what a signed
    item shows, in its order."""

    signature: str
    number: int
    hashes: tuple[str, ...] = ()


def judge(feed: Feed, entry: Entry, before: Item | None) -> Verdict:
    """`before` is the item as it is kept, None for a new one."""
    highest = before.signed_number if before else 0
    if entry.signed is None or not (feed.ip and feed.account):
        return Verdict(Item.UNSIGNED, highest)
    statement = _verified(entry.signed)
    if statement is None or statement.account != feed.account or statement.number < highest:
        return Verdict(Item.WRONG, highest)
    if not _says(statement, entry):
        return Verdict(Item.WRONG, highest)
    return _of_shows(statement, entry, highest)


def _of_shows(statement: PostStatement, entry: Entry, highest: int) -> Verdict:
    """The verdict where the words are good: are pictures and files too, as far as the feed tells?"""
    said = statement.attachments
    if said is None:
        return Verdict(Item.WORDS if entry.shows else Item.SIGNED, statement.number)
    shown = [(one.type, one.size, one.alt) for one in entry.shows]
    if [(one.type, one.size, fold(clean(one.alt))) for one in said] != shown:
        return Verdict(Item.WRONG, highest)
    return Verdict(Item.SIGNED, statement.number, tuple(one.hash for one in said))


def _verified(value: Any) -> PostStatement | None:
    try:
        return posts.verify_signed_post(value)[0]
    except (ProtocolError, ValueError, RecursionError):
        return None


def _says(statement: PostStatement, entry: Entry) -> bool:
    """Whether the feed shows these words with these links, under this title."""
    if statement.text is None or entry.guid != f"urn:uuid:{statement.id}":
        return False
    if fold(statement.title)[:MAX_TITLE] != entry.title:
        return False
    said = markup.from_html(markup.to_html(markdown.to_tree(statement.text)), entry.url)
    return markup.to_text(said) == markup.to_text(entry.body) and _links(said) == _links(entry.body)


def _links(tree: markup.Tree) -> list[str]:
    return list(markup.hrefs(tree))
