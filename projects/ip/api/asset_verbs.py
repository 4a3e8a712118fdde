"""Verbs about what belongs to an asset, as POSTs of the asset; what they make has a collection of its own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.kit.api import Input, if_match, verb
from projects.ip import actions
from projects.ip.models import Asset, ChangeKind, ContributorRole, StepKind

PARTY = _("Reference of another party of the project.")
OUTSIDE = _("Name of somebody who is no party, instead of a reference.")


class PersonInput(Input):
    """Somebody who made it: a member by uid, or somebody outside by name."""

    person = serializers.UUIDField(required=False)
    name = serializers.CharField(max_length=200, required=False)
    role = serializers.ChoiceField(choices=ContributorRole.choices)
    percent = serializers.DecimalField(max_digits=9, decimal_places=4)


class ContributorsInput(Input):
    """Everybody who made it; their parts sum to exactly 100."""

    contributors = serializers.ListField(child=PersonInput(), max_length=100)

    def validate_contributors(self, rows: list[dict[str, Any]]) -> list[actions.Named]:
        return [
            actions.Named(row["role"], row["percent"], str(row.get("person", "") or ""), row.get("name", ""))
            for row in rows
        ]


class ContributionInput(Input):
    """A part that one's agency made."""

    percent = serializers.DecimalField(max_digits=9, decimal_places=4)
    reason = serializers.CharField(allow_blank=True)


class StepInput(Input):
    """What happened to a right at its office."""

    kind = serializers.ChoiceField(choices=StepKind.choices)
    office = serializers.CharField(max_length=100)
    number = serializers.CharField(max_length=100)
    on = serializers.DateField()
    territory = serializers.CharField(max_length=200, allow_blank=True, required=False)
    remark = serializers.CharField(max_length=400, allow_blank=True, required=False)


class AbandonmentInput(Input):
    """A right that one is about to give up."""

    office = serializers.CharField(max_length=100)
    number = serializers.CharField(max_length=100)
    territory = serializers.CharField(max_length=200, allow_blank=True, required=False)
    reason = serializers.CharField(allow_blank=True)


class TransferInput(Input):
    """Whose the share will be: another party by reference, or somebody outside the project by name."""

    to = serializers.CharField(max_length=32, allow_blank=True, required=False, help_text=PARTY)
    to_name = serializers.CharField(max_length=200, allow_blank=True, required=False, help_text=OUTSIDE)
    percent = serializers.DecimalField(max_digits=9, decimal_places=4)
    reason = serializers.CharField(max_length=2_000, allow_blank=True, required=False)


class LicenceInput(Input):
    """Who may use it, how, and from when: another party by reference, or somebody outside the project by name."""

    licensee = serializers.CharField(max_length=32, allow_blank=True, required=False, help_text=PARTY)
    licensee_name = serializers.CharField(max_length=200, allow_blank=True, required=False, help_text=OUTSIDE)
    is_exclusive = serializers.BooleanField(required=False)
    field = serializers.CharField(
        max_length=300, allow_blank=True, required=False, help_text=_("Empty means every field.")
    )  # type: ignore[assignment]
    territory = serializers.CharField(max_length=300, allow_blank=True, required=False)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True, required=False)


class NarrowingInput(Input):
    """How the access becomes narrower, and why."""

    kind = serializers.ChoiceField(choices=ChangeKind.choices)
    reason = serializers.CharField(allow_blank=True)
    limits_implementation = serializers.CharField(max_length=4_000, allow_blank=True, required=False)
    limits_exploitation = serializers.CharField(max_length=4_000, allow_blank=True, required=False)


class AssetVerbs:
    """Mixed into the collection of assets."""

    actor: Any
    request: Any

    def _again(self, asset: Asset) -> Asset:
        raise NotImplementedError

    @verb(ContributorsInput)
    def set_contributors(self, asset: Asset, **typed: Any) -> Asset:
        """Say who made it; whoever is named is asked to confirm."""
        actions.set_contributors(asset, actor=self.actor, version=if_match(self.request), **typed)
        return self._again(asset)

    @verb(ContributionInput)
    def assert_contribution(self, asset: Asset, **typed: Any) -> Asset:
        """Say within the window that one's agency made a part of a result."""
        actions.assert_contribution(asset, actor=self.actor, **typed)
        return self._again(asset)

    @verb(StepInput)
    def record_step(self, asset: Asset, **typed: Any) -> Asset:
        """Record what happened to a right at its office."""
        actions.record_step(asset, actor=self.actor, **typed)
        return self._again(asset)

    @verb(AbandonmentInput)
    def offer_abandonment(self, asset: Asset, **typed: Any) -> Asset:
        """Offer a right to the others before giving it up."""
        actions.offer_abandonment(asset, actor=self.actor, **typed)
        return self._again(asset)

    @verb(TransferInput)
    def notify_transfer(self, asset: Asset, **typed: Any) -> Asset:
        """Give notice that one's share will be somebody else's."""
        actions.notify_transfer(asset, actor=self.actor, **typed)
        return self._again(asset)

    @verb(LicenceInput)
    def license(self, asset: Asset, **typed: Any) -> Asset:
        """License it: at once when it is owned alone, otherwise by notice to the other owners."""
        actions.license_asset(asset, actor=self.actor, **typed)
        return self._again(asset)

    @verb(NarrowingInput)
    def propose_narrowing(self, asset: Asset, **typed: Any) -> Asset:
        """Propose to withdraw, exclude or limit background that an agreement in force opens."""
        actions.propose_narrowing(asset, actor=self.actor, **typed)
        return self._again(asset)
