"""The short way through the relay: live envelopes between devices, judged by one regular expression.

The canonical form of a `typing` or `error` envelope with plain addresses and plain text is a regular
language, so that one match proves what `read_envelope` would: canonical spelling and schema. What does not
match is not thereby wrong, it takes the long way. The addresses are left to the caller, who compares both
with the canonical ones of devices here.
"""

from __future__ import annotations

import re

_ID = rb"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"
_NONCE = rb"[A-Za-z0-9_-]{21}[AQgw]"
_SIGNATURE = rb"[A-Za-z0-9_-]{85}[AQgw]"
_ADDRESS = rb'\{"ip":"[^"\\{}]{1,253}","port":[0-9]{1,5},"username":"[^"\\{}]{1,44}"\}'

_LIFE = rb',"time":(?:0|[1-9][0-9]{0,14}),"to_device":"(' + _ID + rb')","ttl":(?:0|[1-9][0-9]{0,5}),"v":1\}'
_ADDRESSES = rb',"from":(' + _ADDRESS + rb'),"to":(' + _ADDRESS + rb")"

_typing = re.compile(
    rb'\{"data":\{"from_device":"(' + _ID + rb')","id":"' + _NONCE + rb'"'
    rb',"sealed":\{"box":"([A-Za-z0-9_-]*)","dh":"' + _ID + rb'","ephemeral":"' + _ID + rb'"'
    rb',"one_time":(?:null|"' + _ID + rb'"),"prekey":"' + _ID + rb'","suite":"SE1"\}'
    rb',"sig":"' + _SIGNATURE + rb'","suite":"SE1"' + _LIFE + _ADDRESSES + rb',"type":"typing"\}'
).fullmatch
_error = re.compile(
    rb'\{"data":\{"code":"[a-z0-9_]{1,64}","from_device":"(' + _ID + rb')","id":"' + _NONCE + rb'"'
    rb',"message":"[ !#-\[\]-~]{0,1024}","ref":(?:null|"' + _NONCE + rb'"),"sig":"' + _SIGNATURE + rb'"'
    + _LIFE + _ADDRESSES + rb',"type":"error"\}'
).fullmatch  # fmt: skip

_ANY = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
_NONE: frozenset[int] = frozenset()
_LAST = (_ANY, _NONE, frozenset(b"AQgw"), frozenset(b"AEIMQUYcgkosw048"))

Plain = tuple[bytes, bytes, bytes, bytes]


def read_plain(raw: bytes) -> Plain | None:
    """(from_device, to_device, from, to) of a good live envelope between devices, the addresses as they stand
    and still to be compared; None for anything else."""
    found = _typing(raw)
    if found is not None:
        from_device, box, to_device, from_, to = found.groups()
        if box and box[-1] not in _LAST[len(box) & 3]:
            return None
        return from_device, to_device, from_, to
    found = _error(raw)
    if found is None:
        return None
    from_device, to_device, from_, to = found.groups()
    return from_device, to_device, from_, to
