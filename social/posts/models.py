"""The tables of posts, of what is followed and of comments. Times are milliseconds since 1970.

Bodies are sanitised trees (`markup`), never HTML. Ids that leave the site do not depend on its domain.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from federation import clock
from social.posts.post_models import (
    Attachment,
    Bump,
    Draft,
    Import,
    PostTag,
    PostVersion,
    Recommendation,
    SearchText,
    SignedPost,
)

__all__ = [
    "Attachment",
    "Bump",
    "Comment",
    "Draft",
    "Feed",
    "Follow",
    "Import",
    "Item",
    "Post",
    "PostTag",
    "PostVersion",
    "Recommendation",
    "SearchText",
    "SentComment",
    "SignedPost",
    "Watcher",
]
USER = settings.AUTH_USER_MODEL
ID_LENGTH = 43
URL_LENGTH = 2000


class Post(models.Model):
    """What a member wrote. A deleted one keeps its row and slug, without its words, and is answered 410.

    `tags` are those of its field (all of them, with those in its words, are `labels`); `pinned` is since
    when; `version` counts its edits from 1; with `open_history` everybody may read its earlier versions.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    author = models.ForeignKey(USER, models.CASCADE, related_name="posts")
    slug = models.CharField(max_length=80)
    title = models.CharField(max_length=200, blank=True)
    source = models.TextField(blank=True)
    body = models.JSONField(default=list)
    tags = models.JSONField(default=list)
    published = models.BigIntegerField(default=clock.now)
    updated = models.BigIntegerField(default=clock.now)
    deleted = models.BigIntegerField(null=True, default=None)
    replies = models.CharField(max_length=8, default="everyone")
    pinned = models.BigIntegerField(null=True, default=None)
    version = models.PositiveIntegerField(default=1)
    open_history = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "slug"], name="slug_once")]
        indexes = [models.Index(fields=["author", "-published", "-id"], name="post_newest")]

    def __str__(self) -> str:
        return self.slug


class Feed(models.Model):
    """Something that is polled. A sister site's feed has an address and may have an account."""

    url = models.URLField(max_length=URL_LENGTH, unique=True)
    kind = models.CharField(max_length=12)
    title = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=300, blank=True)
    home = models.CharField(max_length=URL_LENGTH, blank=True)
    icon = models.CharField(max_length=URL_LENGTH, blank=True)
    ip = models.CharField(max_length=253, blank=True)
    port = models.PositiveIntegerField(default=0)
    username = models.CharField(max_length=64, blank=True)
    account = models.CharField(max_length=ID_LENGTH, blank=True)
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    interval = models.BigIntegerField(default=clock.HOUR)
    polled = models.BigIntegerField(default=0)
    watched = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.BigIntegerField(null=True)
    statement = models.BinaryField(default=b"", help_text="what their device signed, with its beacons")
    problem = models.CharField(max_length=64, blank=True)
    gone = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["ip", "port", "username"], name="feed_of_site")]

    def __str__(self) -> str:
        return self.url

    @property
    def site(self) -> tuple[str, int] | None:
        """The sister site that serves it, if one does."""
        return (self.ip, self.port) if self.ip else None


class Follow(models.Model):
    """A member follows a feed, or another member of this site (who needs no fetching). `title` is what the
    member calls it; muted, it stays followed and out of the timeline."""

    user = models.ForeignKey(USER, models.CASCADE, related_name="follows")
    feed = models.ForeignKey(Feed, models.CASCADE, null=True, related_name="follows")
    author = models.ForeignKey(USER, models.CASCADE, null=True, related_name="followed_by")
    since = models.BigIntegerField(default=clock.now)
    title = models.CharField(max_length=100, blank=True)
    muted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "feed"], name="follow_feed_once"),
            models.UniqueConstraint(fields=["user", "author"], name="follow_author_once"),
            models.CheckConstraint(
                condition=Q(feed__isnull=True) ^ Q(author__isnull=True), name="follow_one_thing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.feed_id or self.author_id}"


class Item(models.Model):
    """An entry of a feed. `published` is never later than when it was first seen here. Items of several feeds
    with the same `guid_key` or `link_key` (`sameness`) are one thing; an empty key is like no other.
    `signature` says whether its author's device signed this, or its words alone, `signed_number` is the
    highest version that was verified (`verifying`). One of `shows` has a `hash` if that was signed. A
    `recommended` one is not the feed's own: its person recommends what is at `url`."""

    UNSIGNED, WORDS, SIGNED, WRONG = "unsigned", "words", "signed", "wrong"
    SIGNATURES = [(each, each) for each in (UNSIGNED, WORDS, SIGNED, WRONG)]

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="items")
    guid = models.CharField(max_length=500)
    url = models.CharField(max_length=URL_LENGTH, blank=True)
    title = models.CharField(max_length=300, blank=True)
    author = models.CharField(max_length=300, blank=True)
    body = models.JSONField(default=list)
    shows = models.JSONField(default=list)
    published = models.BigIntegerField()
    updated = models.BigIntegerField()
    seen = models.BigIntegerField(default=clock.now)
    guid_key = models.CharField(max_length=22, blank=True)
    link_key = models.CharField(max_length=22, blank=True)
    signature = models.CharField(max_length=8, choices=SIGNATURES, default=UNSIGNED)
    signed_number = models.BigIntegerField(default=0)
    recommended = models.BooleanField(default=False)
    comments = models.JSONField(default=list)
    comments_etag = models.CharField(max_length=300, blank=True)
    comments_checked = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "guid"], name="item_once")]
        indexes = [
            models.Index(fields=["feed", "-published", "-id"], name="item_newest"),
            models.Index(fields=["guid_key"], name="item_guid"),
            models.Index(fields=["link_key"], name="item_link"),
        ]

    def __str__(self) -> str:
        return self.guid


