"""The shapes of /api/v1/media."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from rest_framework import serializers

from social.api.shapes import Plain
from social.media.models import Media
from social.media.shown import Shown, shown

KINDS = [Media.IMAGE, Media.AUDIO, Media.VIDEO, Media.DOCUMENT]
STATES = [Media.WORKING, Media.READY, Media.REFUSED]


class MediaFileShape(Plain):
    url = serializers.CharField()
    type = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    hash = serializers.CharField(
        allow_null=True, help_text="SHA-256 of these bytes in base64url, where it is known"
    )


class ShownMediaShape(Plain):
    """What readers see."""

    uid = serializers.CharField()
    kind = serializers.ChoiceField(KINDS)
    name = serializers.CharField()
    blurhash = serializers.CharField(allow_blank=True)
    whole = MediaFileShape()
    smaller = MediaFileShape(many=True)
    moving = MediaFileShape(allow_null=True)


class OwnMediaShape(Plain):
    """What its owner sees. `shown` is null until it is ready; its URLs work for the owner at once."""

    uid = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(STATES)
    problem = serializers.CharField(allow_blank=True)
    size = serializers.IntegerField()
    created = serializers.IntegerField()
    uses = serializers.IntegerField(help_text="how many public things show it")
    shown = ShownMediaShape(allow_null=True)


class LibraryShape(Plain):
    media = OwnMediaShape(many=True)


class UsageShape(Plain):
    """Bytes."""

    quota = serializers.IntegerField()
    used = serializers.IntegerField()
    coming = serializers.IntegerField()
    free = serializers.IntegerField()
    kinds = serializers.DictField(child=serializers.IntegerField())


def public(media: Media) -> dict[str, Any]:
    return asdict(shown(media))


def own(media: Media) -> dict[str, Any]:
    """A medium with `files` and `uses` loaded."""
    uses = len(media.uses.all())
    found = shown(media) if media.state == Media.READY else None
    return {
        "uid": str(media.uid),
        "name": media.name,
        "kind": media.kind,
        "state": media.state,
        "problem": media.problem,
        "size": media.size,
        "created": media.created,
        "uses": uses,
        "shown": asdict(found if uses else at_owner(found)) if found else None,
    }


def at_owner(found: Shown) -> Shown:
    """With the URLs that work before anything public shows it."""

    def moved(file: Any) -> Any:
        name = file.url.rsplit("/", 1)[1]
        return replace(file, url=f"/api/v1/media/{found.uid}/files/{name}")

    return replace(
        found,
        whole=moved(found.whole),
        smaller=tuple(moved(file) for file in found.smaller),
        moving=moved(found.moving) if found.moving else None,
    )
