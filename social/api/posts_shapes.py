"""The shapes of /api/v1 for posts, follows, timeline and comments. Times are milliseconds since 1970."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from social.api.media_shapes import ShownMediaShape
from social.api.shapes import Plain
from social.posts.exhibits import MOST as MOST_SHOWN
from social.posts.markdown import MAX_SOURCE
from social.posts.opml import MAX_BYTES
from social.posts.post_models import ALT_LENGTH, TAG_LENGTH
from social.posts.replying import POLICIES
from social.posts.tags import MOST as MOST_TAGS
from social.posts.writing import MAX_TITLE

FOLLOWED_KINDS = ["member", "site", "json", "atom", "rss", "hfeed", "activitypub"]
NODE_HELP = "a sanitised tree: each node is text, or {tag, attrs, children}"


class Body(serializers.JSONField):
    """A sanitised tree, never HTML."""

    def __init__(self, **options: Any) -> None:
        super().__init__(help_text=NODE_HELP, **options)


class MarkdownField(serializers.CharField):
    """Markdown, as it was typed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_blank=True, trim_whitespace=False, max_length=MAX_SOURCE, **options)


class SourceShape(Plain):
    source = MarkdownField()  # type: ignore[assignment]


class PreviewShape(Plain):
    body = Body()


class TagsField(serializers.ListField):
    """Tags as typed; the service judges them."""

    def __init__(self, **options: Any) -> None:
        label = serializers.CharField(max_length=2 * TAG_LENGTH, allow_blank=True)
        super().__init__(child=label, max_length=2 * MOST_TAGS, **options)


class AttachedShape(Plain):
    uid = serializers.UUIDField(help_text="of a file of mine")
    alt = serializers.CharField(allow_blank=True, required=False, default="", max_length=ALT_LENGTH)


