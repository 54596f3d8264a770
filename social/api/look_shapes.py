"""The shapes of site/look."""

from __future__ import annotations

from rest_framework import serializers

from social.api.shapes import Plain


class ThemeShape(Plain):
    name = serializers.CharField()
    title = serializers.CharField()
    author = serializers.CharField(allow_blank=True)
    problem = serializers.CharField(allow_blank=True, help_text="why it cannot be used")
    tokens = serializers.DictField(child=serializers.CharField(), help_text="custom properties, by name")


class LookShape(Plain):
    theme = serializers.CharField(allow_blank=True, help_text="the one in use; empty: the site's own look")
    stylesheet = serializers.CharField(allow_blank=True, help_text="what the app wears of it; empty: nothing")
    plain = serializers.DictField(
        child=serializers.CharField(), help_text="custom properties of the site's own look"
    )
    themes = ThemeShape(many=True)


class ThemeChoiceShape(Plain):
    theme = serializers.CharField(max_length=32, allow_blank=True)
