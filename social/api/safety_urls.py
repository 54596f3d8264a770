"""Paths under /api/v1/ for visitors, moderation, reports and the site's own words."""

from __future__ import annotations

from django.urls import path

from social.api import (
    looks,
    moderation,
    moderators,
    person_blocks,
    reports,
    site_blocks,
    site_texts,
    visitors,
)

urlpatterns = [
    path("visitor", visitors.VisitorView.as_view()),
    path("moderation", moderation.ModerationView.as_view()),
    path("moderation/blocks", moderation.BlocksView.as_view()),
    path("moderation/blocks/<int:pk>", moderation.BlockView.as_view()),
    path("moderation/notices", moderation.NoticesView.as_view()),
    path("moderation/sites", site_blocks.SiteBlocksView.as_view()),
    path("moderation/sites/list", site_blocks.SiteBlockListView.as_view()),
    path("moderation/sites/<int:pk>", site_blocks.SiteBlockView.as_view()),
    path("moderation/moderators", moderators.ModeratorsView.as_view()),
    path("moderation/moderators/<str:username>", moderators.ModeratorView.as_view()),
    path("moderation/log", moderation.LogView.as_view()),
    path("reports", reports.ReportsView.as_view()),
    path("reports/<int:pk>", reports.ReportView.as_view()),
    path("site/look", looks.LookView.as_view()),
    path("site/look/preview", looks.LookPreviewView.as_view()),
    path("site/look/style", looks.LookStyleView.as_view()),
    path("site/texts", site_texts.SiteTextsView.as_view()),
    path("site/texts/<str:kind>", site_texts.SiteTextView.as_view()),
    path("blocks", person_blocks.PersonBlocksView.as_view()),
    path("blocks/<str:address>", person_blocks.PersonBlockView.as_view()),
]
