"""The people and sites of the vectors, always the same."""

from typing import Any

from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical
from homevault.protocol.encoding import b64encode
from homevault.protocol.keys import SignKey
from tests.protocol.people import Person, SeededRandom

ALICE, BOB, EVE = Person("alice"), Person("bob"), Person("eve")
SITE_KEY = SignKey.generate(SeededRandom("site"))
HERE = Address.make("alice.example", 443)
THERE = Address.make("bob.example", 443)
BROWSER = ALICE.browser


def random_id(label: str, count: int = 16) -> str:
    """The same `count` random bytes for the same label, as text."""
    return b64encode(SeededRandom(label).bytes(count))


def text_of(value: Any) -> str:
    """The canonical text of a value."""
    return canonical(value).decode()
