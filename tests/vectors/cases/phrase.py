"""Recovery phrases and safety numbers."""

from homevault.protocol.encoding import b64encode
from homevault.protocol.keys import SignKey
from homevault.protocol.phrase import phrase_from_seed
from tests.vectors.cases.case import Case, bad, good
from tests.vectors.cases.cast import ALICE, BOB


def phrase() -> list[Case]:
    seeds = {"zeros": bytes(32), "ones": b"\xff" * 32, "sevens": b"\x7f" * 32, "alice": ALICE.key.seed}
    words = phrase_from_seed(ALICE.key.seed)
    text = " ".join(words)
    wrong = {
        "twenty-three": (" ".join(words[:-1]), "a word too few"),
        "twenty-five": (text + " abandon", "a word too many"),
        "checksum": ("abandon " * 23 + "abandon", "the checksum"),
        "order": (" ".join([words[1], words[0], *words[2:]]), "two words swapped"),
        "unknown": (text.replace(words[3], "porchlight", 1), "a word not in the list"),
        "prefix": (" ".join([words[0][:3], *words[1:]]), "a cut word"),
        "joined": (text.replace(" ", "", 1), "two words in one"),
        "accent": (text.replace("a", "a\u0301", 1), "a mark within a word"),
        "cyrillic": (text.replace("a", "\u0430", 1), "a letter that only looks alike"),
        "empty": ("", "nothing"),
        "header": ("seed " + text, "one more word"),
    }
    return [
        *(good(f"words-{id}", "24 words", "words", seed_hex=seed.hex()) for id, seed in seeds.items()),
        good("seed", "back again", "seed", text=text),
        good(
            "seed-loose",
            "upper case and white space",
            "seed",
            text=f"\n {text.upper()}".replace(" ", "\t ") + " ",
        ),
        *(good(f"seed-{id}", why, "seed", text=text) for id, (text, why) in _loose(words).items()),
        good("account", "whose phrase it is", "account", text=text, account=None),
        good("account-expected", "as expected", "account", text=text, account=ALICE.account),
        bad(
            "account-other",
            "another's phrase",
            "certificate_account",
            "account",
            text=text,
            account=BOB.account,
        ),
        bad("account-cut", "no phrase", "recovery_phrase", "account", text="abandon", account=None),
        *(bad(f"seed-{id}", why, "recovery_phrase", "seed", text=text) for id, (text, why) in wrong.items()),
    ]


def _loose(words: list[str]) -> dict[str, tuple[str, str]]:
    """As people copy and type it."""
    text = " ".join(words)
    wide = "".join(chr(ord(each) + 0xFEE0) if each != " " else "\u3000" for each in text.upper())
    return {
        "numbered": ("\n".join(f"{at}. {word}" for at, word in enumerate(words, 1)), "a numbered list"),
        "commas": (", ".join(words) + ".", "commas"),
        "wide": (wide, "full-width letters and spaces"),
        "odd-space": ("\ufeff" + "\u00a0\u200b".join(words) + "\x1c", "odd white space"),
        "table": ("| " + " | ".join(word.title() for word in words) + " |", "a table"),
    }


def safety_number() -> list[Case]:
    keys = {"zero-one": (SignKey(bytes(32)).public, SignKey(b"\x01" * 32).public)}
    keys["alice-bob"] = (ALICE.account, BOB.account)
    keys["bob-alice"] = (BOB.account, ALICE.account)
    keys["oneself"] = (ALICE.account, ALICE.account)
    keys["byte-order"] = (b64encode(b"\xfb" * 32), b64encode(b"\x01" * 32))
    return [
        *(good(id, "the same from both sides", "number", a=a, b=b) for id, (a, b) in keys.items()),
        bad("misspelled", "not a key", "encoding", "number", a=ALICE.account, b="AAAA"),
    ]
