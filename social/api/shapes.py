"""The shapes of /api/v1 for accounts, keys and people: what comes in is checked by them, what goes out is
named."""

from __future__ import annotations

from rest_framework import serializers

from social.accounts import invites, languages
from social.accounts.models import Invite, User
from social.people.models import ALT_LENGTH, LINE_LENGTH, NAME_LENGTH, TEXT_LENGTH
from social.safety import company


class Plain(serializers.Serializer):  # type: ignore[type-arg]
    """Base of all shapes: nothing is saved through them."""


class AddressShape(Plain):
    ip = serializers.CharField()
    port = serializers.IntegerField()
    username = serializers.CharField(allow_blank=True)


class SiteShape(Plain):
    name = serializers.CharField()
    address = AddressShape()
    key = serializers.CharField()
    setup = serializers.ChoiceField(["open", "done"])
    mail = serializers.BooleanField(help_text="whether this site can send e-mail to its members")
    csrf = serializers.CharField()


class SetupShape(Plain):
    token = serializers.CharField(max_length=200)


class JoinShape(Plain):
    token = serializers.CharField(max_length=200)


class NewInviteShape(Plain):
    label = serializers.CharField(max_length=Invite.LABEL_LENGTH, allow_blank=True)  # type: ignore[assignment]
    days = serializers.IntegerField(min_value=1, max_value=invites.MOST_DAYS)
    uses = serializers.IntegerField(min_value=1, max_value=invites.MOST_USES)


class InviteShape(Plain):
    id = serializers.IntegerField()
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    maker = serializers.CharField(allow_blank=True, help_text="a username")
    made = serializers.IntegerField(help_text="milliseconds since 1970")
    expires = serializers.IntegerField(help_text="milliseconds since 1970")
    uses = serializers.IntegerField()
    open = serializers.BooleanField(help_text="still lets somebody in")
    members = serializers.ListField(child=serializers.CharField(), help_text="usernames of who came by it")


class InvitesShape(Plain):
    invites = InviteShape(many=True)
    moderators_may = serializers.BooleanField(help_text="moderators may invite too")


class InvitersShape(Plain):
    moderators_may = serializers.BooleanField()


class InviteMadeShape(InviteShape):
    link = serializers.CharField(help_text="shown this once")


class PictureShape(Plain):
    url = serializers.CharField(help_text="a square of 512 pixels")
    small = serializers.CharField(help_text="a square of 192 pixels")
    alt = serializers.CharField(allow_blank=True)


class PictureChoiceShape(Plain):
    uid = serializers.UUIDField(help_text="one of my files")
    alt = serializers.CharField(max_length=ALT_LENGTH, allow_blank=True, required=False, default="")


class ProfileShape(Plain):
    name = serializers.CharField()
    position = serializers.CharField(allow_blank=True)
    description = serializers.CharField(allow_blank=True)
    location = serializers.CharField(allow_blank=True)
    updated = serializers.IntegerField(allow_null=True, help_text="milliseconds since 1970")
    picture = PictureShape(allow_null=True)


class ProfileChangeShape(Plain):
    name = serializers.CharField(max_length=NAME_LENGTH, allow_blank=True, required=False)
    position = serializers.CharField(max_length=LINE_LENGTH, allow_blank=True, required=False)
    description = serializers.CharField(max_length=TEXT_LENGTH, allow_blank=True, required=False)
    location = serializers.CharField(max_length=LINE_LENGTH, allow_blank=True, required=False)
    picture = PictureChoiceShape(required=False, allow_null=True, help_text="null: none")


class LanguageShape(Plain):
    language = serializers.ChoiceField(list(languages.NAMES))


class SignedProfileShape(Plain):
    profile = serializers.JSONField(help_text="name and beacons, signed by a device (protocol 4.13)")
    certificate = serializers.JSONField(help_text="the certificate of the signing device (protocol 4.1)")


class BeaconsShape(Plain):
    number = serializers.IntegerField(help_text="of the newest statement; 0 where there is none")
    beacons = AddressShape(many=True, help_text="sites, in the order in which they are asked")


