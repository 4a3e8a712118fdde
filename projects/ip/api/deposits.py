"""The JSON door of deposits: commit, add versions, read the proof, reveal."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.models import Agency
from portal.kit.actors import Actor
from portal.kit.api import Collection, Input, RecordSerializer, if_match, verb
from projects.ip import actions
from projects.ip.markings import refusal_to_read
from projects.ip.models import Commitment, CommitmentState, Deposit
from projects.ip.policies import DepositingPolicy, DepositPolicy
from projects.ip.receipts.building import build_receipt
from projects.ip.receipts.bundle import zipped
from projects.ip.receipts.openings import write_opening
from projects.models import Project

SHA256 = r"^[0-9a-f]{64}$"


class DepositVersionSerializer(serializers.ModelSerializer):
    """One version: its commitment, and how far its proof has come."""

    commitment = serializers.CharField(source="value")
    previous = serializers.CharField(source="previous.value", default=None)
    entry = serializers.IntegerField(allow_null=True)
    state = serializers.ChoiceField(CommitmentState.choices)
    is_kept = serializers.SerializerMethodField()
    time_stamped_at = serializers.DateTimeField(source="last_stamp.stamped_at", default=None)
    time_stamp_failure = serializers.CharField(source="last_stamp.reason", default="")

    class Meta:
        model = Commitment
        fields = [
            "number", "commitment", "algorithm", "previous", "deposited_at", "entry", "state", "is_kept",
            "time_stamped_at", "time_stamp_failure",
        ]  # fmt: skip

    def get_is_kept(self, row: Commitment) -> bool:
        return row.kept is not None


class DepositSerializer(RecordSerializer):
    """A deposit with the versions that the reader may know of; `label`, `about` and `notes` are its agency's own."""

    agency = serializers.CharField(source="agency.ref", read_only=True)
    project = serializers.CharField(source="project.ref", default=None, read_only=True)
    versions = DepositVersionSerializer(many=True, read_only=True)

    class Meta:
        model = Deposit
        fields = [
            "ref", "version", "agency", "agency_name", "project", "about", "label", "notes", "versions", "created_at",
            "updated_at", "verbs",
        ]  # fmt: skip

    def to_representation(self, deposit: Deposit) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(deposit)
        if deposit.agency_id != self.context["actor"].agency_id:
            shown |= {"about": "", "label": "", "notes": ""}
        return shown


class DepositFileInput(Input):
    """A file of the manifest, by its hash."""

    name = serializers.CharField(max_length=300, allow_blank=True, required=False, default="")
    size = serializers.IntegerField(min_value=0, max_value=2**53 - 1, allow_null=True, required=False, default=None)
    sha256 = serializers.RegexField(SHA256)


