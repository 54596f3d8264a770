"""Paths under /api/v1/ for posts, follows, the timeline and comments."""

from __future__ import annotations

from django.urls import path

from social.api import (
    posts,
    posts_archives,
    posts_comments,
    posts_drafts,
    posts_follows,
    posts_recent,
    posts_search,
    posts_sent,
    posts_timeline,
)

urlpatterns = [
    path("posts", posts.PostsView.as_view()),
    path("posts/preview", posts.PreviewView.as_view()),
    path("posts/statements", posts.StatementsView.as_view()),
    path("posts/<int:pk>", posts.PostView.as_view()),
    path("posts/<int:pk>/versions", posts.VersionsView.as_view()),
    path("posts/<int:pk>/retract", posts.RetractView.as_view()),
    path("posts/<int:pk>/pin", posts.PinView.as_view()),
    path("posts/export", posts_archives.ExportView.as_view()),
    path("imports", posts_archives.ImportsView.as_view()),
    path("imports/<int:pk>", posts_archives.ImportView.as_view()),
    path("drafts", posts_drafts.DraftsView.as_view()),
    path("drafts/<int:pk>", posts_drafts.DraftView.as_view()),
    path("recent", posts_recent.RecentView.as_view()),
    path("search", posts_search.SearchView.as_view()),
    path("follows", posts_follows.FollowsView.as_view()),
    path("follows/opml", posts_follows.OpmlView.as_view()),
    path("follows/look", posts_follows.LookView.as_view()),
    path("follows/<int:pk>", posts_follows.FollowView.as_view()),
    path("timeline", posts_timeline.TimelineView.as_view()),
    path("timeline/read", posts_timeline.ReadView.as_view()),
    path("timeline/<str:name>", posts_timeline.LineView.as_view()),
    path("timeline/<str:name>/shows/<int:place>", posts_timeline.LineShowsView.as_view()),
    path("timeline/<str:name>/comments", posts_timeline.LineCommentsView.as_view()),
    path("timeline/<str:name>/bump", posts_recent.BumpView.as_view()),
    path("timeline/<str:name>/recommend", posts_recent.RecommendView.as_view()),
    path("timeline/<str:name>/comments/changes", posts_timeline.LineChangesView.as_view()),
    path("posts/<int:pk>/replies", posts_comments.RepliesView.as_view()),
    path("mentions/<int:pk>/show", posts_comments.MentionShowView.as_view()),
    path("mentions/<int:pk>/hide", posts_comments.MentionHideView.as_view()),
    path("comments/sent", posts_sent.SentView.as_view()),
    path("comments/sent/changes", posts_sent.SentTakeBackView.as_view()),
    path("comments/pending", posts_comments.PendingView.as_view()),
    path("comments/<int:pk>/approve", posts_comments.ApproveView.as_view()),
    path("comments/<int:pk>/refuse", posts_comments.RefuseView.as_view()),
]
