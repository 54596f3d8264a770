"""Canonical JSON: what reads, what does not and why, what is written."""

from typing import Any

from tests.vectors.cases.case import Case, bad, good


def _parsed(id: str, why: str, text: str) -> Case:
    return good(id, why, "parse", text=text)


def _unparsed(id: str, why: str, error: str, text: str) -> Case:
    return bad(id, why, error, "parse", text=text)


def _bytes(id: str, why: str, error: str, data: bytes) -> Case:
    return bad(id, why, error, "parse", text_hex=data.hex())


def canonical() -> list[Case]:
    return [*_readable(), *_bad_bytes(), *_bad_syntax(), *_bad_numbers(), *_misspelled(), *_written()]


def _readable() -> list[Case]:
    deep = "[" * 16 + "]" * 16
    return [
        _parsed("empty-object", "the least object", "{}"),
        _parsed("scalars", "a document may be a scalar", '"text"'),
        _parsed("words", "the three words", "[false,null,true]"),
        _parsed("integers", "the range of integers", "[-9007199254740991,-1,0,9007199254740991]"),
        _parsed("escapes", "only these escapes are canonical", r'"\b\t\n\f\r\"\\\u0000\u001f"'),
        _parsed("plain-slash-del", "slash and DEL stand plain", '"/\x7f"'),
        _parsed("separators", "U+2028 and U+2029 stand plain", '"\u2028\u2029"'),
        _parsed("astral", "beyond the BMP as UTF-8", '"\U0001f600"'),
        _parsed("not-normalised", "two spellings of one letter stay two", '["\u00e9","e\u0301"]'),
        _parsed("noncharacters", "noncharacters are characters here", '"\ufffe\uffff\ufdd0"'),
        _parsed("bom-inside", "a byte order mark inside text is text", '"\ufeff"'),
        _parsed("utf16-order", "names sort by UTF-16 units", '{"a":1,"\U0001f600":2,"\ufb33":3}'),
        _parsed("digit-names", "names of digits sort as text", '{"10":1,"2":2,"9":3}'),
        _parsed("empty-name", "a name may be empty", '{"":0,"a":1}'),
        _parsed("prototype", "names that mean something to JavaScript", '{"__proto__":{"a":1},"b":2}'),
        _parsed("constructor", "an inherited name is not a duplicate", '{"constructor":1,"toString":2}'),
        _parsed("deepest", "sixteen levels", deep),
        good("at-limit", "as many bytes as allowed", "parse", text='"1234"', limit=6),
        _parsed("escaped-name", "a name with an escape", r'{"\n":1,"\"":2}'),
    ]


def _bad_bytes() -> list[Case]:
    return [
        bad(
            "over-limit", "a byte too many, whatever it is", "json_too_large", "parse", text="!" * 7, limit=6
        ),
        _bytes("bom", "a byte order mark", "json_not_utf8", b"\xef\xbb\xbf{}"),
        _bytes("lone-continuation", "not UTF-8", "json_not_utf8", b'"\x80"'),
        _bytes("overlong", "an overlong form", "json_not_utf8", b'"\xc0\xaf"'),
        _bytes("cesu", "a surrogate in UTF-8", "json_not_utf8", b'"\xed\xa0\x80"'),
        _bytes("too-high", "beyond U+10FFFF", "json_not_utf8", b'"\xf4\x90\x80\x80"'),
        _bytes("cut", "a cut sequence at the end", "json_not_utf8", b'"\xe2\x82'),
        _bytes("utf8-before-syntax", "all bytes are decoded first", "json_not_utf8", b'{{{"\xff"'),
    ]