class CommitInput(Input):
    """One of: the commitment alone, the opening (salt and manifest), or files by hash, for which the portal makes the salt."""

    commitment = serializers.RegexField(
        SHA256, required=False, default="", help_text="Computed by you; nothing else is sent."
    )
    opening = serializers.DictField(
        required=False, default=None, help_text="As docs/deposits.md has it; the portal keeps it."
    )
    files = serializers.ListField(child=DepositFileInput(), min_length=1, max_length=1000, required=False)
    title = serializers.CharField(max_length=300, allow_blank=True, required=False, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        ways = [name for name in ("commitment", "opening", "files") if attrs.get(name)]
        if len(ways) != 1:
            raise serializers.ValidationError(
                {"commitment": [_("Give the commitment, the opening, or files; one of them.")]}
            )
        if attrs["title"] and ways != ["files"]:
            raise serializers.ValidationError({"title": [_("The title is part of the opening; give it with files.")]})
        return attrs


class DepositLinksInput(Input):
    """What may change; what is left out stays as it is."""

    label: Any = serializers.CharField(max_length=200, allow_blank=True, required=False)
    notes = serializers.CharField(max_length=4_000, allow_blank=True, required=False)
    about = serializers.CharField(max_length=32, allow_blank=True, required=False)
    project = serializers.CharField(max_length=32, allow_null=True, required=False)


class DepositInput(CommitInput, DepositLinksInput):
    """A new deposit."""


class NextCommitInput(CommitInput):
    """A newer version; `previous` is the commitment that it follows, refused when it is no longer the last."""

    previous = serializers.RegexField(SHA256, required=False)


class RevealInput(Input):
    """To whom, and which version; an opening only where the portal does not have it."""

    number = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    agency = serializers.CharField(max_length=32)
    with_files = serializers.BooleanField(required=False, default=False)
    opening = serializers.DictField(required=False, default=None)


class Deposits(Collection):
    """What one's agency deposited, and what others revealed to it."""

    serializer_class = DepositSerializer
    policy_class = DepositPolicy

    def visible(self, actor: Actor) -> QuerySet:
        return Deposit.objects.visible_to(actor).with_versions(actor)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        if project := self.request.query_params.get("project", ""):
            queryset = queryset.filter(project__ref=project.replace("\x00", ""))
        return queryset

    @extend_schema(parameters=[OpenApiParameter("project", str, description="Reference of a project.")])
    def list(self, request: Request) -> Response:
        """Newest first."""
        return super().list(request)

    @extend_schema(request=DepositInput, responses={201: DepositSerializer})
    def create(self, request: Request) -> Response:
        """Put a commitment into the ledger."""
        DepositingPolicy(self.actor).require("deposit")
        typed = self.read(DepositInput)
        project = self._project(typed.pop("project", None))
        content = self._content(typed, project=project, previous=None)
        made = actions.deposit(actor=self.actor, project=project, **content, **typed)
        return self.created(self._again(made))

    @extend_schema(request=DepositLinksInput, responses=DepositSerializer)
    def partial_update(self, request: Request, ref: str) -> Response:
        """Change its label, notes and links; send the ETag you saw as If-Match."""
        made = self.get_object()
        typed = self.read(DepositLinksInput)
        if "project" in typed:
            typed["project"] = self._project(typed["project"])
        return self.represent(
            self._again(actions.edit_deposit(made, actor=self.actor, version=if_match(request), **typed))
        )

    @verb(NextCommitInput)
    def add_version(self, deposit: Deposit, *, previous: str | None = None, **typed: Any) -> Deposit:
        """Deposit a newer version, chained to the last one."""
        content = self._content(typed, project=deposit.project, previous=deposit.newest.value)
        return self._again(actions.add_version(deposit, actor=self.actor, previous=previous, **content))

    @verb(RevealInput)
    def reveal(self, deposit: Deposit, *, agency: str, **typed: Any) -> Deposit:
        """Open a version to an agency, for good."""
        found = Agency.objects.visible_to(self.actor).filter(ref=agency.replace("\x00", "")).first()
        if found is None:
            raise ValidationError({"agency": [_("There is no verified agency with this reference.")]})
        actions.reveal(deposit, actor=self.actor, agency=found, **typed)
        return self._again(deposit)

    @verb()
    def seal(self, deposit: Deposit) -> Deposit:
        """Have the ledger sealed now."""
        return self._again(actions.seal_deposit(deposit, actor=self.actor))

    @verb()
    def request_time_stamp(self, deposit: Deposit) -> Deposit:
        """Ask the time-stamp authority, again if it failed."""
        return self._again(actions.request_time_stamp(deposit, actor=self.actor))

    @extend_schema(
        parameters=[
            OpenApiParameter("number", int, description="The version, the newest by default."),
            OpenApiParameter("since", int, description="Entries of a checkpoint you kept, to prove growth from it."),
            OpenApiParameter("opening", bool, description="1: with the opening, where the portal keeps it."),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    @action(detail=True)
    def receipt(self, request: Request, ref: str) -> Response:
        """The receipt with a fresh proof; 409 until the version is sealed."""
        return Response(self._receipt(ref))

    @extend_schema(
        parameters=[OpenApiParameter("number", int), OpenApiParameter("since", int), OpenApiParameter("opening", bool)],
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    @action(detail=True)
    def bundle(self, request: Request, ref: str) -> HttpResponse:
        """The receipt and the script that checks it, as ZIP."""
        response = HttpResponse(zipped(self._receipt(ref)), content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="{ref}.zip"'
        return response

    def _receipt(self, ref: str) -> dict[str, Any]:
        made: Deposit = self.get_object()
        number, since = self._number("number") or made.newest.number, self._number("since")
        wants_opening = self.request.query_params.get("opening", "") in ("1", "true")
        if wants_opening:
            if refusal := refusal_to_read(made, self.actor):
                raise refusal
            rows = Commitment.objects.readable_by(self.actor)
        else:
            rows = Commitment.objects.visible_to(self.actor)
        row = get_object_or_404(rows.with_state(), deposit=made, number=number)
        return build_receipt(row, since=since, with_opening=wants_opening)

    def _number(self, name: str) -> int | None:
        text = self.request.query_params.get(name, "")
        if text and not (text.isascii() and text.isdigit() and len(text) < 19):
            raise exceptions.ValidationError({name: [_("Give a whole number, 0 or larger.")]})
        return int(text) if text else None

    def _project(self, ref: str | None) -> Project | None:
        if not ref:
            return None
        project: Project = get_object_or_404(Project.objects.inside_for(self.actor), ref=ref.replace("\x00", ""))
        return project

    def _content(self, typed: dict[str, Any], *, project: Project | None, previous: str | None) -> dict[str, Any]:
        """What is committed; the keys of the ways that were not chosen leave `typed`."""
        commitment, opening, title = typed.pop("commitment"), typed.pop("opening"), typed.pop("title")
        if files := typed.pop("files", None):
            opening = write_opening(
                agency=self.actor.agency.ref if self.actor.agency else "",
                files=[dict(entry) for entry in files],
                title=title,
                project=project.ref if project is not None else None,
                previous=previous,
            )
        return {"commitment": commitment, "opening": opening}

    def _again(self, deposit: Deposit) -> Deposit:
        made: Deposit = self.visible(self.actor).get(pk=deposit.pk)
        return made
