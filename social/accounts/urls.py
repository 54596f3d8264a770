"""Paths of members' public keys."""

from django.urls import path

from social.accounts import wellknown

urlpatterns = [
    path(".well-known/porchlight/keys/<str:username>", wellknown.document),
    path(".well-known/porchlight/keys/<str:username>/claim", wellknown.claim),
]
