"""What the relay asks of this site (`signaling.policy.Policy`): who may connect, who is listed, where mail
goes.

A browser comes with its session cookie (a visitor's has its own) and this site's Origin; without an Origin
only a vault is let in, by its key. The relay's handshake proves the key in both cases; nothing here
authorises anything by a cookie alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user

from federation import here, links, outbox, sitekey, threads
from homevault.protocol.addresses import Address
from homevault.protocol.envelope import Envelope, verify_envelope
from homevault.protocol.errors import ProtocolError
from homevault.protocol.handshake import Hello
from homevault.protocol.keys import SignKey
from signaling.policy import Admitted
from social.accounts import (
    access,
    directory,
    enrolment,
    keys,
    limits,
    prekeys,
    sessions,
    sightings,
    standing,
    visitors,
)
from social.accounts.models import Device, User
from social.accounts.sessionstore import SessionStore

VAULT = "vault"
KEYS_A_MINUTE = 120
PREKEYS_A_MINUTE = 30
VOUCHED_AN_HOUR = 60

Answers = list[dict[str, Any]]


class SitePolicy:
    """See `signaling.policy.Policy` for what each method promises."""

    def site_key(self) -> SignKey:
        return sitekey.current().sign

    def site_address(self) -> Address:
        return here.address()

    def origins(self) -> frozenset[str]:
        return frozenset({here.origin()})

    async def admit(self, hello: Hello, cookies: Mapping[str, str], headers: Mapping[str, str]) -> Admitted:
        origin = headers.get("origin")
        if hello.address.site != here.site() or (origin is not None and origin not in self.origins()):
            raise ProtocolError("refused", "origin")
        if visitors.is_visitor(hello.address.username):
            token = cookies.get(visitors.COOKIE, "") if origin is not None else ""
            return await threads.run(admitted_visitor, hello, token)
        session = cookies.get(settings.SESSION_COOKIE_NAME, "") if origin is not None else None
        return await threads.run(admitted, hello, session)

    async def member_of(self, cookies: Mapping[str, str], headers: Mapping[str, str]) -> str:
        session = cookies.get(settings.SESSION_COOKIE_NAME, "")
        if not session or headers.get("origin") is None:
            return ""
        found = await threads.run(whose, SessionStore(session))
        return found.username if found else ""

    async def arrived(self, admitted: Admitted) -> Answers:
        return await threads.run(arrived, admitted)

    async def may_reach(self, admitted: Admitted) -> None:
        await threads.run(standing.require_unblocked, admitted.username, admitted.device)

    def seen(self, admitted: Admitted) -> None:
        sightings.note(admitted.username, admitted.device)

    async def devices_of(self, username: str) -> set[str] | None:
        known = directory.cached(username)
        return known if known is not None else await threads.run(directory.devices_of, username)

    async def forward(self, raw: bytes, env: Envelope) -> None:
        if env.mail:
            await threads.run(outbox.enqueue_envelope, env.to.site, raw)
        else:
            await links.send_live(env.to.site, raw)

    async def site_request(self, env: Envelope) -> Answers | None:
        if env.type == "keys":
            return await self._keys(env)
        if env.type == "prekeys":
            return await threads.run(take_prekeys, env)
        if env.type == "vouch":
            return await threads.run(take_word, env)
        return None

    async def may_mail(self, env: Envelope) -> bool:
        return not await threads.run(standing.is_unwanted, env.to.username, env.from_)

    async def may_tell(self, env: Envelope) -> bool:
        return await threads.run(may_tell, env.from_, env.to)

    async def _keys(self, env: Envelope) -> Answers:
        verify_envelope(env)
        limits.require("keys", env.from_device, KEYS_A_MINUTE, limits.MINUTE)
        address = Address.from_wire(env.data["address"])
        found, one_time = await keys.look_up(address, env.data["claim"], env.from_device)
        return [{"type": "keys-result", "fields": {"ref": env.id, "keys": found, "one_time": one_time}}]


def admitted(hello: Hello, session: str | None) -> Admitted:
    """The device this hello names, if it may try to prove itself. Raises ProtocolError `refused`."""
    try:
        user = access.enrolled(hello.address.username)
        device = access.listed_device(user, hello.key)
    except access.Absent as error:
        raise ProtocolError("refused", "device") from error
    if session is None and device.role != VAULT:
        raise ProtocolError("refused", "role")
    login = "" if session is None else login_of(session, user)
    return Admitted(str(user.account), user.username, device.device, device.role, login)


def login_of(session_key: str, user: User) -> str:
    """The public id of this member's login by this session cookie. Raises ProtocolError `refused` unless it
    stands."""
    store = SessionStore(session_key)
    if whose(store) != user or not user.is_active:
        raise ProtocolError("refused", "session")
    return sessions.public_id(store)


def whose(store: SessionStore) -> User | None:
    """Whose login this session is; None if it is over."""
    found = get_user(SimpleNamespace(session=store))  # type: ignore[arg-type]
    return found if isinstance(found, User) and found.is_active else None


def admitted_visitor(hello: Hello, token: str) -> Admitted:
    """The visitor whose cookie this is. Raises ProtocolError `refused`."""
    found = visitors.of_session(token)
    if found is None or (found.username, found.device) != (hello.address.username, hello.key):
        raise ProtocolError("refused", "visitor")
    return Admitted(found.account, found.username, found.device, visitors.ROLE)


def arrived(admitted: Admitted) -> Answers:
    """Remember with which login it came, and say so if it is blocked."""
    if admitted.session:
        rows = Device.objects.filter(user__username=admitted.username, device=admitted.device)
        rows.exclude(login=admitted.session).update(login=admitted.session)
    block = standing.block_of(admitted.username, admitted.device)
    return [{"type": "block-state", "fields": block.fields()}] if block else []


def take_prekeys(env: Envelope) -> Answers:
    verify_envelope(env)
    limits.require("prekeys", env.from_device, PREKEYS_A_MINUTE, limits.MINUTE)
    device = Device.objects.select_related("user").get(
        user__username=env.from_.username, device=env.from_device
    )
    prekeys.publish(device.user, device, env.data["signed"], env.data["one_time"])
    return [{"type": "accepted", "fields": {"ref": env.id}}]


def take_word(env: Envelope) -> Answers:
    verify_envelope(env)
    limits.require("vouch", env.from_device, VOUCHED_AN_HOUR, limits.HOUR)
    enrolment.take_word(access.enrolled(env.from_.username), env.data)
    return [{"type": "accepted", "fields": {"ref": env.id}}]


def may_tell(sender: Address, receiver: Address) -> bool:
    """Whether neither of the two, as far as they live here, blocked the other."""
    pairs = ((sender, receiver), (receiver, sender))
    return not any(
        own.site == here.site() and standing.is_unwanted(own.username, other) for own, other in pairs
    )


policy = SitePolicy()
