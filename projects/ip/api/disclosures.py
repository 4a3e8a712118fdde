"""The JSON door of invention disclosures."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from portal.kit.actors import Actor
from portal.kit.api import Collection, RecordSerializer, if_match, verb
from portal.kit.documents import DocumentParser
from projects.ip import actions
from projects.ip.api import disclosure_inputs as inputs
from projects.ip.models import Disclosure, DisclosureStatus, Reach
from projects.ip.policies import DisclosurePolicy
from projects.ip.reading import read, title_of
from projects.models import Project

JUDGED = ("evaluation", "decision", "decision_reason", "report_due_at", "filing_days")


class DisclosureSerializer(RecordSerializer):
    """A disclosure as far as its reader may read it: `reach` says how far.

    With `whole` the document is the live one, with `sealed` the version that the reader may read. With `part` there is
    only one's own part, with `marking` the export class, with `existence` the reference and the date.
    """

    project = serializers.CharField(source="project.ref", read_only=True, allow_null=True)
    agency = serializers.CharField(source="agency.ref", read_only=True)
    reach = serializers.ChoiceField(choices=Reach.choices, read_only=True)
    title = serializers.CharField(read_only=True)
    status = serializers.ChoiceField(choices=DisclosureStatus.choices, read_only=True, allow_null=True)
    document = serializers.SerializerMethodField()
    part = serializers.SerializerMethodField()

    class Meta:
        model = Disclosure
        fields = [
            "ref",
            "version",
            "project",
            "agency",
            "agency_name",
            "reach",
            "title",
            "status",
            "export_class",
            "sealed_number",
            "first_sealed_at",
            "document",
            "part",
            *JUDGED,
            "decided_at",
            "created_at",
            "updated_at",
            "verbs",
        ]

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        if self.context.get("many"):
            fields.pop("document")
            fields.pop("part")
        return fields

    def get_document(self, disclosure: Disclosure) -> dict[str, Any] | None:
        return read(disclosure, self.context["actor"]).document

    def get_part(self, disclosure: Disclosure) -> dict[str, Any] | None:
        part = DisclosurePolicy(self.context["actor"], disclosure).part
        if part is None:
            return None
        return {
            "role": part.role,
            "employer": part.employer,
            "percent": part.words,
            "part": part.part,
            "answer": part.state,
        }

    def to_representation(self, disclosure: Disclosure) -> dict[str, Any]:
        """SECURITY: what the reach does not cover is left empty, the title and where it stands included."""
        shown = super().to_representation(disclosure)
        actor = self.context["actor"]
        is_own = disclosure.agency_id == actor.agency_id
        # Lists leave the titles of other agencies out: whether each may cross would be asked one by one.
        shown["title"] = title_of(disclosure, actor) if is_own or not self.context.get("many") else ""
        if disclosure.reach in (Reach.SEALED, Reach.PART):
            shown["project"] = None
        if disclosure.reach != Reach.WHOLE:
            shown |= dict.fromkeys((*JUDGED, "decided_at"))
        if disclosure.reach == Reach.EXISTENCE or (not is_own and disclosure.reach == Reach.SEALED):
            shown |= {"status": None, "sealed_number": disclosure.shared_number, "updated_at": None}
        return shown


class Disclosures(Collection):
    """Inventions that one's agency discloses, and what the others have reported or shared."""

    serializer_class = DisclosureSerializer
    policy_class = DisclosurePolicy

    def visible(self, actor: Actor) -> QuerySet:
        known = Disclosure.objects.known_to(actor).with_project()
        return known if getattr(self, "action", "") == "list" else known.with_enclosures()

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        for name, path in (("project", "project__ref"), ("agency", "agency__ref"), ("reach", "reach")):
            if value := self.request.query_params.get(name, ""):
                queryset = queryset.filter(**{path: value.replace("\x00", "")})
        status = self.request.query_params.get("status", "")
        # SECURITY: a filter must not tell what the answer leaves out.
        return queryset.filter(agency=self.actor.agency_id, status=status) if status else queryset

    @extend_schema(
        parameters=[
            OpenApiParameter("project", str, description="Reference of a project."),
            OpenApiParameter("agency", str, description="Reference of the disclosing agency."),
            OpenApiParameter("reach", str, enum=Reach.values),
            OpenApiParameter("status", str, enum=DisclosureStatus.values, description="Of one's own agency's."),
        ]
    )
    def list(self, request: Request) -> Response:
        """Newest first."""
        return super().list(request)

    @extend_schema(request=inputs.DisclosureInput, responses={201: DisclosureSerializer})
    def create(self, request: Request) -> Response:
        """Begin a disclosure; only the title is needed."""
        typed = self.read(inputs.DisclosureInput)
        project = get_object_or_404(Project.objects.inside_for(self.actor).with_agencies(), ref=typed.pop("project"))
        return self.created(self._again(actions.draft_disclosure(project, actor=self.actor, **typed)))

    @extend_schema(request=inputs.DisclosureWords, responses=DisclosureSerializer)
    def partial_update(self, request: Request, ref: str) -> Response:
        """Change the words of a draft; send the ETag you saw as If-Match."""
        disclosure = self.get_object()
        serializer = inputs.DisclosureWords(data=request.data, partial=True, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        typed = dict(serializer.validated_data)
        made = actions.edit_disclosure(disclosure, actor=self.actor, version=if_match(request), **typed)
        return self.represent(self._again(made))

    @verb(inputs.DisclosureContributorsInput)
    def set_contributors(self, disclosure: Disclosure, **typed: Any) -> Disclosure:
        """Say who made it, with roles and shares."""
        version = if_match(self.request)
        return self._again(actions.name_contributors(disclosure, actor=self.actor, version=version, **typed))

    @extend_schema(request={"multipart/form-data": inputs.DisclosureAttachmentInput}, responses=DisclosureSerializer)
    @action(detail=True, methods=["post"], parser_classes=[DocumentParser, MultiPartParser])
    def attach(self, request: Request, ref: str) -> Response:
        """Add a file to the draft."""
        disclosure = self.get_object()
        self.require("attach", disclosure)
        typed = self.read(inputs.DisclosureAttachmentInput)
        file = typed.pop("file")
        actions.attach_file(disclosure, actor=self.actor, content=file, name=file.name, **typed)
        return self.represent(self._again(disclosure))

    @verb(inputs.DisclosureFileInput)
    def detach(self, disclosure: Disclosure, **typed: Any) -> Disclosure:
        """Take a file off the draft."""
        return self._again(actions.detach_file(disclosure, actor=self.actor, **typed))

    @verb()
    def ask_contributors(self, disclosure: Disclosure) -> Disclosure:
        """Have every contributor confirm their own part."""
        return self._again(actions.ask_contributors(disclosure, actor=self.actor, version=if_match(self.request)))

    @verb()
    def recall(self, disclosure: Disclosure) -> Disclosure:
        """Take it back to correct it."""
        return self._again(actions.recall_disclosure(disclosure, actor=self.actor))

    @verb()
    def confirm_part(self, disclosure: Disclosure) -> Disclosure:
        """Confirm one's own part, role and share."""
        return self._again(actions.confirm_own_part(disclosure, actor=self.actor, version=if_match(self.request)))

    @verb(inputs.DisclosureUnreachableInput)
    def mark_unreachable(self, disclosure: Disclosure, **typed: Any) -> Disclosure:
        """Record that a contributor cannot be reached."""
        return self._again(actions.record_unreachable(disclosure, actor=self.actor, **typed))

    @verb()
    def seal(self, disclosure: Disclosure) -> Disclosure:
        """Fix these exact bytes and commit to them in the ledger."""
        return self._again(actions.seal_disclosure(disclosure, actor=self.actor, version=if_match(self.request)))

    @verb(inputs.DisclosureReasonInput)
    def amend(self, disclosure: Disclosure, **typed: Any) -> Disclosure:
        """Begin a new version."""
        return self._again(actions.amend_disclosure(disclosure, actor=self.actor, **typed))

    @verb(inputs.DisclosureReasonInput)
    def dispute_part(self, disclosure: Disclosure, **typed: Any) -> Disclosure:
        """Flag one's own part as not right."""
        return self._again(actions.dispute_part(disclosure, actor=self.actor, **typed))

    @verb()
    def settle_dispute(self, disclosure: Disclosure) -> Disclosure:
        """Take one's own flag away."""
        return self._again(actions.settle_dispute(disclosure, actor=self.actor))

    @verb(inputs.DisclosureWitnessInput)
    def name_witness(self, disclosure: Disclosure, **typed: Any) -> Disclosure:
        """Ask a colleague to countersign the newest version."""
        return self._again(actions.name_witness(disclosure, actor=self.actor, **typed))

    @verb(inputs.DisclosureCountersignInput)
    def countersign(self, disclosure: Disclosure, **typed: Any) -> Disclosure:
        """Say that one has read and understood it."""
        return self._again(actions.countersign(disclosure, actor=self.actor, **typed))

    @verb()
    def report(self, disclosure: Disclosure) -> Disclosure:
        """Tell the other parties that there is a disclosure."""
        return self._again(actions.report_disclosure(disclosure, actor=self.actor))

    @verb(inputs.DisclosureShareInput)
    def share(self, disclosure: Disclosure, **typed: Any) -> Disclosure:
        """Let parties read the newest sealed version."""
        return self._again(actions.share_with(disclosure, actor=self.actor, **typed))

    @verb(inputs.DisclosureTriageInput)
    def triage(self, disclosure: Disclosure, **typed: Any) -> Disclosure:
        """Answer what is checked first."""
        return self._again(actions.triage_disclosure(disclosure, actor=self.actor, **typed))

    @verb(inputs.DisclosureEvaluationInput)
    def evaluate(self, disclosure: Disclosure, **typed: Any) -> Disclosure:
        """Write the evaluation."""
        version = if_match(self.request)
        return self._again(actions.evaluate_disclosure(disclosure, actor=self.actor, version=version, **typed))

    @verb(inputs.DisclosureDecisionInput)
    def decide(self, disclosure: Disclosure, **typed: Any) -> Disclosure:
        """Say what becomes of it, with the reason."""
        return self._again(actions.decide_disclosure(disclosure, actor=self.actor, **typed))

    @verb(inputs.DisclosureFilingInput)
    def record_filing(self, disclosure: Disclosure, **typed: Any) -> Disclosure:
        """Enter an application."""
        return self._again(actions.record_filing(disclosure, actor=self.actor, **typed))

    @verb(inputs.DisclosureFollowUpInput)
    def follow_up(self, disclosure: Disclosure, **typed: Any) -> Disclosure:
        """Say where an application stands."""
        return self._again(actions.follow_up(disclosure, actor=self.actor, **typed))

    @verb(inputs.DisclosureOfferInput)
    def offer(self, disclosure: Disclosure, **typed: Any) -> Disclosure:
        """Offer the rights as was decided."""
        return self._again(actions.offer_disclosure(disclosure, actor=self.actor, **typed))

    @verb(inputs.DisclosureOfferAnswerInput)
    def answer_offer(self, disclosure: Disclosure, **typed: Any) -> Disclosure:
        """Answer what was offered to one's agency or to oneself."""
        return self._again(actions.answer_offer(disclosure, actor=self.actor, **typed))

    @verb(inputs.DisclosureClosingInput)
    def close(self, disclosure: Disclosure, **typed: Any) -> Disclosure:
        """End it."""
        return self._again(actions.close_disclosure(disclosure, actor=self.actor, **typed))

    def _again(self, disclosure: Disclosure) -> Disclosure:
        """The disclosure as it stands now, as far as its reader reads it."""
        return self.visible(self.actor).get(pk=disclosure.pk)
