"""Canonical JSON, base64url, addresses, keys, recovery phrase, safety number."""

from collections.abc import Callable
from typing import Any

from homevault.protocol.encoding import b64decode, b64encode
from homevault.protocol.keys import DhKey, SignKey, sign
from homevault.protocol.phrase import phrase_from_seed
from tests.protocol.people import Person
from tests.vectors.cases.case import Case, bad, flip, good

ALICE, BOB = Person("alice"), Person("bob")


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


def encoding() -> list[Case]:
    datas = {"empty": "", "one": "ff", "two": "fbff", "three": "fbffbf", "key": bytes(range(32)).hex()}
    encoded = [good(f"encode-{id}", "no padding", "encode", data_hex=data) for id, data in datas.items()]
    decoded = [
        good("decode-key", "a key", "decode", text=b64encode(bytes(range(32))), length=32),
        good("decode-any", "any length", "decode", text="-_8", length=None),
        good("decode-empty", "nothing", "decode", text="", length=None),
    ]
    wrong = {
        "padding": ("AA==", None, "padding"),
        "standard": ("+/8A", None, "the other alphabet"),
        "space": ("AA A", None, "white space"),
        "newline": ("AAAA\n", None, "a newline at the end"),
        "one-left": ("AAAAA", None, "a letter too many"),
        "loose-bits": ("AB", None, "bits left over in the last letter"),
        "loose-bits-two": ("AAB", None, "bits left over in the last letter"),
        "short": (b64encode(bytes(31)), 32, "a byte too few"),
        "long": (b64encode(bytes(33)), 32, "a byte too many"),
        "wide": ("\uff21\uff21", None, "full-width letters"),
    }
    return [
        *encoded,
        *decoded,
        *(
            bad(f"decode-{id}", why, "encoding", "decode", text=text, length=length)
            for id, (text, length, why) in wrong.items()
        ),
    ]


def address() -> list[Case]:
    return [*_wire_addresses(), *_text_addresses(), *_public()]


def _wire(ip: Any, port: Any = 443, username: Any = "alice") -> dict[str, Any]:
    return {"ip": ip, "port": port, "username": username}


def _wire_addresses() -> list[Case]:
    label = "a" * 63
    fine = {
        "name": _wire("example.org"),
        "port": _wire("localhost", 8001),
        "http-port": _wire("localhost", 80),
        "ipv4": _wire("127.0.0.2", 8002),
        "ipv6": _wire("2001:db8::1", 8443),
        "ipv6-loopback": _wire("::1", 1),
        "ipv6-longest-run": _wire("2001:0:0:1::1"),
        "ipv6-first-run": _wire("2001:db8::1:0:0:1"),
        "ipv6-single-zero": _wire("2001:db8:0:1:1:1:1:1"),
        "ipv6-all-zero": _wire("::"),
        "site": _wire("example.org", 443, ""),
        "visitor": _wire("example.org", 443, "~" + ALICE.account),
        "short-user": _wire("example.org", 443, "a"),
        "long-user": _wire("example.org", 65535, "a_-" + "0" * 29),
        "punycode": _wire("xn--bcher-kva.example"),
        "long-label": _wire(f"{label}.example"),
        "long-name": _wire(".".join([label] * 3 + ["a" * 61])),
        "digits-inside": _wire("1.2.3.4.example"),
        "hex-like": _wire("0x7f.example"),
    }
    shapes = {
        "shape-list": [],
        "shape-missing": {"ip": "example.org", "port": 443},
        "shape-more": {**_wire("example.org"), "scheme": "https"},
        "shape-port-text": _wire("example.org", "443"),
        "shape-port-bool": _wire("example.org", True),
        "shape-ip-null": _wire(None),
        "shape-user-null": _wire("example.org", 443, None),
        "shape-before-value": _wire("Example.org", 443, 7),
    }
    values = {
        "upper": _wire("Example.org"),
        "final-dot": _wire("example.org."),
        "empty": _wire(""),
        "empty-label": _wire("a..b"),
        "hyphen-first": _wire("-a.example"),
        "hyphen-last": _wire("a-.example"),
        "underscore": _wire("a_b.example"),
        "long-label-64": _wire("a" * 64),
        "long-name-254": _wire(".".join([label] * 3 + ["a" * 62])),
        "unicode": _wire("b\u00fccher.example"),
        "with-port": _wire("example.org:443"),
        "ipv4-short": _wire("127.1"),
        "ipv4-number": _wire("2130706433"),
        "ipv4-hex": _wire("0x7f000001"),
        "ipv4-octal": _wire("0177.0.0.1"),
        "ipv4-zero": _wire("127.0.0.01"),
        "ipv4-big": _wire("256.0.0.1"),
        "ipv4-five": _wire("1.2.3.4.5"),
        "ipv4-circled": _wire("\u2460\u2461\u2466.0.0.1"),
        "ends-in-hex": _wire("example.0x7f"),
        "ends-in-0x": _wire("example.0x"),
        "ipv6-brackets": _wire("[::1]"),
        "ipv6-upper": _wire("2001:DB8::1"),
        "ipv6-long": _wire("2001:db8:0:0:0:0:0:1"),
        "ipv6-zeros": _wire("2001:0db8::1"),
        "ipv6-one-group": _wire("2001:db8::1:1:1:1:1"),
        "ipv6-shorter-run": _wire("2001::1:0:0:0:1"),
        "ipv6-zone": _wire("fe80::1%eth0"),
        "ipv6-mapped": _wire("::ffff:7f00:1"),
        "ipv6-mapped-dotted": _wire("::ffff:127.0.0.1"),
        "ipv6-two-runs": _wire("1::2::3"),
        "port-zero": _wire("example.org", 0),
        "port-big": _wire("example.org", 65536),
        "port-negative": _wire("example.org", -1),
        "user-upper": _wire("example.org", 443, "Alice"),
        "user-long": _wire("example.org", 443, "a" * 33),
        "user-edge": _wire("example.org", 443, "-alice"),
        "user-end": _wire("example.org", 443, "alice_"),
        "user-dot": _wire("example.org", 443, "a.b"),
        "user-newline": _wire("example.org", 443, "alice\n"),
        "visitor-short": _wire("example.org", 443, "~abc"),
        "visitor-loose": _wire("example.org", 443, "~" + "A" * 42 + "B"),
    }
    return [
        *(good(id, "an address", "wire", value=value) for id, value in fine.items()),
        *(bad(id, "not the shape of one", "schema", "wire", value=value) for id, value in shapes.items()),
        *(bad(id, "not an address", "address", "wire", value=value) for id, value in values.items()),
    ]


