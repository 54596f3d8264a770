"""The part of allauth's headless API that this site offers: sign-up, login in its steps, and its end.

What needs e-mail or a phone stays off. What changes a login (password, factors, sessions) is under
/api/v1/me.
"""

from __future__ import annotations

from allauth.headless.account.views import SessionView
from allauth.headless.base.views import ConfigView
from allauth.headless.constants import Client
from django.urls import include, path

from social.accounts import login

VIEWS = {
    "config": ("config", ConfigView),
    "auth/session": ("current_session", SessionView),
    "auth/login": ("login", login.LoginView),
    "auth/signup": ("signup", login.SignUpView),
    "auth/reauthenticate": ("reauthenticate", login.PasswordAgainView),
    "auth/2fa/authenticate": ("mfa_authenticate", login.CodeView),
    "auth/2fa/reauthenticate": ("mfa_reauthenticate", login.CodeAgainView),
    "auth/webauthn/login": ("login_webauthn", login.PasskeyLoginView),
    "auth/webauthn/authenticate": ("authenticate_webauthn", login.PasskeyStepView),
    "auth/webauthn/reauthenticate": ("reauthenticate_webauthn", login.PasskeyAgainView),
}

views = [
    path(route, view.as_api_view(client=Client.BROWSER), name=name) for route, (name, view) in VIEWS.items()
]
app_name = "headless"
account = path("", include((views, "headless"), namespace="account"))
urlpatterns = [path("browser/v1/", include(([account], "headless"), namespace="browser"))]
