"""The tables around one's own posts: tags, earlier versions, drafts, what readers lift up, search, archives.

Times are milliseconds since 1970. All of it goes with its post; none of it is needed to show a post.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from federation import clock

USER = settings.AUTH_USER_MODEL
TAG_LENGTH = 40
NAME_LENGTH = 3 * TAG_LENGTH  # a letter's lower case can be longer than itself
TITLE_LENGTH = 200
URL_LENGTH = 2000
ALT_LENGTH = 1500


class PostTag(models.Model):
    """A tag of a post, from its field or its words: `label` as written, `name` as compared and in paths."""

    post = models.ForeignKey("posts.Post", models.CASCADE, related_name="labels")
    name = models.CharField(max_length=NAME_LENGTH)
    label = models.CharField(max_length=TAG_LENGTH)
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "name"], name="tag_once")]
        indexes = [models.Index(fields=["name"], name="tag_name")]
        ordering = ["place"]

    def __str__(self) -> str:
        return self.label


class Attachment(models.Model):
    """A picture or file that a post shows, at its place; `alt` describes it."""

    post = models.ForeignKey("posts.Post", models.CASCADE, related_name="attachments")
    media = models.ForeignKey("media.Media", models.PROTECT, related_name="attachments")
    alt = models.CharField(max_length=ALT_LENGTH, blank=True)
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "media"], name="attachment_once")]
        ordering = ["place"]

    def __str__(self) -> str:
        return f"{self.media_id} on {self.post_id}"


class PostVersion(models.Model):
    """What a post said before an edit; `time` is when it began to say so."""

    post = models.ForeignKey("posts.Post", models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    source = models.TextField(blank=True)
    body = models.JSONField(default=list)
    time = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "number"], name="version_once")]
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.post_id} version {self.number}"


class SignedPost(models.Model):
    """The newest version of a post as a device of its author signed it (SPEC 8.5), or the end of it."""

    post = models.OneToOneField("posts.Post", models.CASCADE, primary_key=True, related_name="signed")
    wire = models.BinaryField()
    certificate = models.BinaryField()

    def __str__(self) -> str:
        return f"statement of {self.post_id}"


class Draft(models.Model):
    """A half-written post, or a half-made change to `post`. Nobody but its author ever sees it."""

    user = models.ForeignKey(USER, models.CASCADE, related_name="drafts")
    post = models.ForeignKey("posts.Post", models.CASCADE, null=True, related_name="drafts")
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    source = models.TextField(blank=True)
    tags = models.JSONField(default=list)
    shows = models.JSONField(default=list)
    created = models.BigIntegerField(default=clock.now)
    updated = models.BigIntegerField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "post"], name="draft_of_post_once")]
        indexes = [models.Index(fields=["user", "-updated", "-id"], name="draft_newest")]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class Bump(models.Model):
    """A member lifted a post of this site into the recent views; `time` is when they last did."""

    post = models.ForeignKey("posts.Post", models.CASCADE, related_name="bumps")
    user = models.ForeignKey(USER, models.CASCADE, related_name="bumps")
    time = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "user"], name="bump_once")]
        indexes = [models.Index(fields=["-time", "-post"], name="bump_newest")]

    def __str__(self) -> str:
        return f"{self.user_id} bumped {self.post_id}"


class Recommendation(models.Model):
    """A member lists a post for others: one of this site (`post`), or one from elsewhere by what was known
    of it when they did, so that it stays when the feed forgets it."""

    user = models.ForeignKey(USER, models.CASCADE, related_name="recommendations")
    post = models.ForeignKey("posts.Post", models.CASCADE, null=True, related_name="recommendations")
    url = models.CharField(max_length=URL_LENGTH)
    title = models.CharField(max_length=300)
    author = models.CharField(max_length=300, blank=True)
    time = models.BigIntegerField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "url"], name="recommendation_once")]
        indexes = [models.Index(fields=["-time", "-id"], name="recommendation_newest")]

    def __str__(self) -> str:
        return self.url


class SearchText(models.Model):
    """What a post is searched by: title, words and tags, folded (`searching.fold`)."""

    post = models.OneToOneField("posts.Post", models.CASCADE, primary_key=True, related_name="search")
    text = models.TextField()

    def __str__(self) -> str:
        return f"search text of {self.post_id}"


class Import(models.Model):
    """An archive of `total` bytes that a member brought. The file is in the data folder until the job has
    read it; `seen` of its entries were looked at, `files` were brought along."""

    WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"

    user = models.ForeignKey(USER, models.CASCADE, related_name="imports")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=8, default=WAITING)
    problem = models.CharField(max_length=64, blank=True)
    total = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    skipped = models.JSONField(default=dict)
    time = models.BigIntegerField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="import_newest")]

    def __str__(self) -> str:
        return self.name
