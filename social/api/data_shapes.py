"""The shapes of /api/v1 for one's own data: what is stored, taking it along, and leaving."""

from __future__ import annotations

from rest_framework import serializers

from social.accounts import inventory
from social.accounts.names import MAX_LENGTH
from social.api.shapes import Plain


class StoredTableShape(Plain):
    name = serializers.CharField()
    columns = serializers.ListField(child=serializers.CharField())
    rows = serializers.IntegerField()
    bytes = serializers.IntegerField()


class HoldingShape(Plain):
    name = serializers.CharField()
    about = serializers.ChoiceField([inventory.MEMBER, inventory.STRANGERS, inventory.SITE])
    what = serializers.CharField()
    why = serializers.CharField()
    kept = serializers.CharField(help_text="how long")
    place = serializers.CharField(allow_blank=True, help_text="a path of the app where it is seen or deleted")
    rows = serializers.IntegerField()
    bytes = serializers.IntegerField(help_text="of the rows")
    file_bytes = serializers.IntegerField(help_text="outside of the database")
    indexes = serializers.ListField(child=serializers.CharField(), help_text="tables of the same once more")
    tables = StoredTableShape(many=True)


class ProgressShape(Plain):
    done = serializers.IntegerField(help_text="bytes that were packed")
    total = serializers.IntegerField(help_text="about how many there are; 0 where nothing runs")


class LeavingShape(Plain):
    days = serializers.IntegerField(help_text="in which it can be taken back")
    heirs = serializers.ListField(child=serializers.CharField(), help_text="one of them must follow")


class LeaveShape(Plain):
    username = serializers.CharField(max_length=MAX_LENGTH + 1, help_text="one's own, typed once more")
    heir = serializers.CharField(
        max_length=MAX_LENGTH, allow_blank=True, default="", help_text="who owns the site then"
    )


class LeftShape(Plain):
    until = serializers.IntegerField(help_text="when all of it is erased, milliseconds since 1970")


class StoredShape(Plain):
    holdings = HoldingShape(many=True)
