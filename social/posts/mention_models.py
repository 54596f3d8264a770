"""The tables of mentions by and of the rest of the web (Webmention). Times are milliseconds since 1970."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from federation import clock
from social.accounts.models import User

URL_LENGTH = 2048
KEY_LENGTH = 22


class Mention(models.Model):
    """A page elsewhere said to link to a `post` of this site, or to the page of a `member`, and what it says
    once that was looked at; or a post of this site that names a member (`said_in`), which nobody doubts. What
    mentions a member is shown to nobody else."""

    CHECKING, PENDING, SHOWN, REFUSED = "checking", "pending", "shown", "refused"

    post = models.ForeignKey("posts.Post", models.CASCADE, null=True, related_name="mentions")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="mentions")
    said_in = models.ForeignKey("posts.Post", models.CASCADE, null=True, related_name="named")
    source = models.CharField(max_length=URL_LENGTH)
    source_key = models.CharField(max_length=KEY_LENGTH)
    host = models.CharField(max_length=253)
    kind = models.CharField(max_length=8, default="mention")
    name = models.CharField(max_length=100, blank=True)
    text = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=8, default=CHECKING)
    received = models.BigIntegerField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "source_key"], name="mention_once"),
            models.UniqueConstraint(fields=["member", "source_key"], name="mention_of_member_once"),
            models.CheckConstraint(
                condition=Q(post__isnull=True) ^ Q(member__isnull=True), name="mention_of_one_thing"
            ),
        ]
        indexes = [models.Index(fields=["post", "state", "received"], name="mention_of_post")]

    def __str__(self) -> str:
        return self.source

    @property
    def judge(self) -> User:
        """Whom it concerns."""
        found = self.post.author if self.post else self.member
        assert found is not None
        return found


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
