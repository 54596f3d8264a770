"""Django's sessions in a table of our own (`LoginSession`), so that a member can list them and end them.

`settings.SESSION_ENGINE`. What is listed is copied from the session's data whenever it is saved; a row that
is gone is never written again, so a request under way cannot bring an ended session back. A login that is
not finished within an hour is forgotten.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

PUBLIC_ID = "public_id"
OPENED = "opened"
BROWSER = "browser"
SYSTEM = "system"
PASSING = frozenset(
    {"passkey", "account_login", "account_authentication_methods", "account_authentication_methods_user"}
)
"""What a login leaves in the session before its last step."""
PASSING_LIFE = timedelta(hours=1)


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> Any:
        from social.accounts.models import LoginSession

        return LoginSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        if data.keys() <= PASSING:
            row.expire_date = timezone.now() + PASSING_LIFE
        row.user_id = data.get(SESSION_KEY)
        row.public_id = data.get(PUBLIC_ID, "")
        row.opened = data.get(OPENED, 0)
        row.browser = data.get(BROWSER, "")
        row.system = data.get(SYSTEM, "")
        return row
