"""Finished public pages. Whatever changes a page writes its new bytes in the same transaction."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class PublishedPage(models.Model):
    """One answer, ready to be sent. `digest` names its bytes; `modified` is the second in which they last
    changed, or the one after the last version's if that was in the same second: it names the version."""

    path = models.CharField(max_length=200, unique=True)
    status = models.PositiveSmallIntegerField(default=200)
    content_type = models.CharField(max_length=60)
    cache = models.CharField(max_length=80)
    body = models.BinaryField()
    digest = models.CharField(max_length=40)
    modified = models.BigIntegerField()

    def __str__(self) -> str:
        return self.path


class Edition(models.Model):
    """One row: `number` grows with each transaction that changes a page, `recipe` names what they were built
    with. Processes that keep pages in memory look at the number."""

    THE_ONE = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE)
    number = models.BigIntegerField(default=0)
    recipe = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return str(self.number)


class Look(models.Model):
    """At most one row: the theme that the owner chose, empty for none."""

    THE_ONE = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE)
    theme = models.CharField(max_length=32, blank=True)

    def __str__(self) -> str:
        return self.theme


class FeedIdentity(models.Model):
    """The id of a member's Atom feed: it stays when the site's name changes."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feed_identity")
    uid = models.UUIDField(default=uuid.uuid4, editable=False)

    def __str__(self) -> str:
        return str(self.uid)
