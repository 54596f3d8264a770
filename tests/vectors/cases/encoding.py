"""Base64url."""

from homevault.protocol.encoding import b64encode
from tests.vectors.cases.case import Case, bad, good


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
