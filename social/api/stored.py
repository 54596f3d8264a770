"""me/stored, site/stored: what this site stores of the member asking; for its owner, of all others."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.accounts import access as accounts
from social.accounts import inventory, limits
from social.accounts.inventory import Counted, Holding
from social.accounts.models import User
from social.api import data_shapes as shapes
from social.api.describe import describe
from social.safety import access

A_MINUTE = 30


def shown(holding: Holding, user: User | None) -> dict[str, Any]:
    tables = inventory.count(holding, user)
    return {
        "name": holding.name,
        "about": holding.about,
        "what": str(holding.what),
        "why": str(holding.why),
        "kept": str(holding.kept),
        "place": holding.place,
        "rows": sum(one.rows for one in tables),
        "bytes": sum(one.bytes for one in tables),
        "file_bytes": inventory.file_bytes(holding, user),
        "indexes": holding.indexes,
        "tables": [table(one) for one in tables],
    }


def table(found: Counted) -> dict[str, Any]:
    return {"name": found.name, "columns": found.columns, "rows": found.rows, "bytes": found.bytes}


class MyStoredView(APIView):
    @describe("What this site stores of me", responses=shapes.StoredShape)
    def get(self, request: Request) -> Response:
        """Every kind of data and every table; the words are in the language that is asked for."""
        user = accounts.member(request.user)
        limits.require("stored", user.username, A_MINUTE, limits.MINUTE)
        return Response({"holdings": [shown(one, user) for one in inventory.every(inventory.MEMBER)]})


class SiteStoredView(APIView):
    @describe("What this site stores of others and for itself", responses=shapes.StoredShape)
    def get(self, request: Request) -> Response:
        """For its owner: visitors, commenters, other sites, logs. Numbers only."""
        user = access.owner(request.user)
        limits.require("stored", user.username, A_MINUTE, limits.MINUTE)
        others = [*inventory.every(inventory.STRANGERS), *inventory.every(inventory.SITE)]
        return Response({"holdings": [shown(one, None) for one in others]})
