"""The shapes of /api/v1/me for what opens a login: password, factors, sessions."""

from __future__ import annotations

from rest_framework import serializers

from social.accounts.names import MAX_LENGTH
from social.accounts.passkeys import NAME_LENGTH
from social.accounts.passwords import LONGEST
from social.api.shapes import Plain

EMAIL_LENGTH = 254
MILLISECONDS = "milliseconds since 1970"


class SessionShape(Plain):
    id = serializers.CharField()
    browser = serializers.CharField(allow_blank=True)
    system = serializers.CharField(allow_blank=True)
    opened = serializers.IntegerField(help_text=MILLISECONDS)
    seen = serializers.IntegerField(help_text=MILLISECONDS)
    current = serializers.BooleanField()


class FactorShape(Plain):
    since = serializers.IntegerField(help_text=MILLISECONDS)
    used = serializers.IntegerField(allow_null=True, help_text=MILLISECONDS)


class CodesLeftShape(Plain):
    since = serializers.IntegerField(help_text=MILLISECONDS)
    left = serializers.IntegerField()
    total = serializers.IntegerField()


class PasskeyShape(FactorShape):
    id = serializers.IntegerField()
    name = serializers.CharField()


class SecurityShape(Plain):
    totp = FactorShape(allow_null=True)
    recovery_codes = CodesLeftShape(allow_null=True)
    passkeys = PasskeyShape(many=True)
    email = serializers.CharField(allow_blank=True, help_text="empty: none")


class NewTotpShape(Plain):
    secret = serializers.CharField(help_text="base32")
    uri = serializers.CharField(help_text="otpauth, for a QR code")


class CodeShape(Plain):
    code = serializers.CharField(max_length=20)


class NewCodesShape(Plain):
    recovery_codes = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="shown now and never again; null: as before"
    )


class PasskeyNameShape(Plain):
    name = serializers.CharField(max_length=NAME_LENGTH)


class NewPasskeyShape(PasskeyNameShape):
    credential = serializers.DictField(help_text="PublicKeyCredential as JSON (WebAuthn)")


class CreationShape(Plain):
    options = serializers.DictField(help_text="PublicKeyCredentialCreationOptions as JSON (WebAuthn)")


class PasswordShape(Plain):
    password = serializers.CharField(max_length=LONGEST, trim_whitespace=False)


class NameShape(Plain):
    username = serializers.CharField(max_length=MAX_LENGTH)


class EmailShape(Plain):
    email = serializers.EmailField(max_length=EMAIL_LENGTH)


class ChallengeShape(Plain):
    nonce = serializers.CharField()
    expires = serializers.IntegerField(help_text=MILLISECONDS)


class ResetShape(PasswordShape):
    statement = serializers.DictField(help_text="password-reset (protocol 4.12)")


class LinkResetShape(PasswordShape):
    token = serializers.CharField(max_length=200, help_text="what the mailed link ends with")
