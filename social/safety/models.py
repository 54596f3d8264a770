"""What moderators and members decided about others. Times are milliseconds since 1970."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from federation import clock
from social.accounts.models import ID_LENGTH

NAME_LENGTH = 1 + ID_LENGTH
REASON_LENGTH = 200
ADDRESS_LENGTH = 320


class Block(models.Model):
    """A device, and whom it belongs to, may not reach others until a time. `prefix` is the (hashed) network
    of a visitor: whoever begins anew from there is the same one. `ended` is when it was lifted early."""

    username = models.CharField(max_length=NAME_LENGTH, db_index=True)
    device = models.CharField(max_length=ID_LENGTH, blank=True, db_index=True)
    prefix = models.CharField(max_length=ID_LENGTH, blank=True, db_index=True)
    label = models.CharField(max_length=80)
    emergency = models.BooleanField(default=False)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    made = models.BigIntegerField(default=clock.now)
    until = models.BigIntegerField(db_index=True)
    ended = models.BigIntegerField(null=True, default=None)

    def __str__(self) -> str:
        return f"{self.label} until {self.until}"


class Final(models.QuerySet[Any]):
    """Rows that are only ever added."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("the log is only added to")

    def delete(self) -> NoReturn:
        raise TypeError("the log is only added to")


class LogEntry(models.Model):
    """Who did what to whom, when and why. Only ever added."""

    time = models.BigIntegerField(default=clock.now)
    actor = models.CharField(max_length=NAME_LENGTH)
    deed = models.CharField(max_length=32)
    target = models.CharField(max_length=ADDRESS_LENGTH, blank=True)
    why = models.CharField(max_length=REASON_LENGTH, blank=True)
    details = models.JSONField(default=dict)

    objects = Final.as_manager()

    def __str__(self) -> str:
        return f"{self.actor} {self.deed} {self.target}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("the log is only added to")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("the log is only added to")


class Report(models.Model):
    """Somebody says that something here should be looked at. `ref` names the thing: a URL, a comment's id, an
    address, a conversation; `about` is the address of whoever is behind it."""

    POST, COMMENT, PERSON, MESSAGE = "post", "comment", "person", "message"
    THINGS = (POST, COMMENT, PERSON, MESSAGE)
    REASONS = ("spam", "harassment", "illegal", "private", "other")
    OPEN, RESOLVED, DISMISSED = "open", "resolved", "dismissed"
    STATUSES = (OPEN, RESOLVED, DISMISSED)

    reporter = models.CharField(max_length=NAME_LENGTH)
    what = models.CharField(max_length=16, choices=[(one, one) for one in THINGS])
    ref = models.CharField(max_length=2048)
    about = models.CharField(max_length=ADDRESS_LENGTH, blank=True)
    reason = models.CharField(max_length=16, choices=[(one, one) for one in REASONS])
    text = models.CharField(max_length=1000, blank=True)
    status = models.CharField(max_length=16, choices=[(one, one) for one in STATUSES], default=OPEN)
    made = models.BigIntegerField(default=clock.now)
    decided = models.BigIntegerField(null=True, default=None)
    decider = models.CharField(max_length=NAME_LENGTH, blank=True)
    note = models.CharField(max_length=REASON_LENGTH, blank=True)

    class Meta:
        indexes = (models.Index(fields=("status", "-made"), name="report_queue"),)

    def __str__(self) -> str:
        return f"{self.what} {self.status}"


class Allowance(models.Model):
    """Something that the owner lets moderators do: a row for each that is allowed."""

    INVITE = "invite"

    what = models.CharField(max_length=16, unique=True)

    def __str__(self) -> str:
        return self.what


class PersonBlock(models.Model):
    """A member wants nothing of a person: by address, and by account where that is known."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="person_blocks")
    ip = models.CharField(max_length=253)
    port = models.PositiveIntegerField()
    username = models.CharField(max_length=NAME_LENGTH)
    account = models.CharField(max_length=ID_LENGTH, blank=True)
    made = models.BigIntegerField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "ip", "port", "username"), name="person_block_once"),
        )

    def __str__(self) -> str:
        return f"{self.username}@{self.ip}:{self.port}"


class SiteText(models.Model):
    """What the owner says about the site: one text a kind."""

    RULES, PRIVACY, IMPRINT, CONTACT = "rules", "privacy", "imprint", "contact"
    KINDS = (RULES, PRIVACY, IMPRINT, CONTACT)

    kind = models.CharField(max_length=16, primary_key=True, choices=[(one, one) for one in KINDS])
    source = models.TextField(blank=True)
    updated = models.BigIntegerField(default=clock.now)

    def __str__(self) -> str:
        return self.kind
