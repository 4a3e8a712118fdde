"""The JSON door of disputes; what is said without prejudice has addresses of its own, for the same readers as its page."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.models import Membership
from portal.kit.actors import Actor
from portal.kit.api import Collection, verb
from projects.ip import actions
from projects.ip.api.dispute_inputs import (
    AppointmentInput,
    DecisionInput,
    DisputeAnswerInput,
    DisputeInput,
    DisputeReasonInput,
    ExhibitInput,
    RepresentativeInput,
    RoomInput,
    SettlementInput,
    SettlementTermsInput,
    UrgentMeasureInput,
    WithdrawnExhibitInput,
)
from projects.ip.api.dispute_shapes import DisputeSerializer, ExhibitSerializer, RoomSerializer
from projects.ip.dossier import timeline_document
from projects.ip.evidence import entries_of
from projects.ip.models import (
    Dispute,
    DisputeKind,
    Exhibit,
    ExhibitKind,
    SettlementText,
    WithoutPrejudiceMessage,
)
from projects.ip.policies import DisputePolicy
from projects.models import Project

AT_ONCE = 100


class Disputes(Collection):
    """Disputes in which one's agency is a party."""

    serializer_class = DisputeSerializer
    policy_class = DisputePolicy

    def visible(self, actor: Actor) -> QuerySet:
        return Dispute.objects.visible_to(actor).with_project().select_related("settlement", "decision")

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        for name, path in (("project", "project__ref"), ("about", "subject_ref"), ("kind", "kind")):
            if value := self.request.query_params.get(name, ""):
                queryset = queryset.filter(**{path: value.replace("\x00", "")})
        return queryset

    @extend_schema(
        parameters=[
            OpenApiParameter("project", str, description="Reference of a project."),
            OpenApiParameter("about", str, description="Reference of what it is about."),
            OpenApiParameter("kind", str, enum=DisputeKind.values),
        ]
    )
    def list(self, request: Request) -> Response:
        """Newest first."""
        return super().list(request)

    @extend_schema(request=DisputeInput, responses={201: DisputeSerializer})
    def create(self, request: Request) -> Response:
        """Open a dispute."""
        # The contest of an entry is taken up here too: the entry is the subject, and `against` the other side of it.
        typed = self.read(DisputeInput)
        project = get_object_or_404(Project.objects.inside_for(self.actor).with_agencies(), ref=typed.pop("project"))
        return self.created(self._again(actions.open_dispute(project, actor=self.actor, **typed)))

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def timeline(self, request: Request, ref: str) -> Response:
        """Both sides' exhibits by time, each with its event and its proof."""
        dispute = self.get_object()
        self.require("see_evidence", dispute)
        return Response(timeline_document(dispute, entries_of(self._exhibits(dispute), dispute)))

    @extend_schema(responses=ExhibitSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def exhibits(self, request: Request, ref: str) -> Response:
        """The exhibits by their numbers."""
        dispute = self.get_object()
        self.require("see_evidence", dispute)
        return Response(ExhibitSerializer(self._exhibits(dispute), many=True).data)

    @extend_schema(
        responses=RoomSerializer, parameters=[OpenApiParameter("before", int, description="Messages before this id.")]
    )
    @action(detail=True, methods=["get"])
    def room(self, request: Request, ref: str) -> Response:
        """What was said without prejudice, the newest first, and the terms on the table."""
        dispute = self.get_object()
        self.require("read_room", dispute)
        said = WithoutPrejudiceMessage.objects.visible_to(self.actor).filter(dispute=dispute).select_related("agency")
        before = request.query_params.get("before", "")
        if before.isascii() and before.isdigit() and len(before) < 19:
            said = said.filter(pk__lt=int(before))
        offers = SettlementText.objects.visible_to(self.actor).filter(dispute=dispute).select_related("agency")
        shown = {
            "messages": said.order_by("-pk")[:AT_ONCE],
            "offers": offers.prefetch_related("consents__agency").order_by("-number")[:AT_ONCE],
        }
        return Response(RoomSerializer(shown).data)

    @verb(DisputeAnswerInput)
    def answer(self, dispute: Dispute, **typed: Any) -> Dispute:
        """Say what one's agency answers."""
        return self._again(actions.answer_dispute(dispute, actor=self.actor, **typed))

    @verb(RepresentativeInput)
    def name_representative(self, dispute: Dispute, level: str, membership: str) -> Dispute:
        """Name who speaks for one's agency at a level."""
        self.require("name_representative", dispute)
        found = get_object_or_404(
            Membership.objects.visible_to(self.actor).select_related("person"), ref=membership.replace("\x00", "")
        )
        return self._again(actions.name_representative(dispute, actor=self.actor, level=level, membership=found))

    @verb()
    def escalate(self, dispute: Dispute) -> Dispute:
        """Have it recorded that the time of a level is over."""
        return self._again(actions.escalate_dispute(dispute, actor=self.actor))

    @verb(ExhibitInput)
    def add_exhibit(self, dispute: Dispute, kind: str, shows: str, **typed: Any) -> Dispute:
        """Put something before the other side."""
        if kind == ExhibitKind.FILE:
            typed.pop("source", None)
            typed.setdefault("is_cleared", False)
            actions.add_file(dispute, actor=self.actor, shows=shows, **typed)
        else:
            actions.add_exhibit(dispute, actor=self.actor, kind=kind, source=typed["source"], shows=shows)
        return self._again(dispute)

    @verb(WithdrawnExhibitInput)
    def withdraw_exhibit(self, dispute: Dispute, **typed: Any) -> Dispute:
        """Say that one relies on an exhibit no more."""
        actions.withdraw_exhibit(dispute, actor=self.actor, **typed)
        return self._again(dispute)

    @verb(UrgentMeasureInput)
    def note_urgent_measure(self, dispute: Dispute, **typed: Any) -> Dispute:
        """Note that one's agency sought an urgent measure."""
        actions.note_urgent_measure(dispute, actor=self.actor, **typed)
        return self._again(dispute)

    @verb(RoomInput)
    def write(self, dispute: Dispute, **typed: Any) -> Dispute:
        """Say something without prejudice."""
        actions.write_without_prejudice(dispute, actor=self.actor, **typed)
        return self._again(dispute)

    @verb(SettlementTermsInput)
    def offer(self, dispute: Dispute, **typed: Any) -> Dispute:
        """Offer terms of settlement; the room shows them with their hash."""
        actions.offer_settlement(dispute, actor=self.actor, **typed)
        return self._again(dispute)

    @verb(SettlementInput)
    def agree(self, dispute: Dispute, **typed: Any) -> Dispute:
        """Agree to exactly the terms of this hash."""
        return self._again(actions.agree_to_settlement(dispute, actor=self.actor, **typed))

    @verb(DisputeReasonInput)
    def withdraw(self, dispute: Dispute, **typed: Any) -> Dispute:
        """Give the claim up."""
        return self._again(actions.withdraw_dispute(dispute, actor=self.actor, **typed))

    @verb(AppointmentInput)
    def appoint(self, dispute: Dispute, **typed: Any) -> Dispute:
        """Record the mediator or tribunal that the parties have appointed."""
        return self._again(actions.appoint_neutral(dispute, actor=self.actor, **typed))

    @verb(DecisionInput)
    def record_decision(self, dispute: Dispute, **typed: Any) -> Dispute:
        """Record what a tribunal decided."""
        return self._again(actions.record_decision(dispute, actor=self.actor, **typed))

    @verb()
    def confirm_cure(self, dispute: Dispute) -> Dispute:
        """Say that the breach is cured."""
        return self._again(actions.confirm_cure(dispute, actor=self.actor))

    @verb(DisputeReasonInput)
    def state_not_cured(self, dispute: Dispute, **typed: Any) -> Dispute:
        """Say that the breach is not cured."""
        return self._again(actions.state_not_cured(dispute, actor=self.actor, **typed))

    def _exhibits(self, dispute: Dispute) -> QuerySet:
        rows = Exhibit.objects.visible_to(self.actor).filter(dispute=dispute)
        return rows.select_related("agency", "file", "withdrawal")

    def _again(self, dispute: Dispute) -> Dispute:
        """The dispute as it stands now, with what is around it."""
        return self.visible(self.actor).get(pk=dispute.pk)
