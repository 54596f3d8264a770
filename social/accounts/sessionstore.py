"""Django's sessions in a table of our own (`LoginSession`), so that a member can list them and end them.

`settings.SESSION_ENGINE`. What is listed is copied from the session's data whenever it is saved; a row that
is gone is never written again, so a request under way cannot bring an ended session back.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

PUBLIC_ID = "public_id"
OPENED = "opened"
BROWSER = "browser"
SYSTEM = "system"


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> Any:
        from social.accounts.models import LoginSession

        return LoginSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.public_id = data.get(PUBLIC_ID, "")
        row.opened = data.get(OPENED, 0)
        row.browser = data.get(BROWSER, "")
        row.system = data.get(SYSTEM, "")
        return row
