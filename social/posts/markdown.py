"""Markdown as people write it: CommonMark with tables and strikethrough; line breaks are kept as typed.

HTML inside is allowed as CommonMark has it and goes the same way as any stranger's HTML (`markup`).
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from social.posts import markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

MAX_SOURCE = 60_000  # characters


def to_tree(source: str) -> markup.Tree:
    """The sanitised tree of a Markdown source."""
    return markup.from_html(_parser().render(source))


@lru_cache(maxsize=1)
def _parser() -> "MarkdownIt":
    """Loaded with the first post: a site that is only read needs none."""
    from markdown_it import MarkdownIt

    options = {"html": True, "breaks": True, "maxNesting": 20}
    return MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
