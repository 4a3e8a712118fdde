"""Owners' shares as the API takes them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.kit.api import Input


class ShareInput(Input):
    """One owner."""

    agency = serializers.CharField(max_length=32)
    percent = serializers.DecimalField(max_digits=9, decimal_places=4)


class SharesInput(Input):
    """The owners of an asset; their parts sum to exactly 100."""

    shares = serializers.ListField(child=ShareInput(), max_length=100)

    def validate_shares(self, shares: list[dict[str, Any]]) -> dict[str, Any]:
        by_owner = {share["agency"]: share["percent"] for share in shares}
        if len(by_owner) != len(shares):
            raise serializers.ValidationError(_("Name every owner once."))
        return by_owner
