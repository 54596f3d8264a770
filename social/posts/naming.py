"""People named in a post's words: `@name` of this site, `@name@example.org` of any.

A name begins where no word does before it, and capitals are as small letters. Words in links and code name
nobody. A bare name is one only if it is a member's; posts of other sites are not asked for bare names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from federation import here
from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError
from social.accounts.models import User
from social.posts import markup

NAMED = re.compile(
    r"(?<![\w@./:#&-])@([A-Za-z0-9](?:[A-Za-z0-9_-]{0,30}[A-Za-z0-9])?)"
    r"(?:@([A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?)(?::([1-9][0-9]{0,4}))?)?(?![\w@/])"
)
MOST = 20  # people named in one post


def page_of(address: Address) -> str:
    return f"{address.origin(here.environment().secure)}/@{address.username}"


def elsewhere(tree: markup.Tree) -> list[Address]:
    """The people of other sites that are named, each once."""
    found = [address for address, _, _ in _each(tree) if address.site != here.site()]
    return list(dict.fromkeys(found))[:MOST]


def members(tree: markup.Tree) -> list[User]:
    """The members of this site that are named, or whose page is linked."""
    own = f"{here.origin()}/@"
    linked = [href.removeprefix(own).split("#")[0] for href in markup.hrefs(tree) if href.startswith(own)]
    names = [address.username for address, _, _ in _each(tree) if address.site == here.site()]
    wanted = list(dict.fromkeys([*names, *linked]))[:MOST]
    return list(User.objects.filter(username__in=wanted, is_active=True)) if wanted else []


def linked(tree: markup.Tree, known: Collection[str]) -> markup.Tree:
    """The same tree with the names in its words as links to their pages; bare ones only if they are known."""

    def split(text: str) -> markup.Tree:
        parts: markup.Tree = []
        end = 0
        for address, is_bare, (start, stop) in _in(text):
            if not is_bare or address.username in known:
                parts += [text[end:start], _link(page_of(address), text[start:stop])]
                end = stop
        return [part for part in [*parts, text[end:]] if part]

    return markup.with_prose(tree, split)


def linked_here(tree: markup.Tree) -> markup.Tree:
    """`linked` for a post of this site."""
    if not any(True for _ in _each(tree)):
        return tree
    return linked(tree, {user.username for user in members(tree)})


def _link(url: str, text: str) -> markup.Node:
    return {"tag": "a", "attrs": {"href": url}, "children": [text]}


Name = tuple[Address, bool, tuple[int, int]]
"""Who, whether without a site, and where in the text."""


def _each(tree: markup.Tree) -> Iterator[Name]:
    for text in markup.prose(tree):
        yield from _in(text)


def _in(text: str) -> Iterator[Name]:
    for match in NAMED.finditer(text):
        name, host, port = match.groups()
        try:
            address = _address(name.lower(), host and host.lower(), port)
        except ProtocolError:
            continue
        yield address, host is None, match.span()


def _address(name: str, host: str | None, port: str | None) -> Address:
    """Raises ProtocolError for what is no address, and for a host without a dot that is not this one."""
    if host is None:
        return Address.make(*here.site(), name)
    if "." not in host and host != here.site()[0]:
        raise ProtocolError("address", host)
    return Address.make(host, int(port or 443), name)