class LightShape(Plain):
    shown = serializers.BooleanField(help_text="others on this site see that I am connected")


class VisitorHereShape(Plain):
    handle = serializers.CharField(help_text="names it to this site only")
    name = serializers.CharField(help_text="a few letters")


class MeShape(Plain):
    username = serializers.CharField()
    address = AddressShape()
    account = serializers.CharField(allow_null=True)
    role = serializers.ChoiceField(User.ROLES)
    language = serializers.CharField(allow_blank=True, help_text="empty: never chosen")
    light_shown = serializers.BooleanField(help_text="others on this site see that I am connected")
    may_invite = serializers.BooleanField()
    profile = ProfileShape()
    csrf = serializers.CharField()


class ListShape(Plain):
    list = serializers.DictField(help_text="a device list (protocol 4.2)")
    revocations = serializers.ListField(
        child=serializers.DictField(),
        max_length=64,
        required=False,
        help_text="of the account's devices, sorted by device (protocol 4.9)",
    )
    proof = serializers.DictField(
        required=False, help_text="with the first list: a listed device's possession (protocol 4.15)"
    )


class DeviceShape(Plain):
    device = serializers.CharField()
    name = serializers.CharField(allow_blank=True, help_text="what its member calls it")
    browser = serializers.CharField(allow_blank=True, help_text="of the login that it came with")
    system = serializers.CharField(allow_blank=True)
    online = serializers.BooleanField()
    last_seen = serializers.IntegerField(allow_null=True, help_text="milliseconds since 1970")
    listed = serializers.IntegerField(allow_null=True, help_text="milliseconds since 1970")
    prekey_time = serializers.IntegerField(help_text="of its signed prekey, 0 for none")
    one_time = serializers.IntegerField(help_text="one-time prekeys that are left")


class AbandonShape(Plain):
    username = serializers.CharField(max_length=64, help_text="my own, as a confirmation")


class DeviceNameShape(Plain):
    name = serializers.CharField(max_length=64, allow_blank=True)


class KeysShape(Plain):
    list = serializers.DictField(allow_null=True, help_text="the newest device list, null before enrolment")
    revocations = serializers.ListField(child=serializers.DictField(), help_text="(protocol 4.9)")
    freshness = serializers.DictField(allow_null=True, help_text="(protocol 4.11)")
    prekeys_left = serializers.DictField(child=serializers.IntegerField(), help_text="by device id")


class VaultShape(Plain):
    device = serializers.CharField()
    online = serializers.BooleanField()
    last_seen = serializers.IntegerField(allow_null=True, help_text="milliseconds since 1970")
    listed = serializers.IntegerField(help_text="milliseconds since 1970")


class WaitingShape(Plain):
    slot = serializers.CharField()
    role = serializers.CharField(help_text="vault or member")
    name = serializers.CharField(allow_blank=True)
    since = serializers.IntegerField(help_text="milliseconds since 1970")


class NewestPostShape(Plain):
    id = serializers.CharField()
    url = serializers.CharField(allow_blank=True)
    title = serializers.CharField(allow_blank=True)
    published = serializers.CharField(allow_blank=True, help_text="RFC 3339, or empty")


class PersonShape(ProfileShape):
    address = AddressShape()
    account = serializers.CharField(allow_null=True)
    url = serializers.CharField()
    local = serializers.BooleanField()
    following = serializers.BooleanField()
    posts = NewestPostShape(many=True)


class NeighbourShape(Plain):
    address = serializers.CharField()
    name = serializers.CharField()
    position = serializers.CharField(allow_blank=True)
    picture = serializers.CharField(allow_null=True, help_text="a small square")
    light = serializers.ChoiceField(company.LIGHTS)
    own = serializers.BooleanField()


class CompanyShape(Plain):
    people = NeighbourShape(many=True)
    visitors = VisitorHereShape(many=True)
    further = serializers.IntegerField(help_text="visitors who are not listed")


class FailureShape(Plain):
    code = serializers.CharField()
    message = serializers.CharField()
