"""How allauth behaves here: a name and a password, and sign-up only for who redeemed the first-run token or
an invite."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from social.accounts import addresses, invites, known, setup, throttle
from social.accounts.models import FormerName, User


def password_limits(request: HttpRequest, credentials: dict[str, Any]) -> tuple[throttle.Limit, ...]:
    name = str(credentials.get("username", "")).strip().lower()
    of_account = ("password", f"{name}:{known.mark_of(request, name)}", throttle.PASSWORD_OF_ACCOUNT)
    return of_account, ("failures", addresses.prefix(request), throttle.FAILURES_OF_ADDRESS)


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("Name and password do not go together. Try again."),
        "invalid_login": _("Name and password do not go together. Try again."),
        "username_taken": _("Somebody here has that name already."),
        "username_blacklisted": _("That name cannot be used."),
        "incorrect_password": _("That is not your password."),
        "account_inactive": _("This account is closed."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return setup.may_sign_up(request) or invites.may_sign_up(request)

    def clean_username(self, username: str, shallow: bool = False) -> str:
        cleaned: str = super().clean_username(username.strip().lower(), shallow)
        if FormerName.objects.filter(username=cleaned).exists():
            raise self.validation_error("username_taken")
        return cleaned

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Make the user and end the first run, or count the invite, in one transaction."""
        data = form.cleaned_data
        user.username = data["username"]
        user.set_password(data["password"])
        self.populate_username(request, user)
        if commit:
            (setup if setup.may_sign_up(request) else invites).finish(request, user)
        return user

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> Any:
        """Who is leaving may come back: the end of this login takes it back."""
        return None if user.leaving is not None else super().pre_login(request, user, **kwargs)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try before the password is looked at. Raises Throttled."""
        throttle.take(*password_limits(request, credentials))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        found: User | None = super().authenticate(request, **credentials)
        if found is not None:
            throttle.give_back(*password_limits(request, credentials))
        return found

    def get_client_ip(self, request: HttpRequest) -> str:
        """Limits count an address prefix, not one address of many."""
        return addresses.prefix(request)
