"""GET keys, PUT keys/list, GET vaults, GET vaults/waiting: a member's own devices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from signaling import pairing, relay
from social.accounts import access, enrolment, limits, prekeys
from social.accounts.models import Device, User
from social.api import shapes
from social.api.describe import describe

LISTS_AN_HOUR = 60
VAULT = "vault"


def own_keys(user: User) -> dict[str, Any]:
    row = enrolment.current(user)
    devices = Device.objects.filter(user=user)
    return {
        "list": enrolment.wire(row) if row else None,
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
        """The first one enrols the account. 409 `device_list_stale` or `device_list_conflict`."""
        user = access.member(request.user)
        limits.require("list", user.username, LISTS_AN_HOUR, limits.HOUR)
        given = shapes.ListShape(data=request.data)
        given.is_valid(raise_exception=True)
        enrolment.take_list(user, given.validated_data["list"])
        return Response(own_keys(user))


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
    @describe("Vaults that wait to be paired", responses=shapes.WaitingShape(many=True))
    def get(self, request: Request) -> Response:
        access.member(request.user)
        return Response(pairing.waiting())
