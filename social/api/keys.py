"""GET keys, PUT keys/list, POST keys/abandon, GET keys/devices, PATCH keys/devices/<device>, GET vaults,
GET vaults/waiting: a member's own devices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from signaling import pairing, relay
from social.accounts import access, enrolment, limits, prekeys, sessions
from social.accounts.models import Device, LoginSession, User
from social.api import shapes
from social.api.describe import describe

LISTS_AN_HOUR = 60
VAULT = "vault"


def own_keys(user: User) -> dict[str, Any]:
    row = enrolment.current(user)
    devices = Device.objects.filter(user=user)
    return {
        "list": enrolment.wire(row) if row else None,
        "revocations": enrolment.revocations_wire(row) if row else [],
        "freshness": enrolment.freshness_wire(row) if row else None,
        "prekeys_left": {device.device: prekeys.left(device) for device in devices},
    }


def milliseconds(moment: datetime | None) -> int | None:
    return int(moment.timestamp() * 1000) if moment else None


class KeysView(APIView):
    @describe("My device list, and how many one-time prekeys are left", responses=shapes.KeysShape)
    def get(self, request: Request) -> Response:
        return Response(own_keys(access.member(request.user)))


class ListView(APIView):
    @describe("Put a newer device list", request=shapes.ListShape, responses=shapes.KeysShape)
    def put(self, request: Request) -> Response:
        """The first one enrols the account, with a `proof` of a device on it. One that ends a device needs a
        recent login.

        409 `device_list_stale` or `device_list_conflict`."""
        user = access.member(request.user)
        limits.require("list", user.username, LISTS_AN_HOUR, limits.HOUR)
        given = shapes.ListShape(data=request.data)
        given.is_valid(raise_exception=True)
        told = enrolment.read(given.validated_data["list"], given.validated_data.get("revocations", ()))
        if enrolment.takes_away(user, told):
            access.require_recent_login(request)
        enrolment.take_list(user, told, given.validated_data.get("proof"))
        return Response(own_keys(user))


class AbandonView(APIView):
    @describe("Give up my account key", request=shapes.AbandonShape, responses={204: None})
    def post(self, request: Request) -> Response:
        """Needs a recent login, and my own name typed. The next device list enrols a new account."""
        user = access.member(request.user)
        given = shapes.AbandonShape(data=request.data)
        given.is_valid(raise_exception=True)
        if given.validated_data["username"] != user.username:
            raise ValidationError({"username": "not yours"})
        access.require_recent_login(request)
        enrolment.abandon(user, sessions.public_id(request.session))
        return Response(status=204)


class DevicesView(APIView):
    @describe("My devices, as the site sees them", responses=shapes.DeviceShape(many=True))
    def get(self, request: Request) -> Response:
        user = access.member(request.user)
        logins = {row.public_id: row for row in sessions.of(user)}
        rows = Device.objects.filter(user=user).order_by("listed", "id")
        return Response([shown(row, logins.get(row.login)) for row in rows])


class DeviceView(APIView):
    @describe("Call a device of mine something", request=shapes.DeviceNameShape, responses=shapes.DeviceShape)
    def patch(self, request: Request, device: str) -> Response:
        """404 `not_found`."""
        user = access.member(request.user)
        row = access.listed_device(user, device)
        given = shapes.DeviceNameShape(data=request.data)
        given.is_valid(raise_exception=True)
        row.label = given.validated_data["name"]
        row.save(update_fields=["label"])
        return Response(shown(row, sessions.of(user).filter(public_id=row.login).first()))


def shown(row: Device, login: LoginSession | None) -> dict[str, Any]:
    return {
        "device": row.device,
        "name": row.label,
        "browser": login.browser if login else "",
        "system": login.system if login else "",
        "online": relay.online(row.device),
        "last_seen": milliseconds(row.last_seen),
        "listed": milliseconds(row.listed),
        "prekey_time": row.prekey_time,
        "one_time": prekeys.left(row),
    }


class VaultsView(APIView):
    @describe("My vaults", responses=shapes.VaultShape(many=True))
    def get(self, request: Request) -> Response:
        user = access.member(request.user)
        found = [
            {
                "device": vault.device,
                "online": relay.online(vault.device),
                "last_seen": milliseconds(vault.last_seen),
                "listed": milliseconds(vault.listed),
            }
            for vault in Device.objects.filter(user=user, role=VAULT).order_by("listed", "id")
        ]
        return Response(found)


class WaitingView(APIView):
    @describe("Vaults and own browsers that wait to be linked", responses=shapes.WaitingShape(many=True))
    def get(self, request: Request) -> Response:
        return Response(pairing.waiting(access.member(request.user).username))
