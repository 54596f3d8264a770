"""Taking a member's device list (SPEC 4.2): the first one enrols the account, later ones replace it by
number.

Only what the account key signed is taken, and only public halves are in it. A device that is no longer
listed loses its prekeys and its open sockets.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from homevault.protocol import canonical
from homevault.protocol.certificates import DeviceList as Statement
from homevault.protocol.certificates import check_newer, verify_device_list
from homevault.protocol.errors import ProtocolError
from social.accounts import notices
from social.accounts.models import Device, DeviceList, User

MEMBER_ROLES = frozenset({"root", "member", "vault"})


def statement(row: DeviceList) -> Statement:
    return verify_device_list(wire(row))


def wire(row: DeviceList) -> dict[str, Any]:
    found: dict[str, Any] = canonical.parse(bytes(row.wire))
    return found


def current(user: User) -> DeviceList | None:
    return DeviceList.objects.filter(user=user).first()


def take_list(user: User, given: Any) -> DeviceList:
    """Verify and store a list. The same list again changes nothing.

    Raises ProtocolError: what verification finds, `certificate_account` for another account's list,
    `device_list_stale`, `device_list_conflict`, `refused` for an account that another member here has.
    """
    new = verify_device_list(given)
    if any(certificate.role not in MEMBER_ROLES for certificate in new.devices.values()):
        raise ProtocolError("schema", "role")
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        row = current(locked)
        if row is not None:
            if not check_newer(statement(row), new):
                return row
        else:
            enrol(locked, new)
        row = store(locked, new)
        dropped = store_devices(locked, new)
        transaction.on_commit(lambda: notices.devices_changed(locked.username, dropped))
    user.account = locked.account
    return row


def enrol(user: User, new: Statement) -> None:
    user.account = new.account
    try:
        with transaction.atomic():
            user.save(update_fields=["account"])
    except IntegrityError as error:
        raise ProtocolError("refused", "account") from error


def store(user: User, new: Statement) -> DeviceList:
    row, _ = DeviceList.objects.update_or_create(
        user=user,
        defaults={
            "number": new.number,
            "wire": canonical.canonical(new.wire),
            "changed": timezone.now(),
        },
    )
    return row


def store_devices(user: User, new: Statement) -> list[str]:
    """Make the table say what the list says; returns the devices that nobody here lists any more."""
    known = {row.device: row for row in Device.objects.filter(user=user)}
    dropped = [device for device in known if device not in new.devices]
    Device.objects.filter(user=user, device__in=dropped).delete()
    for device, certificate in new.devices.items():
        row = known.get(device)
        if row is None:
            Device.objects.create(user=user, device=device, role=certificate.role)
        elif row.role != certificate.role:
            row.role = certificate.role
            row.save(update_fields=["role"])
    elsewhere = Device.objects.filter(device__in=dropped).values_list("device", flat=True)
    return sorted(set(dropped) - set(elsewhere))
