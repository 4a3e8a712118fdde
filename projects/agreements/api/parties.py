"""The parties of a text in JSON: how it names each, and as what each is bound."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from portal.kit.api import Input, if_match, verb
from projects.agreements import actions
from projects.agreements.actions.parties import BOUND_AS_LENGTH
from projects.agreements.models import Agreement, Party


class PartySerializer(serializers.ModelSerializer):
    agency = serializers.CharField(source="agency.ref")

    class Meta:
        model = Party
        fields = ["agency", "agency_name", "native_name", "bound_as", "share", "agreed_sha256", "agreed_at"]


class BoundAsInput(Input):
    bound_as = serializers.DictField(
        child=serializers.CharField(max_length=BOUND_AS_LENGTH, allow_blank=True),
        allow_empty=False,
        help_text="Words by reference of party; empty for a party that is bound in its own name.",
    )


class PartyVerbs:
    """Verbs of the collection of agreements."""

    actor: Any
    request: Any
    _again: Any

    @verb(BoundAsInput)
    def set_bound_as(self, agreement: Agreement, *, bound_as: dict[str, str]) -> Agreement:
        """Say as what parties are bound: of a draft all, afterwards your own agency; all agree to the text again."""
        version = if_match(self.request)
        return self._again(actions.set_bound_as(agreement, actor=self.actor, bound_as=bound_as, version=version))
