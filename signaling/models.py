"""The mailboxes: sealed mail until every addressed device has it. Times are milliseconds since 1970.

A Body is one envelope, a Row one device that has yet to ack it; a body goes with its last row. Ids grow in
the order of arrival. A Usage keeps what a member's bodies weigh together. A Contact is a member here and
somebody who writes to them: whether the member ever wrote there, else when that stranger's request came.
"""

from __future__ import annotations

from django.db import models

NAME_LENGTH = 32
ID_LENGTH = 43


class Body(models.Model):
    key = models.CharField(max_length=66, unique=True)
    """`from_device` and `id` of the envelope."""
    hash = models.CharField(max_length=ID_LENGTH, db_index=True)
    username = models.CharField(max_length=NAME_LENGTH)
    raw = models.BinaryField()
    size = models.PositiveIntegerField()
    time = models.BigIntegerField()

    def __str__(self) -> str:
        return self.hash


class Row(models.Model):
    device = models.CharField(max_length=ID_LENGTH)
    body = models.ForeignKey(Body, models.CASCADE, related_name="rows")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("device", "body"), name="signaling_row_once"),)

    def __str__(self) -> str:
        return f"{self.body_id} for {self.device}"


class Usage(models.Model):
    username = models.CharField(max_length=NAME_LENGTH, primary_key=True)
    bytes = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.username}: {self.bytes}"


class Contact(models.Model):
    key = models.CharField(max_length=340, primary_key=True)
    """The member's name, a space, and the other's address as text."""
    wrote = models.BooleanField(default=False)
    asked = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.key
