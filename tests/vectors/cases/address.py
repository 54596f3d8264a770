"""Addresses in both forms, and who may be sent there."""

from typing import Any

from tests.vectors.cases.case import Case, bad, good
from tests.vectors.cases.cast import ALICE


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
    private = [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "2A00::1",
        "2a00:0:0::1",
    ]
    private += ["192.0.0.9", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1"]
    private += ["203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1"]
    private += ["ff02::1", "2001:db8::1", "2001::1", "2002::1", "3fff::1", "64:ff9b::1", "::ffff:1.1.1.1"]
    private += ["example.org", "127.1", ""]
    return [
        good(f"public-{ip or 'empty'}", "may anybody be sent there", "public", ip=ip)
        for ip in public + private
    ]
