"""Paths under /api/v1/ for files."""

from __future__ import annotations

from django.urls import path

from social.api import media, uploads

urlpatterns = [
    path("media", media.LibraryView.as_view()),
    path("media/usage", media.UsageView.as_view()),
    path("media/uploads", uploads.UploadsView.as_view()),
    path("media/uploads/<uuid:uid>", uploads.UploadView.as_view()),
    path("media/<uuid:uid>", media.MediaView.as_view()),
    path("media/<uuid:uid>/files/<str:name>", media.FileView.as_view()),
]
