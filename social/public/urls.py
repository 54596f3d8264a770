"""Public paths. Names and slugs are judged by the table of pages, not here."""

from django.urls import path, re_path

from social.public import views
from social.public.comments import incoming
from social.public.mentions import incoming as mentioned
from social.public.search import search

urlpatterns = [
    path("search", search),
    path("webmention", mentioned),
    path("@<str:username>/<str:slug>/comments", incoming),
    re_path(r"^(?:@.*|rules|privacy|imprint|public-[0-9a-f]{16}\.(?:css|svg))?$", views.page),
]
