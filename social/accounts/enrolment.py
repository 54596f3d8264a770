"""What a member's account says of its devices (SPEC 4.2, 4.9, 4.11): the list, the revocations and the word
that they are the newest.

The first list enrols the account. Only what the account key, its vaults and root-holding devices signed is
taken, only public halves are in it, and nothing older undoes it. A device that is no longer listed, or was
revoked, loses its prekeys, its mail, its open sockets and the logins that it came with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from federation import clock, here
from homevault.protocol import canonical
from homevault.protocol.certificates import Certificate, check_newer, verify_device_list
from homevault.protocol.certificates import DeviceList as Statement
from homevault.protocol.errors import ProtocolError
from homevault.protocol.freshness import verify_freshness
from homevault.protocol.knowledge import KeyKnowledge, learn
from homevault.protocol.possession import verify_possession
from homevault.protocol.revocations import verify_revocations
from social.accounts import notices, sessions
from social.accounts.models import Device, DeviceList, User

MEMBER_ROLES = frozenset({"root", "member", "vault"})


def statement(row: DeviceList) -> Statement:
    return verify_device_list(wire(row))


def wire(row: DeviceList) -> dict[str, Any]:
    found: dict[str, Any] = canonical.parse(bytes(row.wire))
    return found


def knowledge(row: DeviceList) -> KeyKnowledge:
    """All that is known of the account, as it was verified."""
    devices = statement(row)
    revocations = verify_revocations(revocations_wire(row), devices.account)
    said = freshness_wire(row)
    return KeyKnowledge(devices, revocations, verify_freshness(said, devices) if said else None)


def revocations_wire(row: DeviceList) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = canonical.parse(bytes(row.revocations))
    return found


def freshness_wire(row: DeviceList) -> dict[str, Any] | None:
    found: dict[str, Any] | None = canonical.parse(bytes(row.freshness)) if row.freshness else None
    return found


def current(user: User) -> DeviceList | None:
    return DeviceList.objects.filter(user=user).first()


def read(given: Any, revocations: Any = ()) -> KeyKnowledge:
    """A verified list that a member may have, with revocations of its account. Raises ProtocolError."""
    new = verify_device_list(given)
    if any(certificate.role not in MEMBER_ROLES for certificate in new.devices.values()):
        raise ProtocolError("schema", "role")
    return KeyKnowledge(new, verify_revocations(list(revocations), new.account))


def take_list(user: User, told: KeyKnowledge, proof: Any = None) -> DeviceList:
    """Store a list and the revocations that go with it. The same again changes nothing.

    The first list needs `proof`: a listed device's word that it is at home here (SPEC 4.15), so that nobody
    takes a list for their own that they found elsewhere.
    Raises ProtocolError: `certificate_account` for another account's list, `device_list_stale`,
    `device_list_conflict`, `refused` for an account that another member here has, and what is wrong with
    the proof, `not_proven` without one.
    """
    with transaction.atomic():
        locked, row = lock(user)
        known = knowledge(row) if row else None
        if known is None:
            require_possession(locked, told.list, proof)
            enrol(locked, told.list)
        else:
            check_newer(known.list, told.list)
        row = settle(locked, known, told)
    user.account = locked.account
    return row


def take_word(user: User, given: Mapping[str, Any]) -> DeviceList:
    """What a device of the member says it knows: `list`, `revocations`, `freshness` (a `vouch`, SPEC 6.2).

    A list that is older than ours is passed over. Raises ProtocolError: what verification finds,
    `certificate_account` for another account's, `device_list_conflict`.
    """
    told = read(given["list"], given["revocations"])
    told = replace(told, freshness=verify_freshness(given["freshness"], told.list))
    with transaction.atomic():
        locked, row = lock(user)
        if row is None:
            raise ProtocolError("refused", "account")
        known = knowledge(row)
        if known.list.number == told.list.number:
            check_newer(known.list, told.list)
        return settle(locked, known, told)


def lock(user: User) -> tuple[User, DeviceList | None]:
    locked = User.objects.select_for_update().get(pk=user.pk)
    return locked, current(locked)


def that_count(told: KeyKnowledge, known: KeyKnowledge | None) -> KeyKnowledge:
    """Without a vault's revocations of devices that nobody listed: a stolen vault cannot fill the
    document."""
    mine = known.list.devices.keys() | known.revocations.keys() if known else set()
    nameable = told.list.devices.keys() | mine
    kept = {
        device: each
        for device, each in told.revocations.items()
        if each["vault"] is None or device in nameable
    }
    return replace(told, revocations=kept)


def settle(user: User, known: KeyKnowledge | None, told: KeyKnowledge) -> DeviceList:
    """Store what is known after this was told, if that is more. The caller holds the transaction."""
    learned = learn(known, that_count(told, known)).knowledge
    if learned == known:
        return DeviceList.objects.get(user=user)
    row = store(user, learned)
    if known is None or (learned.list, learned.revocations) != (known.list, known.revocations):
        dropped = store_devices(user, learned.devices)
        transaction.on_commit(lambda: notices.devices_changed(user.username, dropped))
    return row


def require_possession(user: User, new: Statement, proof: Any) -> None:
    if proof is None:
        raise ProtocolError("not_proven", "proof")
    verify_possession(proof, new, replace(here.address(), username=user.username), clock.now())


def enrol(user: User, new: Statement) -> None:
    user.account = new.account
    try:
        with transaction.atomic():
            user.save(update_fields=["account"])
    except IntegrityError as error:
        raise ProtocolError("refused", "account") from error


def store(user: User, known: KeyKnowledge) -> DeviceList:
    said = known.freshness
    row, _ = DeviceList.objects.update_or_create(
        user=user,
        defaults={
            "number": known.list.number,
            "wire": canonical.canonical(known.list.wire),
            "revocations": canonical.canonical(list(known.revocations.values())),
            "freshness": canonical.canonical(said.wire) if said else None,
            "changed": timezone.now(),
        },
    )
    return row


def store_devices(user: User, active: Mapping[str, Certificate]) -> list[str]:
    """Make the table hold the active devices, and end the logins with which the others came; returns those
    that nobody here has any more."""
    known = {row.device: row for row in Device.objects.filter(user=user)}
    dropped = [device for device in known if device not in active]
    sessions.end_named(user, [known[device].login for device in dropped])
    Device.objects.filter(user=user, device__in=dropped).delete()
    for device, certificate in active.items():
        row = known.get(device)
        if row is None:
            Device.objects.create(user=user, device=device, role=certificate.role)
        elif row.role != certificate.role:
            row.role = certificate.role
            row.save(update_fields=["role"])
    elsewhere = Device.objects.filter(device__in=dropped).values_list("device", flat=True)
    return sorted(set(dropped) - set(elsewhere))


def abandon(user: User, session: str) -> None:
    """Forget the account and its devices: the next list enrols another one.

    For somebody who has neither the recovery phrase nor a device left. Prekeys, sealed mail and every login
    but this one (a session's public id) are gone; whoever knew the account is warned by the new key.
    """
    with transaction.atomic():
        locked, _ = lock(user)
        Device.objects.filter(user=locked, login=session).update(login="")
        dropped = store_devices(locked, {})
        DeviceList.objects.filter(user=locked).delete()
        sessions.end_others(locked, session)
        locked.account = None
        locked.save(update_fields=["account"])
        transaction.on_commit(lambda: notices.devices_changed(locked.username, dropped))
    user.account = None


def takes_away(user: User, told: KeyKnowledge) -> bool:
    """Whether this would end a device that was here before. One that never came may be withdrawn again
    without further questions."""
    came = Device.objects.filter(user=user, last_seen__isnull=False).values_list("device", flat=True)
    return any(device not in told.devices for device in came)