def _bad_syntax() -> list[Case]:
    texts = {
        "nothing": ("", "no document"),
        "space-only": (" ", "white space only"),
        "open-object": ("{", "not closed"),
        "open-array": ("[1", "not closed"),
        "open-string": ('"abc', "not closed"),
        "trailing-comma": ("[1,]", "a comma too many"),
        "trailing-comma-object": ('{"a":1,}', "a comma too many"),
        "no-colon": ('{"a" 1}', "no colon"),
        "bare-name": ("{a:1}", "a name without quotes"),
        "number-name": ("{1:1}", "a number as name"),
        "second-value": ("{} {}", "two documents"),
        "comment": ("[1/*x*/]", "comments are not JSON"),
        "nan": ("NaN", "not a JSON word"),
        "infinity": ("[-Infinity]", "not a JSON word"),
        "capital": ("True", "words are lower case"),
        "cut-word": ("tru", "a cut word"),
        "leading-zero": ("01", "a zero before digits"),
        "plus": ("+1", "a plus sign"),
        "bare-minus": ("-", "a sign alone"),
        "bare-dot": ("1.", "digits must follow"),
        "leading-dot": (".5", "digits must come first"),
        "control-in-text": ('"a\nb"', "control characters are escaped"),
        "bad-escape": (r'"\x41"', "no such escape"),
        "bad-unicode": (r'"\u12G4"', "not four hex digits"),
        "short-unicode": (r'"\u12"', "not four hex digits"),
        "single-quotes": ("{'a':1}", "quotes are double"),
        "no-break-space": ("[\u00a01]", "other spaces are not white space"),
        "mismatch": ("[1}", "another bracket"),
        "nul": ("[1]\u0000", "a zero byte after the document"),
    }
    cases = [_unparsed(id, why, "json_syntax", text) for id, (text, why) in texts.items()]
    return [
        *cases,
        _unparsed("seventeen-deep", "one level too many", "json_depth", "[" * 17 + "]" * 17),
        _unparsed("seventeen-open", "known at the bracket", "json_depth", "[" * 17),
        _unparsed("deep-objects", "objects count too", "json_depth", '{"a":' * 17 + "1" + "}" * 17),
        _unparsed("very-deep", "no recursion to exhaust", "json_depth", "[" * 5000),
        _unparsed("duplicate", "a member twice", "json_duplicate_key", '{"a":1,"a":1}'),
        _unparsed(
            "duplicate-escaped", "the same after unescaping", "json_duplicate_key", r'{"a":1,"\u0061":1}'
        ),
        _unparsed("duplicate-first", "known at the name", "json_duplicate_key", '{"a":1,"a" !'),
        _unparsed(
            "duplicate-prototype",
            "also for strange names",
            "json_duplicate_key",
            '{"__proto__":1,"__proto__":1}',
        ),
        _unparsed("lone-high", "a high surrogate alone", "json_surrogate", r'"\ud800"'),
        _unparsed("lone-low", "a low surrogate alone", "json_surrogate", r'"\udc00"'),
        _unparsed("two-high", "two high surrogates", "json_surrogate", r'"\ud800\ud800"'),
        _unparsed("high-then-cut", "not followed by a whole low one", "json_surrogate", r'"\ud800\udc0"'),
        _unparsed("high-then-text", "followed by a letter", "json_surrogate", r'"\ud800x"'),
        _unparsed("surrogate-name", "in a name", "json_surrogate", r'{"\ud800":1}'),
        _unparsed("first-wins", "the first error from the left", "json_number", r'[1.5,"\ud800",01]'),
    ]


def _bad_numbers() -> list[Case]:
    texts = {
        "fraction": ("1.5", "no fractions"),
        "whole-fraction": ("1.0", "also where it is whole"),
        "exponent": ("1e3", "no exponents"),
        "minus-zero": ("-0", "no negative zero"),
        "minus-zero-fraction": ("[-0.0]", "no negative zero"),
        "too-big": ("9007199254740992", "2^53"),
        "too-small": ("-9007199254740992", "-2^53"),
        "beyond-64-bits": ("18446744073709551616", "2^64"),
        "huge": ("1" + "0" * 400, "very many digits"),
        "huge-exponent": ("1e999", "would be infinite"),
        "number-before-syntax": ("1.5x", "the number is read whole"),
    }
    return [_unparsed(id, why, "json_number", text) for id, (text, why) in texts.items()]


def _misspelled() -> list[Case]:
    texts = {
        "space": ('{"a": 1}', "a space"),
        "final-newline": ("{}\n", "a newline at the end"),
        "unsorted": ('{"b":1,"a":2}', "names out of order"),
        "code-point-order": ('{"\ufb33":1,"\U0001f600":2}', "ordered by code points"),
        "number-order": ('{"9":1,"10":2}', "ordered as numbers"),
        "escaped-slash": (r'"\/"', "an escape too many"),
        "escaped-letter": (r'"\u0061"', "an escape too many"),
        "escaped-pair": (r'"\ud83d\ude00"', "a pair stands as UTF-8"),
        "upper-hex": (r'"\u001F"', "hex digits are lower case"),
        "long-escape": (r'"\u000a"', "the short escape exists"),
        "escaped-del": (r'"\u007f"', "DEL stands plain"),
    }
    return [_unparsed(id, why, "json_not_canonical", text) for id, (text, why) in texts.items()]


def _written() -> list[Case]:
    deep: Any = []
    for _ in range(16):
        deep = [deep]
    return [
        good("write-sorted", "names are sorted", "write", value={"b": 1, "a": {"d": [], "c": None}}),
        good("write-utf16", "by UTF-16 units", "write", value={"\ufb33": 1, "\U0001f600": 2, "\u00e9": 3}),
        good("write-controls", "control characters", "write", value="".join(map(chr, range(35)))),
        good("write-high", "letters of many scripts", "write", value="\u20ac\u05d0\u4e2d\U0001f600\x7f\x80"),
        bad("write-fraction", "no fractions", "json_number", "write", value={"a": [1.5]}),
        bad("write-big", "2^53", "json_number", "write", value=[2**53]),
        bad("write-deep", "seventeen levels", "json_depth", "write", value=deep),
        bad("write-surrogate", "a lone surrogate", "json_surrogate", "write", value="\ud800"),
        bad(
            "write-surrogate-name",
            "a lone surrogate in a name",
            "json_surrogate",
            "write",
            value={"\udfff": 1},
        ),
        good("id", "an id is the tagged hash", "id", what="event", value={"a": 1}),
        good("id-other-kind", "another kind, another id", "id", what="envelope", value={"a": 1}),
        good("id-unicode", "over UTF-8", "id", what="comment", value={"text": "na\u00efve \U0001f600"}),
    ]