def _text_addresses() -> list[Case]:
    fine = ["@alice@example.org", "@alice@localhost:8001", "@alice@[2001:db8::1]:8443", "@alice@[::1]"]
    fine += [
        "example.org",
        "127.0.0.2:8002",
        "[::1]:8001",
        "@alice@example.org:443",
        f"@~{ALICE.account}@a.example",
    ]
    wrong = ["", "@", "alice@example.org", "@alice", "@@example.org", "@alice@", "@alice@example.org:"]
    wrong += ["@alice@example.org:0", "@alice@example.org:0443", "@alice@example.org:65536", "@alice@::1"]
    wrong += ["@alice@[example.org]", "@alice@[127.0.0.1]", "@Alice@example.org", "@alice@Example.org"]
    wrong += [" @alice@example.org", "@alice@example.org\n", "@alice@example.org/x", "@a@b@c.example"]
    wrong += ["https://example.org", "@alice@example.org:443x", "@alice@[::1"]
    return [
        *(good(f"text-{n}", "the text form", "parse", text=text) for n, text in enumerate(fine)),
        *(
            bad(f"text-bad-{n}", "not the text form", "address", "parse", text=text)
            for n, text in enumerate(wrong)
        ),
    ]


def _public() -> list[Case]:
    public = ["1.1.1.1", "198.17.255.255", "223.255.255.255", "2606:4700::1111", "2a00::1"]
    private = ["0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1"]
    private += ["192.0.0.9", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1"]
    private += ["203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1"]
    private += ["ff02::1", "2001:db8::1", "2001::1", "2002::1", "3fff::1", "64:ff9b::1", "::ffff:1.1.1.1"]
    private += ["example.org", "127.1", ""]
    return [
        good(f"public-{ip or 'empty'}", "may anybody be sent there", "public", ip=ip)
        for ip in public + private
    ]


_L = 2**252 + 27742317777372353535851937790883648493
_P = 2**255 - 19
_SMALL_ORDER = {
    "zero": (0).to_bytes(32, "little"),
    "one": (1).to_bytes(32, "little"),
    "eight-a": bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    "eight-b": bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    "minus-one": (_P - 1).to_bytes(32, "little"),
    "p": _P.to_bytes(32, "little"),
    "p-plus-one": (_P + 1).to_bytes(32, "little"),
}
_WEAK_POINTS = {
    "zero": (0).to_bytes(32, "little"),
    "one": (1).to_bytes(32, "little"),
    "eight-a": bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    "eight-b": bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
    "minus-one": (_P - 1).to_bytes(32, "little"),
    "p": _P.to_bytes(32, "little"),
    "p-plus-one": (_P + 1).to_bytes(32, "little"),
    "zero-high-bit": (2**255).to_bytes(32, "little"),
}
_VALUE = {"v": 1, "text": "na\u00efve"}


def keys() -> list[Case]:
    seed = ALICE.key.seed.hex()
    return [
        good("public", "the key of a seed", "public", seed_hex=seed),
        good("sign", "a signed object", "sign", seed_hex=seed, what="comment", value=_VALUE),
        good(
            "sign-again",
            "an old sig is replaced",
            "sign",
            seed_hex=seed,
            what="ack",
            value={**_VALUE, "sig": 1},
        ),
        *_verified(),
        *_forged(),
        *_agreed(),
    ]


def _verified() -> list[Case]:
    signed = sign("comment", _VALUE, ALICE.key)
    public = ALICE.account
    cases = [
        ("other-kind", "signed as another kind", "envelope", signed, public),
        ("other-key", "another's key", "comment", signed, BOB.account),
        ("changed", "a member changed", "comment", {**signed, "v": 2}, public),
        ("added", "a member added", "comment", {**signed, "w": 2}, public),
        ("flipped", "another signature", "comment", {**signed, "sig": flip(signed["sig"])}, public),
    ]
    return [
        good("verify", "a good signature", "verify", what="comment", value=signed, public=public),
        *(
            bad(id, why, "signature", "verify", what=what, value=value, public=key)
            for id, why, what, value, key in cases
        ),
        bad("no-sig", "no signature", "encoding", "verify", what="comment", value=_VALUE, public=public),
        bad(
            "short-sig",
            "too short",
            "encoding",
            "verify",
            what="comment",
            value={**_VALUE, "sig": "AA"},
            public=public,
        ),
        bad("short-key", "a key too short", "encoding", "verify", what="comment", value=signed, public="AA"),
    ]


def _forged() -> list[Case]:
    """Signatures that lenient libraries take."""
    signed = sign("comment", _VALUE, ALICE.key)
    data = ALICE.key.sign(b"")
    zero = bytes(32)
    cases = [
        bad(
            f"small-order-key-{id}",
            "a key of small order, under which a constant signature would verify for everything",
            "signature",
            "verify",
            what="comment",
            value={**_VALUE, "sig": b64encode((1).to_bytes(32, "little") + zero)},
            public=b64encode(point),
        )
        for id, point in _SMALL_ORDER.items()
    ]
    cases += [
        bad(
            f"small-order-r-{id}",
            "R of small order",
            "signature",
            "verify",
            what="comment",
            value={**_VALUE, "sig": b64encode(point + data[32:])},
            public=ALICE.account,
        )
        for id, point in _SMALL_ORDER.items()
    ]
    return [*cases, _malleable(signed)]


def _malleable(signed: dict[str, Any]) -> Case:
    data = b64decode(signed["sig"])
    high = (int.from_bytes(data[32:], "little") + _L).to_bytes(32, "little")
    value = {**signed, "sig": b64encode(data[:32] + high)}
    return bad(
        "malleable",
        "S plus the order",
        "signature",
        "verify",
        what="comment",
        value=value,
        public=ALICE.account,
    )


def _agreed() -> list[Case]:
    mine = ALICE.browser.dh.secret.hex()
    rfc = "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"
    point = bytes.fromhex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
    high = bytes([*point[:31], point[31] | 0x80])
    theirs = DhKey.from_secret(BOB.browser.dh.secret).public
    return [
        good("dh-public", "the key of a secret", "dh-public", secret_hex=mine),
        good("agree", "two keys agree", "agree", secret_hex=mine, public=theirs),
        good("agree-rfc7748", "RFC 7748, section 5.2", "agree", secret_hex=rfc, public=b64encode(point)),
        good("agree-high-bit", "the top bit does not count", "agree", secret_hex=rfc, public=b64encode(high)),
        *(
            bad(f"weak-{id}", "gives zero", "weak_key", "agree", secret_hex=mine, public=b64encode(weak))
            for id, weak in _WEAK_POINTS.items()
        ),
        bad("agree-short", "a key too short", "encoding", "agree", secret_hex=mine, public="AAAA"),
    ]


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
        "comma": (text.replace(" ", ","), "commas"),
        "empty": ("", "nothing"),
        "header": ("# " + text, "not a word"),
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
        *(bad(f"seed-{id}", why, "recovery_phrase", "seed", text=text) for id, (text, why) in wrong.items()),
    ]


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


FILES: dict[str, Callable[[], list[Case]]] = {
    "canonical": canonical,
    "encoding": encoding,
    "address": address,
    "keys": keys,
    "phrase": phrase,
    "safety-number": safety_number,
}
