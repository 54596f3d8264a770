"""Public keys of anybody, here or elsewhere: the keys document, and one-time prekeys claimed for sealing.

What another site answers is verified before it is used. Whether it is the right account is the asking
device's to judge, which remembers people by their account key.
"""

from __future__ import annotations

from typing import Any

from federation import fetch, here, signatures, threads
from federation.fetch import Limits
from federation.guard import FetchError
from homevault.protocol import canonical, schema
from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError
from homevault.protocol.prekeys import read_claimed, verify_keys_document
from social.accounts import access, limits, prekeys

PATH = "/.well-known/porchlight/keys/"
LIMITS = Limits(bytes=canonical.LIMIT, seconds=10, redirects=0)
CLAIMS_AN_HOUR = 60
CLAIMS_OF_ONE_AN_HOUR = 600

Document = dict[str, Any]
Claimed = dict[str, str | None]


async def look_up(address: Address, claim: bool, asking: str) -> tuple[Document | None, Claimed | None]:
    """(keys document, one-time prekeys or None) of an address; (None, None) if nobody is there.

    Claims for every device that published a prekey, except `asking`. Raises ProtocolError `unreachable` and
    what verification finds; a claim that fails elsewhere only means that no one-time prekeys are used.
    """
    local = address.site == here.site()
    found = await (threads.run(document_here, address.username) if local else document_elsewhere(address))
    if found is None or not claim:
        return found, None
    devices = [prekey["device"] for prekey in found["prekeys"] if prekey["device"] != asking]
    if not devices:
        return found, {}
    if local:
        return found, await threads.run(claim_here, address.username, devices, asking)
    return found, await claim_elsewhere(address, devices)


def document_here(username: str) -> Document | None:
    try:
        return prekeys.keys_document(access.enrolled(username))
    except access.Absent:
        return None


def claim_here(username: str, devices: list[str], who: str) -> Claimed:
    """Take one-time prekeys of a member. Raises ProtocolError `too_many`, or Absent."""
    user = access.enrolled(username)
    limits.require("claim", f"{who}>{username}", CLAIMS_AN_HOUR, limits.HOUR)
    limits.require("claims", username, CLAIMS_OF_ONE_AN_HOUR, limits.HOUR)
    return prekeys.claim(user, devices)


async def document_elsewhere(address: Address) -> Document | None:
    """Raises ProtocolError `unreachable`, also where this site may not go, and what verification finds."""
    try:
        response = await fetch.get(await url_of(address), {"Accept": "application/json"}, LIMITS)
    except FetchError as error:
        raise ProtocolError("unreachable", str(error)) from error
    if response.status in (404, 410):
        return None
    if response.status != 200:
        raise ProtocolError("unreachable", f"keys: status {response.status}")
    found: Document = canonical.parse(response.body)
    verify_keys_document(found)
    return found


async def claim_elsewhere(address: Address, devices: list[str]) -> Claimed:
    url = await url_of(address) + "/claim"
    body = canonical.canonical({"v": schema.VERSION, "devices": devices})
    try:
        headers = signatures.sign_request("POST", url, body)
        response = await fetch.post(url, body, headers, LIMITS)
        if response.status != 200:
            return {}
        claimed = read_claimed(canonical.parse(response.body))
    except ProtocolError:
        return {}
    return {device: key for device, key in claimed.items() if device in devices}


async def url_of(address: Address) -> str:
    if not address.username:
        raise ProtocolError("address", "username")
    origin = await fetch.origin_of(address.site)
    return f"{origin.rstrip('/')}{PATH}{address.username}"
