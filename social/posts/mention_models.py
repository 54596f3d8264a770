"""The tables of mentions by and of the rest of the web (Webmention). Times are milliseconds since 1970."""

from __future__ import annotations

from django.db import models

from federation import clock

URL_LENGTH = 2048
KEY_LENGTH = 22


class Mention(models.Model):
    """A page elsewhere said to link to a post of this site, and what it says once that was looked at."""

    CHECKING, PENDING, SHOWN, REFUSED = "checking", "pending", "shown", "refused"

    post = models.ForeignKey("posts.Post", models.CASCADE, related_name="mentions")
    source = models.CharField(max_length=URL_LENGTH)
    source_key = models.CharField(max_length=KEY_LENGTH)
    host = models.CharField(max_length=253)
    kind = models.CharField(max_length=8, default="mention")
    name = models.CharField(max_length=100, blank=True)
    text = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=8, default=CHECKING)
    received = models.BigIntegerField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "source_key"], name="mention_once")]
        indexes = [models.Index(fields=["post", "state", "received"], name="mention_of_post")]

    def __str__(self) -> str:
        return self.source


class SentMention(models.Model):
    """A page that a post links to, or linked to, and up to which edition of the post it was told."""

    post = models.ForeignKey("posts.Post", models.CASCADE, related_name="sent_mentions")
    target = models.CharField(max_length=URL_LENGTH)
    target_key = models.CharField(max_length=KEY_LENGTH)
    told = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "target_key"], name="sent_mention_once")]

    def __str__(self) -> str:
        return self.target
