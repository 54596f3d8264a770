"""The tables of uploads and media. Times are milliseconds since 1970, sizes are bytes."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from federation import clock

USER = settings.AUTH_USER_MODEL


class Upload(models.Model):
    """A file that is coming in, piece by piece: `offset` of its `size` bytes are durable."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(USER, models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    started = models.BigIntegerField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.name}: {self.offset} of {self.size}"


class Media(models.Model):
    """A picture, sound, film or document of a member. While `working` its bytes are still the uploaded ones;
    of a `refused` one nothing is kept but the reason."""

    IMAGE, AUDIO, VIDEO, DOCUMENT = "image", "audio", "video", "document"
    WORKING, READY, REFUSED = "working", "ready", "refused"

    uid = models.UUIDField(unique=True, editable=False)
    owner = models.ForeignKey(USER, models.CASCADE, related_name="media")
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=8, default=WORKING)
    problem = models.CharField(max_length=32, blank=True)
    width = models.PositiveIntegerField(null=True, default=None)
    height = models.PositiveIntegerField(null=True, default=None)
    blurhash = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["owner", "-created"], name="media_newest")]

    def __str__(self) -> str:
        return self.name


class File(models.Model):
    """One stored file of a medium: `name` is its name in the medium's folder, `hash` the SHA-256 of its bytes
    in base64url, empty where it was kept before there were hashes (`hashing`)."""

    media = models.ForeignKey(Media, models.CASCADE, related_name="files")
    name = models.CharField(max_length=32)
    type = models.CharField(max_length=64)
    size = models.BigIntegerField()
    hash = models.CharField(max_length=43, blank=True, default="")
    width = models.PositiveIntegerField(null=True, default=None)
    height = models.PositiveIntegerField(null=True, default=None)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["media", "name"], name="file_once")]

    def __str__(self) -> str:
        return self.name


class Use(models.Model):
    """Something public that shows a medium. `what` names it (`post:<uid>`, `profile:<user>`); a medium
    without any use is seen by its owner only."""

    media = models.ForeignKey(Media, models.CASCADE, related_name="uses")
    what = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["media", "what"], name="use_once")]
        indexes = [models.Index(fields=["what"], name="use_of")]

    def __str__(self) -> str:
        return self.what
