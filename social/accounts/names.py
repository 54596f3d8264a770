"""User names: what SPEC section 3 allows, said in friendly words."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

MAX_LENGTH = 32
PATTERN = r"[a-z0-9](?:[a-z0-9_-]{0,30}[a-z0-9])?"

validate_username = RegexValidator(
    rf"^{PATTERN}\Z",
    _("Use 1 to 32 small letters, digits, - and _; start and end with a letter or digit."),
    code="username",
)
VALIDATORS = [validate_username]
