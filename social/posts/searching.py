"""Search over public posts: every word asked for must be in a post's title, words or tags, newest first.

Words match anywhere in the text, without regard to case, width or accents, so that languages that put no
space between words are found too; "words in quotes" match together. Both databases search the same folded
text: SQLite by a trigram index (words of two characters by reading through), PostgreSQL by its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from social.posts import markup
from social.posts.models import Post, SearchText

MAX_QUERY = 200  # characters
MOST_WORDS = 8
LENGTH = 20  # posts a page
LAST_PAGE = 50
AROUND = 80  # characters of context on each side of what was found
TRIGRAM = 3
WORD = re.compile(r'"([^"]*)"|(\S+)')


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of text: `hit` if it is what was searched for."""

    text: str
    hit: bool


def fold(text: str) -> str:
    """The form in which texts are compared."""
    return "".join(map(_folded, text))


def words_of(query: str) -> list[str]:
    """The folded words and quoted phrases of a query, at most `MOST_WORDS`."""
    found = (fold(" ".join((m[1] or m[2] or "").split())) for m in WORD.finditer(query[:MAX_QUERY]))
    return list(dict.fromkeys(word for word in found if word))[:MOST_WORDS]


def save(post: Post) -> None:
    """Have a post found by what it says now, or no more; in the transaction that changes it."""
    if post.deleted is not None:
        SearchText.objects.filter(post=post).delete()
        return
    labels = post.labels.values_list("label", flat=True)
    text = text_of(post.title, markup.to_text(post.body), labels)
    SearchText.objects.update_or_create(post=post, defaults={"text": text})


def text_of(title: str, words: str, labels: Iterable[str]) -> str:
    """What a post is searched by."""
    return fold(" ".join(filter(None, (title, words, " ".join(f"#{label}" for label in labels)))))


def find(query: str, author: str = "", page: int = 1) -> tuple[list[Post], bool]:
    """One page of what was found, and whether there is more. An empty query finds nothing."""
    words = words_of(query)
    if not words or not 1 <= page <= LAST_PAGE:
        return [], False
    found = Post.objects.select_related("author").filter(deleted=None, author__is_active=True)
    if author:
        found = found.filter(author__username=author)
    for word in words:
        found = _with(found, word)
    start = (page - 1) * LENGTH
    rows = list(found.order_by("-published", "-id")[start : start + LENGTH + 1])
    return rows[:LENGTH], len(rows) > LENGTH and page < LAST_PAGE


def excerpt(post: Post, words: list[str]) -> list[Found]:
    """The words around the first hit, with all hits in them marked."""
    text = markup.to_text(post.body)
    hits = _hits(text, words)
    first = hits[0][0] if hits else 0
    start, end = max(0, first - AROUND), min(len(text), first + 2 * AROUND)
    cut = [*(["…"] if start else []), text[start:end], *(["…"] if end < len(text) else [])]
    return [piece for part in cut for piece in marked(part, words)]


def marked(text: str, words: list[str]) -> list[Found]:
    """A text in pieces, those that match marked."""
    pieces: list[Found] = []
    end = 0
    for start, stop in _hits(text, words):
        pieces += [Found(text[end:start], False), Found(text[start:stop], True)]
        end = stop
    return [piece for piece in [*pieces, Found(text[end:], False)] if piece.text]


def _hits(text: str, words: list[str]) -> list[tuple[int, int]]:
    """Where words stand in a text, in order, overlapping ones joined."""
    folded, origin = "", []
    for place, letter in enumerate(text):
        part = _folded(letter)
        folded += part
        origin += [place] * len(part)
    spans = sorted(
        (origin[match.start()], origin[match.end() - 1] + 1)
        for word in words
        for match in re.finditer(re.escape(word), folded)
    )
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


@lru_cache(maxsize=4096)
def _folded(letter: str) -> str:
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold())
    return "".join(" " if part.isspace() else part for part in parts if not "\u0300" <= part <= "\u036f")


def _with(found: QuerySet[Post], word: str) -> QuerySet[Post]:
    if connection.vendor == "sqlite" and len(word) >= TRIGRAM:
        phrase = '"' + word.replace('"', '""') + '"'
        rows = RawSQL("SELECT rowid FROM posts_search WHERE posts_search MATCH %s", (phrase,))
        return found.filter(pk__in=rows)
    return found.filter(search__text__contains=word)
