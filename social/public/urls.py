"""Public paths. Names and slugs are judged by the table of pages, not here."""

from django.urls import path, re_path

from social.public import discovery, views
from social.public.comments import incoming
from social.public.mentions import incoming as mentioned
from social.public.moves import moved
from social.public.search import search
from social.public.sitemap import sitemap
from social.public.webfinger import webfinger

urlpatterns = [
    path("search", search),
    path(".well-known/porchlight/moved/<str:account>", moved),
    path(".well-known/webfinger", webfinger),
    path(".well-known/nodeinfo", discovery.nodeinfo_links),
    path("nodeinfo/2.1", discovery.nodeinfo),
    path(".well-known/host-meta", discovery.host_meta),
    path(".well-known/security.txt", discovery.security),
    path("robots.txt", discovery.robots),
    path("sitemap.xml", sitemap),
    path("sitemap-<int:part>.xml", sitemap),
    path("webmention", mentioned),
    path("@<str:username>/<str:slug>/comments", incoming),
    re_path(r"^(?:@.*|rules|privacy|imprint|stored|public-[0-9a-f]{16}\.(?:css|svg))?$", views.page),
]
