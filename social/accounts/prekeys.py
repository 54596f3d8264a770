"""Prekeys that devices publish and others seal to (SPEC 4.3, 4.4).

A signed prekey is replaced by a newer one. One-time prekeys are handed out once each, in the order in which
they came, by a transaction; a claimed key is remembered for a while, so that an upload that comes twice
revives none.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from homevault.protocol import canonical
from homevault.protocol.certificates import Certificate
from homevault.protocol.errors import ProtocolError
from homevault.protocol.prekeys import verify_one_time, verify_signed_prekey
from social.accounts import enrolment, notices
from social.accounts.models import Device, DeviceList, OneTimePrekey, User

MOST_KEPT = 400
FEW_LEFT = 20
CLAIMED_KEPT = timedelta(days=90)


def publish(user: User, device: Device, signed: Any, one_time: Any) -> int:
    """Store what a device published and return how many one-time prekeys it has left.

    Raises ProtocolError: what verification finds, `refused` for a device that is not listed, `too_many`.
    """
    certificate = certificate_of(user, device)
    prekey = verify_signed_prekey(signed, certificate)
    keys = verify_one_time(one_time, certificate).keys if one_time is not None else []
    with transaction.atomic():
        row = Device.objects.select_for_update().filter(pk=device.pk).first()
        if row is None:
            raise ProtocolError("refused", "device")
        if row.prekey is None or prekey.time > row.prekey_time:
            if row.prekey is None:
                transaction.on_commit(lambda: notices.device_ready(user.username))
            row.prekey, row.prekey_time = canonical.canonical(signed), prekey.time
            row.save(update_fields=["prekey", "prekey_time"])
        add(row, keys)
        return left(row)


def certificate_of(user: User, device: Device) -> Certificate:
    row = enrolment.current(user)
    certificate = enrolment.statement(row).devices.get(device.device) if row else None
    if certificate is None:
        raise ProtocolError("refused", "device")
    return certificate


def add(device: Device, keys: Collection[str]) -> None:
    device.one_time.filter(claimed__lt=timezone.now() - CLAIMED_KEPT).delete()
    if left(device) + len(keys) > MOST_KEPT:
        raise ProtocolError("too_many", "one_time")
    rows = [OneTimePrekey(device=device, key=key) for key in keys]
    OneTimePrekey.objects.bulk_create(rows, ignore_conflicts=True)


def left(device: Device) -> int:
    return device.one_time.filter(claimed=None).count()


def keys_document(user: User) -> dict[str, Any] | None:
    """The public keys document of a member, or None before enrolment."""
    row: DeviceList | None = enrolment.current(user)
    if row is None:
        return None
    published = Device.objects.filter(user=user).exclude(prekey=None).order_by("device")
    prekeys = [canonical.parse(bytes(device.prekey)) for device in published if device.prekey]
    return {
        "v": 1,
        "list": enrolment.wire(row),
        "prekeys": prekeys,
        "revocations": enrolment.revocations_wire(row),
        "freshness": enrolment.freshness_wire(row),
    }


def claim(user: User, devices: Collection[str]) -> dict[str, str | None]:
    """Take one one-time prekey of each of these devices; null where none is left or the device is not
    listed."""
    with transaction.atomic():
        rows = {row.device: row for row in Device.objects.filter(user=user, device__in=devices)}
        return {device: take_one(rows[device]) if device in rows else None for device in devices}


def take_one(device: Device) -> str | None:
    waiting = device.one_time.filter(claimed=None).order_by("id")
    found = waiting.select_for_update(skip_locked=True).first()
    if found is None:
        return None
    found.claimed = timezone.now()
    found.save(update_fields=["claimed"])
    if left(device) == FEW_LEFT:
        transaction.on_commit(lambda: notices.prekeys_wanted(device.device))
    return found.key
