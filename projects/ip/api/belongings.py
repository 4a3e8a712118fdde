"""The JSON door of what belongs to assets: contributors, contributions, protection, transfers, licences, changes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from portal.kit.actors import Actor
from portal.kit.api import Collection, verb
from projects.ip import actions
from projects.ip.api.belonging_shapes import (
    AbandonmentOfferSerializer,
    AcceptInput,
    BecauseInput,
    ChangeSerializer,
    ContributionSerializer,
    ContributorSerializer,
    DeedInput,
    LicenceSerializer,
    StepSerializer,
    TransferSerializer,
)
from projects.ip.models import (
    AbandonmentOffer,
    BackgroundChange,
    Contribution,
    Contributor,
    Licence,
    TitleTransfer,
)
from projects.ip.policies import (
    AbandonmentPolicy,
    BackgroundChangePolicy,
    ContributionPolicy,
    ContributorPolicy,
    LicencePolicy,
    TransferPolicy,
)


class OfAssets(Collection):
    """Base: everything of the assets that the actor sees, or of one of them."""

    def visible(self, actor: Actor) -> QuerySet:
        return self.serializer_class.Meta.model.objects.visible_to(actor).with_asset()  # type: ignore[union-attr]

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        asset = self.request.query_params.get("asset", "").replace("\x00", "")
        return queryset.filter(asset__ref=asset) if asset else queryset

    @extend_schema(parameters=[OpenApiParameter("asset", str, description="Reference of an asset.")])
    def list(self, request: Request) -> Response:
        """Newest first."""
        return super().list(request)

    def _again(self, record: Any) -> Any:
        return self.visible(self.actor).get(pk=record.pk)


class Contributors(OfAssets):
    """Who made assets, and what each person says of it."""

    serializer_class = ContributorSerializer
    policy_class = ContributorPolicy

    @verb()
    def confirm(self, part: Contributor) -> Any:
        """Confirm one's own part."""
        return self._again(actions.confirm_part(part, actor=self.actor))

    @verb(BecauseInput)
    def deny(self, part: Contributor, **typed: Any) -> Any:
        """Deny one's own part."""
        return self._again(actions.deny_part(part, actor=self.actor, **typed))

    @verb(BecauseInput)
    def mark_unreachable(self, part: Contributor, **typed: Any) -> Any:
        """Record that somebody cannot be asked."""
        return self._again(actions.mark_unreachable(part, actor=self.actor, **typed))


class Contributions(OfAssets):
    """Parts of results that parties assert."""

    serializer_class = ContributionSerializer
    policy_class = ContributionPolicy

    @verb(AcceptInput)
    def accept(self, found: Contribution, **typed: Any) -> Any:
        """Accept it, and set the shares."""
        version = typed.pop("asset_version", None)
        return self._again(actions.accept_contribution(found, actor=self.actor, version=version, **typed))

    @verb(BecauseInput)
    def refuse(self, found: Contribution, **typed: Any) -> Any:
        """Refuse it; the result is contested."""
        return self._again(actions.refuse_contribution(found, actor=self.actor, **typed))

    @verb()
    def withdraw(self, found: Contribution) -> Any:
        """Take it back."""
        return self._again(actions.withdraw_contribution(found, actor=self.actor))


class ProtectionSteps(OfAssets):
    """What happened to rights at their offices."""

    serializer_class = StepSerializer


class AbandonmentOffers(OfAssets):
    """Rights that are offered before they are given up."""

    serializer_class = AbandonmentOfferSerializer
    policy_class = AbandonmentPolicy

    @verb()
    def take_over(self, offer: AbandonmentOffer) -> Any:
        """Take the right over."""
        return self._again(actions.take_over_protection(offer, actor=self.actor))

    @verb()
    def keep(self, offer: AbandonmentOffer) -> Any:
        """Keep it after all."""
        return self._again(actions.keep_protection(offer, actor=self.actor))

    @verb()
    def abandon(self, offer: AbandonmentOffer) -> Any:
        """Give it up, when nobody took it over in time."""
        actions.abandon_protection(offer, actor=self.actor)
        return self._again(offer)


class TitleTransfers(OfAssets):
    """Shares that will be somebody else's."""

    serializer_class = TransferSerializer
    policy_class = TransferPolicy

    @verb(BecauseInput)
    def object(self, transfer: TitleTransfer, **typed: Any) -> Any:
        """Object to it; it waits."""
        return self._again(actions.object_to_transfer(transfer, actor=self.actor, **typed))

    @verb()
    def consent(self, transfer: TitleTransfer) -> Any:
        """Consent to it, or lift one's objection."""
        return self._again(actions.consent_to_transfer(transfer, actor=self.actor))

    @verb(DeedInput)
    def complete(self, transfer: TitleTransfer, **typed: Any) -> Any:
        """Write the new owner into the register."""
        return self._again(actions.complete_transfer(transfer, actor=self.actor, **typed))

    @verb()
    def withdraw(self, transfer: TitleTransfer) -> Any:
        """Keep the share after all."""
        return self._again(actions.withdraw_transfer(transfer, actor=self.actor))


class Licences(OfAssets):
    """Licences that owners give, and their notices."""

    serializer_class = LicenceSerializer
    policy_class = LicencePolicy

    @verb()
    def record(self, licence: Licence) -> Any:
        """Record it as given, when its notice has run."""
        return self._again(actions.record_licence(licence, actor=self.actor))

    @verb()
    def consent(self, licence: Licence) -> Any:
        """Consent to an exclusive licence."""
        return self._again(actions.consent_to_licence(licence, actor=self.actor))

    @verb(BecauseInput)
    def refuse(self, licence: Licence, **typed: Any) -> Any:
        """Refuse an exclusive licence."""
        return self._again(actions.refuse_licence(licence, actor=self.actor, **typed))

    @verb()
    def withdraw(self, licence: Licence) -> Any:
        """Not give it after all."""
        return self._again(actions.withdraw_licence(licence, actor=self.actor))

    @verb()
    def end(self, licence: Licence) -> Any:
        """Say that it has ended early."""
        return self._again(actions.end_licence(licence, actor=self.actor))


class BackgroundChanges(OfAssets):
    """Proposals to narrow the access to background."""

    serializer_class = ChangeSerializer
    policy_class = BackgroundChangePolicy

    @verb()
    def consent(self, change: BackgroundChange) -> Any:
        """Consent for one's party."""
        return self._again(actions.consent_to_narrowing(change, actor=self.actor))

    @verb(BecauseInput)
    def refuse(self, change: BackgroundChange, **typed: Any) -> Any:
        """Refuse for one's party."""
        return self._again(actions.refuse_narrowing(change, actor=self.actor, **typed))

    @verb()
    def withdraw(self, change: BackgroundChange) -> Any:
        """Take the proposal back."""
        return self._again(actions.withdraw_narrowing(change, actor=self.actor))
