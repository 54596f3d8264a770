"""What sign-up checks beyond each field by itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from social.accounts import typed
from social.accounts.models import User


class SignUp(forms.Form):
    """A base of allauth's sign-up form (ACCOUNT_SIGNUP_FORM_CLASS)."""

    def clean(self) -> dict[str, Any]:
        """Judge the password knowing the name."""
        found = super().clean() or self.cleaned_data
        name, password = found.get("username"), found.get("password")
        if name and password:
            try:
                validate_password(typed.password(password), User(username=name))
            except ValidationError as error:
                self.add_error("password", error)
        return found

    def signup(self, request: HttpRequest, user: User) -> None:
        """Nothing more to fill in."""