class AttachedField(serializers.ListField):
    """What the post shows, in this order."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=AttachedShape(), max_length=MOST_SHOWN, **options)


class ShowsShape(Plain):
    media = ShownMediaShape()
    alt = serializers.CharField(allow_blank=True)


class WordsShape(Plain):
    title = serializers.CharField(allow_null=True, allow_blank=True, required=False, max_length=MAX_TITLE)
    source = MarkdownField()  # type: ignore[assignment]
    tags = TagsField(required=False)
    shows = AttachedField(required=False)


class SignedField(serializers.JSONField):
    """A version of a post as a device of its author signed it."""

    def __init__(self, **options: Any) -> None:
        words = "{post, certificate}: what is asked for, signed (protocol 8.5)"
        super().__init__(required=False, allow_null=True, help_text=words, **options)


class StatementShape(Plain):
    post = serializers.JSONField(help_text="a version of a post (protocol 8.5)")
    certificate = serializers.JSONField(help_text="the certificate of the signing device (protocol 4.1)")


class StatementsShape(Plain):
    posts = StatementShape(many=True)
    next = serializers.IntegerField(allow_null=True, help_text="where to go on; null after the last")


class RetractShape(Plain):
    signed = SignedField()


class WriteShape(WordsShape):
    signed = SignedField()
    uid = serializers.UUIDField(required=False, help_text="made by the writer: sent twice it is one post")
    draft = serializers.IntegerField(required=False, help_text="the draft that is published by it")


class EditShape(WordsShape):
    signed = SignedField()
    source = MarkdownField(required=False)
    open_history = serializers.BooleanField(required=False)
    draft = serializers.IntegerField(required=False, help_text="the draft of this change")


class PostShape(Plain):
    id = serializers.IntegerField()
    timeline = serializers.CharField(help_text="the id of the post in the timeline")
    uid = serializers.CharField(help_text="urn:uuid, stays when the site moves")
    slug = serializers.CharField()
    url = serializers.CharField()
    title = serializers.CharField(allow_null=True)
    source = MarkdownField()  # type: ignore[assignment]
    body = Body()
    tags = TagsField(help_text="those of the field")
    all_tags = TagsField(help_text="with those in the words")
    shows = ShowsShape(many=True)
    published = serializers.IntegerField()
    updated = serializers.IntegerField()
    version = serializers.IntegerField(help_text="from 1, one more with each edit")
    pinned = serializers.BooleanField()
    open_history = serializers.BooleanField(help_text="whether everybody may read earlier versions")


class PostsShape(Plain):
    posts = PostShape(many=True)


class AddressTextShape(Plain):
    address = serializers.CharField(
        max_length=2_000, help_text="`@bob@example.org`, or the URL of a site, a page or a feed"
    )


class FollowShape(Plain):
    id = serializers.IntegerField()
    address = serializers.CharField(allow_null=True, help_text="of a person; null for other feeds")
    name = serializers.CharField()
    url = serializers.CharField(help_text="the page to read it at")
    picture = serializers.CharField(allow_null=True, help_text="a small square")
    kind = serializers.ChoiceField(FOLLOWED_KINDS)
    since = serializers.IntegerField()
    polled = serializers.IntegerField(allow_null=True)
    problem = serializers.CharField(allow_null=True, help_text="a code, while it cannot be read")
    title = serializers.CharField(help_text="what I call it; mostly empty", allow_blank=True)
    muted = serializers.BooleanField(help_text="followed, and out of the timeline")


class FollowChangeShape(Plain):
    title = serializers.CharField(required=False, allow_blank=True, max_length=100)
    muted = serializers.BooleanField(required=False)


class OpmlShape(Plain):
    opml = serializers.CharField(max_length=MAX_BYTES, trim_whitespace=False)


class OpmlReportShape(Plain):
    added = serializers.ListField(child=serializers.CharField())
    known = serializers.ListField(child=serializers.CharField())
    refused = serializers.ListField(child=serializers.CharField())


class RecentShape(Plain):
    title = serializers.CharField(allow_blank=True, help_text="without one, how it begins")
    url = serializers.CharField(allow_blank=True)
    published = serializers.IntegerField(allow_null=True)


class FeedLinkShape(Plain):
    url = serializers.CharField()
    kind = serializers.ChoiceField(FOLLOWED_KINDS)
    title = serializers.CharField(allow_blank=True)


class FollowPreviewShape(Plain):
    url = serializers.CharField(help_text="what to follow")
    home = serializers.CharField(help_text="the page to read it at")
    name = serializers.CharField()
    kind = serializers.ChoiceField(FOLLOWED_KINDS)
    address = serializers.CharField(allow_null=True)
    follow = serializers.IntegerField(allow_null=True, help_text="the follow there is already")
    posts = RecentShape(many=True)
    others = FeedLinkShape(many=True)


class FollowsShape(Plain):
    follows = FollowShape(many=True)


class AuthorShape(Plain):
    name = serializers.CharField()
    address = serializers.CharField(allow_null=True)
    url = serializers.CharField(allow_blank=True)
    picture = serializers.CharField(allow_null=True, help_text="a small square")


class SourceOfShape(Plain):
    title = serializers.CharField()
    url = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(["own", "recommended", *FOLLOWED_KINDS])


SIGNATURES = ["unsigned", "words", "signed", "wrong"]


class ItemShape(Plain):
    id = serializers.CharField()
    cursor = serializers.CharField(help_text="its place in the timeline")
    url = serializers.CharField(allow_blank=True)
    title = serializers.CharField(allow_null=True)
    author = AuthorShape()
    source = SourceOfShape()  # type: ignore[assignment]
    published = serializers.IntegerField()
    updated = serializers.IntegerField()
    body = Body()
    comments_count = serializers.IntegerField()
    comments_open = serializers.BooleanField()
    signature = serializers.ChoiceField(
        SIGNATURES,
        help_text="whether its author's device signed this, or not its pictures; unsigned if of this site",
    )
    own = serializers.BooleanField()
    post = serializers.IntegerField(allow_null=True, help_text="the id under /posts if it is my own")
    tags = serializers.ListField(child=serializers.CharField())
    shows = ShowsShape(many=True)
    pinned = serializers.BooleanField()
    version = serializers.IntegerField(help_text="from 1; 1 if it is not of this site")
    bumpable = serializers.BooleanField(help_text="whether it is a post of this site")
    bumped = serializers.IntegerField(allow_null=True, help_text="when I last bumped it")
    recommended = serializers.BooleanField(help_text="whether I recommend it")
    recommender = AuthorShape(
        allow_null=True, help_text="somebody followed who recommends it; it is then only named, not shown"
    )


class TimelineShape(Plain):
    items = ItemShape(many=True)
    next = serializers.CharField(allow_null=True)
    read = serializers.CharField(allow_null=True, help_text="the cursor of the newest line that was seen")


class ReadShape(Plain):
    cursor = serializers.CharField(max_length=40)


class CommentShape(Plain):
    id = serializers.CharField()
    ref = serializers.CharField(help_text="what a change of it names (protocol 8.4)")
    changed = serializers.IntegerField(allow_null=True, help_text="when its author changed it last")
    number = serializers.IntegerField(help_text="of its last change; the next is one more")
    name = serializers.CharField()
    address = serializers.CharField()
    text = serializers.CharField()
    time = serializers.IntegerField()
    state = serializers.ChoiceField(["sending", "pending", "shown", "refused", "removed", "failed"])
    problem = serializers.CharField(allow_blank=True)
    own = serializers.BooleanField()


class CommentsShape(Plain):
    comments = CommentShape(many=True)


class SentCommentShape(Plain):
    ref = serializers.CharField(help_text="what a change of it names (protocol 8.4)")
    post = serializers.CharField(help_text="the URL of the post")
    name = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)
    time = serializers.IntegerField()
    number = serializers.IntegerField(help_text="of its last change; the next is one more")
    taken_back = serializers.BooleanField(help_text="taken back here, the other site is yet to hear it")


class SentCommentsShape(Plain):
    comments = SentCommentShape(many=True)


class SignedCommentShape(Plain):
    comment = serializers.JSONField(help_text="a signed comment (protocol 8.3)")
    certificate = serializers.JSONField(help_text="the certificate of the signing device (protocol 4.1)")


class SignedChangeShape(Plain):
    change = serializers.JSONField(help_text="a signed change of a comment (protocol 8.4)")
    certificate = serializers.JSONField(help_text="the certificate of the signing device (protocol 4.1)")


class RepliesShape(Plain):
    replies = serializers.ChoiceField(POLICIES, help_text="who may comment on it")


class JudgedPostShape(Plain):
    title = serializers.CharField()
    url = serializers.CharField()


class WaitingCommentShape(Plain):
    id = serializers.IntegerField()
    name = serializers.CharField()
    address = serializers.CharField()
    url = serializers.CharField()
    text = serializers.CharField()
    time = serializers.IntegerField()
    state = serializers.CharField()
    post = JudgedPostShape()


class WaitingMentionShape(Plain):
    id = serializers.IntegerField()
    name = serializers.CharField()
    url = serializers.CharField(help_text="the page that mentions it")
    kind = serializers.CharField(help_text="mention, reply, like or repost")
    text = serializers.CharField(allow_blank=True)
    time = serializers.IntegerField()
    state = serializers.CharField()
    post = JudgedPostShape(allow_null=True, help_text="null if it is me who is mentioned")


class WaitingCommentsShape(Plain):
    comments = WaitingCommentShape(many=True)
    mentions = WaitingMentionShape(many=True)