class ReadUpTo(models.Model):
    """The newest line of the timeline that a member has seen: a cursor's parts (`timeline`)."""

    user = models.OneToOneField(USER, models.CASCADE, related_name="read_up_to")
    published = models.BigIntegerField()
    kind = models.CharField(max_length=1)
    line = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.user_id} to {self.published}.{self.kind}{self.line}"


class Comment(models.Model):
    """A comment on a post of this site, as it was signed (SPEC 8.3). `ref` is its id for `comment-state`.

    A changed one is as its latest `change` says (8.4); one that was taken back keeps its `ref` and no words.
    """

    PENDING, SHOWN, REFUSED, REMOVED, GONE = "pending", "shown", "refused", "removed", "gone"

    post = models.ForeignKey(Post, models.CASCADE, related_name="comments")
    ref = models.CharField(max_length=ID_LENGTH, unique=True)
    account = models.CharField(max_length=ID_LENGTH)
    device = models.CharField(max_length=ID_LENGTH)
    number = models.CharField(max_length=22)
    ip = models.CharField(max_length=253)
    port = models.PositiveIntegerField()
    username = models.CharField(max_length=64)
    name = models.CharField(max_length=64)
    text = models.TextField()
    time = models.BigIntegerField()
    received = models.BigIntegerField(default=clock.now)
    state = models.CharField(max_length=8, default=PENDING)
    wire = models.BinaryField()
    change = models.BinaryField(default=b"")
    change_number = models.BigIntegerField(default=0)
    change_hash = models.CharField(max_length=ID_LENGTH, blank=True)
    changed = models.BigIntegerField(null=True, default=None)
    certificate = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "number"], name="comment_once")]
        indexes = [
            models.Index(fields=["post", "state", "time"], name="comment_of_post"),
            models.Index(fields=["account", "state"], name="comment_by_account"),
        ]

    def __str__(self) -> str:
        return self.ref


class EarlyChange(models.Model):
    """A change that came before its comment (SPEC 8.4), until that comes or never can any more."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="early_changes")
    ref = models.CharField(max_length=ID_LENGTH)
    account = models.CharField(max_length=ID_LENGTH)
    received = models.BigIntegerField(default=clock.now)
    wire = models.BinaryField()
    certificate = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ref", "account"], name="early_change_once")]

    def __str__(self) -> str:
        return self.ref


class SentComment(models.Model):
    """A comment that a member of this site made on a post elsewhere, and what became of it there. Of its
    changes the latest is kept, `change_sent` is the number of the last that was delivered."""

    SENDING, FAILED = "sending", "failed"

    user = models.ForeignKey(USER, models.CASCADE, related_name="sent_comments")
    ref = models.CharField(max_length=ID_LENGTH, unique=True)
    post = models.CharField(max_length=URL_LENGTH)
    ip = models.CharField(max_length=253)
    port = models.PositiveIntegerField()
    name = models.CharField(max_length=64)
    text = models.TextField()
    time = models.BigIntegerField()
    state = models.CharField(max_length=8, default=SENDING)
    problem = models.CharField(max_length=64, blank=True)
    wire = models.BinaryField()
    certificate = models.BinaryField()
    change = models.BinaryField(default=b"")
    change_certificate = models.BinaryField(default=b"")
    change_number = models.BigIntegerField(default=0)
    change_sent = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(null=True, default=None)

    class Meta:
        indexes = [models.Index(fields=["user", "post"], name="sent_comment_on_post")]

    def __str__(self) -> str:
        return self.ref


class Moved(models.Model):
    """The newest move that is known of an account (SPEC 4.13), canonical."""

    account = models.CharField(max_length=ID_LENGTH, primary_key=True)
    wire = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return self.account


class Watcher(models.Model):
    """A sister site that asked to be told of new posts of a member (`watch`); it asks again within a week."""

    author = models.ForeignKey(USER, models.CASCADE, related_name="watchers")
    ip = models.CharField(max_length=253)
    port = models.PositiveIntegerField()
    renewed = models.BigIntegerField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "ip", "port"], name="watcher_once")]

    def __str__(self) -> str:
        return f"{self.ip}:{self.port} of {self.author_id}"
