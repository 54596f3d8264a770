"""Paths that other sites ask for. The websocket `/federation/link` is routed by the ASGI application."""

from django.urls import path

from federation import views

urlpatterns = [
    path(".well-known/porchlight", views.site_document),
    path("federation/inbox", views.receive),
]
