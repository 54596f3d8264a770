"""Users of this site and the public halves of their keys (SPEC section 4). Nothing private is stored.

A `User` logs in with name and password; once enrolled, `account` is the account key that it is an address of.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

from federation import clock
from social.accounts import typed
from social.accounts.names import MAX_LENGTH, VALIDATORS

ID_LENGTH = 43
"""Of account and device ids (SPEC 2.2)."""


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.full_clean()
        user.save(using=self._db)
        return user

    def welcome(self) -> models.QuerySet[User]:
        """Who may log in: also whoever is leaving, for a login takes that back."""
        return self.filter(models.Q(is_active=True) | models.Q(leaving__isnull=False))


class User(AbstractBaseUser):
    """A member of this site. The owner decides about the site, a moderator about who may do what on it.

    `email` is theirs: a code that was sent there came back. One who is `leaving` is not active, and is erased
    at that time (milliseconds since 1970)."""

    OWNER, MODERATOR, MEMBER = "owner", "moderator", "member"
    ROLES = ((OWNER, OWNER), (MODERATOR, MODERATOR), (MEMBER, MEMBER))

    username = models.CharField(
        max_length=MAX_LENGTH,
        unique=True,
        validators=VALIDATORS,
        error_messages={"unique": "Somebody here has that name already."},
    )
    account = models.CharField(max_length=ID_LENGTH, unique=True, null=True, blank=True, default=None)
    role = models.CharField(max_length=16, choices=ROLES, default=MEMBER)
    language = models.CharField(max_length=8, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    is_active = models.BooleanField(default=True)
    joined = models.DateTimeField(default=timezone.now)
    leaving = models.BigIntegerField(null=True, blank=True, default=None)
    invite = models.ForeignKey(
        "Invite", models.SET_NULL, null=True, blank=True, default=None, related_name="members"
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.username

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(None if raw_password is None else typed.password(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        return super().check_password(None if raw_password is None else typed.password(raw_password))


class LoginSession(AbstractBaseSession):
    """A session of a browser; `user` and what follows are set once somebody has logged in with it.

    `public_id` names it to its member and to the relay and stays when the cookie's key changes; empty
    before a login. Times are milliseconds since 1970.
    """

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    public_id = models.CharField(max_length=22, db_index=True, default="")
    opened = models.BigIntegerField(default=0)
    seen = models.BigIntegerField(default=clock.now)
    browser = models.CharField(max_length=20, default="")
    system = models.CharField(max_length=20, default="")

    @classmethod
    def get_session_store_class(cls) -> type:
        from social.accounts.sessionstore import SessionStore

        return SessionStore


class Bucket(models.Model):
    """How full a throttle's bucket is: empty again at `empty_at` (see `throttle`)."""

    name = models.CharField(max_length=64, primary_key=True)
    empty_at = models.BigIntegerField()

    def __str__(self) -> str:
        return self.name


class Setup(models.Model):
    """The first run, done: at most one row, made in the transaction that makes the first user."""

    THE_ONE = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE)
    done = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="setup_once"),)

    def __str__(self) -> str:
        return f"done {self.done:%Y-%m-%d}"


class FormerName(models.Model):
    """The name of somebody who was erased: nobody gets it again, and its pages say that they are gone."""

    username = models.CharField(max_length=MAX_LENGTH, primary_key=True)

    def __str__(self) -> str:
        return self.username


class Invite(models.Model):
    """A link that lets `uses` people sign up; `used` of them did. `token` is the hash of what the link says
    (see `invites`); times in milliseconds since 1970."""

    LABEL_LENGTH = 80

    token = models.CharField(max_length=ID_LENGTH, unique=True)
    label = models.CharField(max_length=LABEL_LENGTH, blank=True)
    maker = models.ForeignKey(User, models.SET_NULL, null=True, related_name="invites_made")
    made = models.BigIntegerField()
    expires = models.BigIntegerField()
    uses = models.PositiveSmallIntegerField()
    used = models.PositiveSmallIntegerField(default=0)
    revoked = models.BigIntegerField(null=True, default=None)

    def __str__(self) -> str:
        return self.label or f"invite {self.pk}"


class Visitor(models.Model):
    """A browser on the public pages: its self-made account and one device (SPEC 4.10). `session` is the hash
    of its cookie, `facts` and `prefix` are keyed hashes; times in milliseconds since 1970."""

    account = models.CharField(max_length=ID_LENGTH, unique=True)
    device = models.CharField(max_length=ID_LENGTH, unique=True)
    certificate = models.BinaryField(max_length=2048)
    session = models.CharField(max_length=ID_LENGTH, unique=True)
    facts = models.CharField(max_length=70)
    prefix = models.CharField(max_length=ID_LENGTH, db_index=True)
    made = models.BigIntegerField()
    last_seen = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return self.username

    @property
    def username(self) -> str:
        return f"~{self.account}"


class DeviceList(models.Model):
    """The newest device list of a user's account, as it was signed, with the revocations and the freshness
    statement that its keys document carries (canonical JSON)."""

    user = models.OneToOneField(User, models.CASCADE, related_name="device_list")
    number = models.PositiveBigIntegerField()
    wire = models.BinaryField(max_length=16_384)
    revocations = models.BinaryField(max_length=65_536, default=b"[]")
    freshness = models.BinaryField(max_length=1024, null=True, default=None)
    changed = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"list {self.number}"


class Device(models.Model):
    """A device on its account's newest list; a device that leaves the list leaves this table. `label` is what
    its member calls it, `login` the public id of the session with which it last proved its key."""

    user = models.ForeignKey(User, models.CASCADE, related_name="devices")
    device = models.CharField(max_length=ID_LENGTH)
    role = models.CharField(max_length=16)
    label = models.CharField(max_length=64, default="", blank=True)
    login = models.CharField(max_length=22, default="", blank=True)
    listed = models.DateTimeField(default=timezone.now)
    last_seen = models.DateTimeField(null=True, default=None)
    prekey = models.BinaryField(max_length=1024, null=True, default=None)
    prekey_time = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "device"), name="device_once_a_user"),)

    def __str__(self) -> str:
        return self.device


class OneTimePrekey(models.Model):
    """A one-time prekey. Rows stay after they were claimed, so that no upload gives one twice."""

    device = models.ForeignKey(Device, models.CASCADE, related_name="one_time")
    key = models.CharField(max_length=ID_LENGTH)
    claimed = models.DateTimeField(null=True, default=None)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("device", "key"), name="one_time_once"),)
        indexes = (models.Index(fields=("device", "claimed", "id"), name="one_time_next"),)

    def __str__(self) -> str:
        return self.key
