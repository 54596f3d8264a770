"""The part of allauth's headless API that this site offers: sign-up, login, session and password.

What needs e-mail or a phone stays off, as nothing here asks for either.
"""

from __future__ import annotations

from allauth.headless.account.views import (
    ChangePasswordView,
    LoginView,
    ReauthenticateView,
    SessionView,
    SignupView,
)
from allauth.headless.base.views import ConfigView
from allauth.headless.constants import Client
from django.urls import include, path

VIEWS = {
    "config": ("config", ConfigView),
    "auth/session": ("current_session", SessionView),
    "auth/login": ("login", LoginView),
    "auth/signup": ("signup", SignupView),
    "auth/reauthenticate": ("reauthenticate", ReauthenticateView),
    "account/password/change": ("change_password", ChangePasswordView),
}

views = [
    path(route, view.as_api_view(client=Client.BROWSER), name=name) for route, (name, view) in VIEWS.items()
]
app_name = "headless"
account = path("", include((views, "headless"), namespace="account"))
urlpatterns = [path("browser/v1/", include(([account], "headless"), namespace="browser"))]
