"""The shapes of /api/v1 for visitors, moderation, reports and the site's own words."""

from __future__ import annotations

from rest_framework import serializers

from federation.blocks import LONGEST as LONGEST_PATTERN
from social.api.shapes import AddressShape, Plain
from social.safety.blocklists import MAX_TEXT
from social.safety.models import ADDRESS_LENGTH, REASON_LENGTH, Report, SiteText
from social.safety.notices import AUDIENCES, LONGEST
from social.safety.texts import LONGEST as LONGEST_TEXT

MILLISECONDS = "milliseconds since 1970"


class VisitorShape(Plain):
    visitor = AddressShape(allow_null=True, help_text="null: this session has none, begin anew")
    site = AddressShape()
    csrf = serializers.CharField()


class NewVisitorShape(Plain):
    certificate = serializers.DictField(help_text="a device certificate of role visitor (protocol 4.1)")
    facts = serializers.CharField(max_length=2_000, allow_blank=True, required=False, default="")


class PresentShape(Plain):
    handle = serializers.CharField(help_text="names this device to this site only; never a key")
    who = serializers.ChoiceField(["member", "visitor"])
    name = serializers.CharField()
    username = serializers.CharField(allow_blank=True, help_text="of a member")
    blocked_until = serializers.IntegerField(allow_null=True, help_text=MILLISECONDS)
    own = serializers.BooleanField(help_text="this is you")


class BlockShape(Plain):
    id = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    emergency = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)
    made = serializers.IntegerField(help_text=MILLISECONDS)
    until = serializers.IntegerField(help_text=MILLISECONDS)


class ModerationShape(Plain):
    present = PresentShape(many=True)
    blocks = BlockShape(many=True)
    open_reports = serializers.IntegerField()


class NewBlockShape(Plain):
    handle = serializers.CharField(max_length=22, required=False)
    username = serializers.CharField(max_length=32, required=False, help_text="a member, instead of a handle")
    hours = serializers.IntegerField(
        min_value=1, max_value=24, allow_null=True, help_text="null: an emergency, 30 minutes"
    )
    reason = serializers.CharField(max_length=REASON_LENGTH, allow_blank=True, required=False, default="")

    def validate(self, attrs: dict[str, object]) -> dict[str, object]:
        if ("handle" in attrs) == ("username" in attrs):
            raise serializers.ValidationError("Name a device or a member.")
        return attrs


class NoticeShape(Plain):
    handle = serializers.CharField(max_length=22, required=False)
    audience = serializers.ChoiceField(AUDIENCES, required=False, help_text="instead of a handle")
    text = serializers.CharField(max_length=LONGEST)

    def validate(self, attrs: dict[str, object]) -> dict[str, object]:
        if ("handle" in attrs) == ("audience" in attrs):
            raise serializers.ValidationError("Name a device or an audience.")
        return attrs


class ToldShape(Plain):
    devices = serializers.IntegerField(help_text="how many heard it")


class LogEntryShape(Plain):
    id = serializers.IntegerField()
    time = serializers.IntegerField(help_text=MILLISECONDS)
    actor = serializers.CharField(allow_blank=True, help_text="empty: the site itself")
    deed = serializers.CharField()
    target = serializers.CharField(allow_blank=True)
    why = serializers.CharField(allow_blank=True)
    details = serializers.DictField()


class LogShape(Plain):
    entries = LogEntryShape(many=True)


class NewReportShape(Plain):
    what = serializers.ChoiceField(Report.THINGS)
    ref = serializers.CharField(
        max_length=2048, help_text="a URL, a comment's id, an address, a conversation"
    )
    about = serializers.CharField(max_length=ADDRESS_LENGTH, allow_blank=True, required=False, default="")
    reason = serializers.ChoiceField(Report.REASONS)
    text = serializers.CharField(max_length=1000, allow_blank=True, required=False, default="")


class ReportShape(Plain):
    id = serializers.IntegerField()
    what = serializers.ChoiceField(Report.THINGS)
    ref = serializers.CharField()
    about = serializers.CharField(allow_blank=True)
    reason = serializers.ChoiceField(Report.REASONS)
    text = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(Report.STATUSES)
    made = serializers.IntegerField(help_text=MILLISECONDS)
    reporter = serializers.CharField(allow_null=True, help_text="null: it is about you")
    decided = serializers.IntegerField(allow_null=True, help_text=MILLISECONDS)
    decider = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)


class ReportsShape(Plain):
    reports = ReportShape(many=True)


class ReportMadeShape(Plain):
    id = serializers.IntegerField()


class DecisionShape(Plain):
    deed = serializers.ChoiceField(["resolve", "dismiss", "reopen"])
    note = serializers.CharField(max_length=REASON_LENGTH, allow_blank=True, required=False, default="")


class SiteTextShape(Plain):
    name = serializers.ChoiceField(SiteText.KINDS)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]


class SiteTextsShape(Plain):
    texts = SiteTextShape(many=True)


class NewSiteTextShape(Plain):
    source = serializers.CharField(  # type: ignore[assignment]
        max_length=LONGEST_TEXT, allow_blank=True, trim_whitespace=False
    )


class PersonBlockShape(Plain):
    address = serializers.CharField()
    made = serializers.IntegerField(help_text=MILLISECONDS)


class PersonBlocksShape(Plain):
    blocks = PersonBlockShape(many=True)


class NewPersonBlockShape(Plain):
    address = serializers.CharField(max_length=ADDRESS_LENGTH)
    account = serializers.CharField(max_length=43, allow_blank=True, required=False, default="")


class SiteBlockShape(Plain):
    id = serializers.IntegerField()
    pattern = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    made = serializers.IntegerField(help_text=MILLISECONDS)


class SiteBlocksShape(Plain):
    sites = SiteBlockShape(many=True)


class BlockListShape(Plain):
    text = serializers.CharField(max_length=MAX_TEXT, trim_whitespace=False)
    apply = serializers.BooleanField(help_text="false: only say what it would do")


class BlockListReportShape(Plain):
    new = serializers.ListField(child=serializers.CharField())
    known = serializers.ListField(child=serializers.CharField())
    skipped = serializers.ListField(child=serializers.CharField(), help_text="of a milder severity")
    refused = serializers.ListField(child=serializers.CharField(), help_text="no domain, ours, or followed")


class NewSiteBlockShape(Plain):
    pattern = serializers.CharField(max_length=LONGEST_PATTERN)
    reason = serializers.CharField(max_length=REASON_LENGTH, allow_blank=True, required=False, default="")


class MemberRoleShape(Plain):
    username = serializers.CharField()
    role = serializers.ChoiceField(["owner", "moderator", "member"])


class MembersShape(Plain):
    members = MemberRoleShape(many=True)
