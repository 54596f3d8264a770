"""The tables of federation. Times are milliseconds since 1970."""

from __future__ import annotations

from typing import Any

from django.db import models

from federation import clock


class Peer(models.Model):
    """Another site and the keys it was first seen with (SPEC 4.5)."""

    ip = models.CharField(max_length=253)
    port = models.PositiveIntegerField()
    key = models.CharField(max_length=43)
    dh = models.CharField(max_length=43)
    document_time = models.BigIntegerField()
    first_seen = models.BigIntegerField(default=clock.now)
    checked = models.BigIntegerField(default=clock.now)
    refused_key = models.CharField(max_length=43, blank=True, default="")
    refused_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ip", "port"], name="peer_site")]

    def __str__(self) -> str:
        return f"{self.ip}:{self.port}"

    @property
    def site(self) -> tuple[str, int]:
        return self.ip, self.port


class Nonce(models.Model):
    """The nonce of a signed request, kept until its signature has expired (SPEC 8.2)."""

    key = models.CharField(max_length=43)
    nonce = models.CharField(max_length=64)
    until = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "nonce"], name="nonce_once")]

    def __str__(self) -> str:
        return self.nonce


class Received(models.Model):
    """A mail envelope that was handled here: a second copy is accepted and does nothing (SPEC 6.2)."""

    device = models.CharField(max_length=43)
    envelope = models.CharField(max_length=22)
    hash = models.CharField(max_length=43)
    until = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "envelope"], name="received_once")]

    def __str__(self) -> str:
        return self.envelope


class Lease(models.Model):
    """Which worker holds the link to a site, when several workers serve this one."""

    site = models.CharField(max_length=261, unique=True)
    worker = models.CharField(max_length=64)
    until = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.site} by {self.worker}"


class Job(models.Model):
    """Something still to be done. The row is the only truth; it goes when the work is done or given up.

    `generation` grows by each enqueue, so that a job asked for again while it runs, runs again.
    """

    kind = models.CharField(max_length=32)
    key = models.CharField(max_length=255)
    group = models.CharField(max_length=300)
    data = models.JSONField(null=True)
    blob = models.BinaryField(null=True)
    created = models.BigIntegerField()
    attempts = models.PositiveIntegerField(default=0)
    next_run_at = models.BigIntegerField()
    generation = models.BigIntegerField(default=0)
    lease = models.CharField(max_length=22, blank=True, default="")
    lease_until = models.BigIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="job_once")]
        indexes = [
            models.Index(fields=["next_run_at", "id"], name="job_due"),
            models.Index(fields=["lease_until", "group"], name="job_leased"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def payload(self) -> Any:
        """What was enqueued: bytes, or what JSON can say."""
        return bytes(self.blob) if self.blob is not None else self.data


class SiteBlock(models.Model):
    """Sites the owner has blocked (see `blocks`)."""

    pattern = models.CharField(max_length=253, unique=True)
    reason = models.CharField(max_length=200, blank=True)
    made = models.BigIntegerField(default=clock.now)

    def __str__(self) -> str:
        return self.pattern
