"""Paths under /api/v1/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from social.api import (
    invites,
    keys,
    me,
    me_passkeys,
    me_security,
    me_sessions,
    people,
    pictures,
    resets,
    sites,
    stored,
    takeout,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("site", sites.SiteView.as_view()),
    path("setup", sites.SetupView.as_view()),
    path("join", invites.JoinView.as_view()),
    path("invites", invites.InvitesView.as_view()),
    path("invites/<int:pk>", invites.InviteView.as_view()),
    path("reset", resets.ResetView.as_view()),
    path("reset/challenge", resets.ResetChallengeView.as_view()),
    path("me", me.MeView.as_view()),
    path("me/language", me.LanguageView.as_view()),
    path("me/light", me.LightView.as_view()),
    path("me/profile", me.ProfileView.as_view()),
    path("me/password", me_security.PasswordView.as_view()),
    path("me/sessions", me_sessions.SessionsView.as_view()),
    path("me/sessions/<str:id>", me_sessions.OneSessionView.as_view()),
    path("me/security", me_security.SecurityView.as_view()),
    path("me/security/totp", me_security.TotpView.as_view()),
    path("me/security/recovery-codes", me_security.RecoveryCodesView.as_view()),
    path("me/security/passkeys", me_passkeys.PasskeysView.as_view()),
    path("me/security/passkeys/options", me_passkeys.PasskeyOptionsView.as_view()),
    path("me/security/passkeys/<int:id>", me_passkeys.PasskeyView.as_view()),
    path("me/stored", stored.MyStoredView.as_view()),
    path("me/export", takeout.TakeoutView.as_view()),
    path("me/export/progress", takeout.TakeoutProgressView.as_view()),
    path("site/stored", stored.SiteStoredView.as_view()),
    path("keys", keys.KeysView.as_view()),
    path("keys/list", keys.ListView.as_view()),
    path("keys/devices", keys.DevicesView.as_view()),
    path("keys/devices/<str:device>", keys.DeviceView.as_view()),
    path("vaults", keys.VaultsView.as_view()),
    path("vaults/waiting", keys.WaitingView.as_view()),
    path("people", people.PeopleView.as_view()),
    path("people/lookup", people.LookupView.as_view()),
    path("people/picture", pictures.PersonPictureView.as_view()),
    path("", include("social.api.media_urls")),
    path("", include("social.api.posts_urls")),
    path("", include("social.api.safety_urls")),
]
