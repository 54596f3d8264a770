"""Tags: short words to find posts by, from a field of their own and from `#words` in the text.

A label is letters, digits, symbols such as emoji, `_` and `-`, at most `TAG_LENGTH` characters, with
something in it that is no digit; it is shown as written. Two labels are the same tag if they are equal in
lower case (NFC). In the text a tag begins after something that is no word, and ends before a `-`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from social.posts import markup
from social.posts.errors import Refusal
from social.posts.models import Post, PostTag
from social.posts.post_models import TAG_LENGTH

MOST = 20  # tags of a post
JOINERS = "\u200c\u200d\ufe0f"


def name_of(label: str) -> str:
    """What a tag is compared by, and called in paths."""
    return unicodedata.normalize("NFC", label).lower()


def path_of(label: str) -> str:
    """The last part of a tag page's URL."""
    return quote(name_of(label), safe="")


def checked(given: Iterable[str]) -> list[str]:
    """The labels of a field: each once, white space inside becomes `-`, a `#` before it is forgotten.
    Raises Refusal `bad_tag`, `too_many_tags`."""
    labels: dict[str, str] = {}
    for text in given:
        label = "-".join(unicodedata.normalize("NFC", text).split()).lstrip("#")
        if not label:
            continue
        if not _is_label(label):
            raise Refusal("bad_tag", label)
        labels.setdefault(name_of(label), label)
    if len(labels) > MOST:
        raise Refusal("too_many_tags")
    return list(labels.values())


def in_words(tree: markup.Tree) -> list[str]:
    """The labels in a post's words, in their order, each once."""
    found: dict[str, str] = {}
    for text in markup.prose(tree):
        for start, end in _spans(text):
            label = unicodedata.normalize("NFC", text[start + 1 : end])
            found.setdefault(name_of(label), label)
    return list(found.values())


def save(post: Post) -> set[str]:
    """Make the labels of a post those of its field and words; the names it had before or has now."""
    before = set(post.labels.values_list("name", flat=True))
    labels = {name_of(label): label for label in [*in_words(post.body), *reversed(post.tags)]}
    field = [name_of(label) for label in post.tags]
    ordered = [*field, *(name for name in labels if name not in set(field))][:MOST]
    post.labels.all().delete()
    PostTag.objects.bulk_create(
        PostTag(post=post, name=name, label=labels[name], place=place) for place, name in enumerate(ordered)
    )
    return before | set(ordered)


def linked(tree: markup.Tree, names: set[str], home: str) -> markup.Tree:
    """The same tree with the tags in its words as links to their pages below `home`."""

    def split(text: str) -> markup.Tree:
        parts: markup.Tree = []
        end = 0
        for start, stop in _spans(text):
            name = name_of(text[start + 1 : stop])
            if name in names:
                parts += [text[end:start], _link(f"{home}/tag/{path_of(name)}", text[start:stop])]
                end = stop
        return [part for part in [*parts, text[end:]] if part]

    return markup.with_prose(tree, split)


def _link(url: str, text: str) -> dict[str, Any]:
    return {"tag": "a", "attrs": {"href": url}, "children": [text]}


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where tags stand in a text, each from its `#` to its end."""
    start = text.find("#")
    while start != -1:
        end = start + 1
        while end < len(text) and _is_part(text[end]) and text[end] != "-":
            end += 1
        begins = start == 0 or not (_is_part(text[start - 1]) or text[start - 1] in "#/&")
        if begins and _is_label(unicodedata.normalize("NFC", text[start + 1 : end])):
            yield start, end
        start = text.find("#", end)


def _is_part(letter: str) -> bool:
    return (
        letter in "_-" or letter in JOINERS or unicodedata.category(letter)[:1] in "LNM" or _is_emoji(letter)
    )


def _is_emoji(letter: str) -> bool:
    return unicodedata.category(letter) == "So" or "\U0001f3fb" <= letter <= "\U0001f3ff"


def _is_label(label: str) -> bool:
    return (
        0 < len(label) <= TAG_LENGTH
        and all(_is_part(letter) for letter in label)
        and any(unicodedata.category(letter)[0] == "L" or _is_emoji(letter) for letter in label)
    )
