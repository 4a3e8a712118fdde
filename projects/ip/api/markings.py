"""The JSON door of markings: what records are marked with, their classes, requests and holds."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from portal.files.markings import DECLARABLE, ExportClass, Regime, Sharing
from portal.kit.actors import Actor
from portal.kit.api import Collection, Input, RecordSerializer, if_match, verb
from portal.kit.refusals import Refusal
from projects.ip import actions
from projects.ip.markings import find_marked, owner_of, withheld
from projects.ip.models import Asset, Basis, Classification, ClassificationRequest, ExportHold
from projects.ip.policies import MarkingPolicy

SHOWN = 20


class RefusalSerializer(serializers.Serializer):
    """Why something is withheld, and what would change it."""

    code = serializers.CharField()
    reason = serializers.CharField()
    unblock = serializers.CharField()


class Guarded(serializers.Serializer):
    """A representation that leaves out what may not cross to the reader, and says so in `withheld`."""

    guarded: ClassVar[tuple[str, ...]] = ()
    withheld = serializers.SerializerMethodField()

    @extend_schema_field(RefusalSerializer(allow_null=True))
    def get_withheld(self, row: Any) -> dict[str, str] | None:
        refusal = self.refusals().get(self.item_of(row).ref)
        if refusal is None:
            return None
        return {"code": refusal.code, "reason": str(refusal.reason), "unblock": str(refusal.unblock)}

    def item_of(self, row: Any) -> Any:
        """The marked record that a row belongs to."""
        return row

    def refusals(self) -> dict[str, Refusal]:
        """Of every row of the answer, decided together."""
        root: Any = self.root
        if not hasattr(root, "withheld_items"):
            shown: Any = root.instance
            rows = shown if isinstance(root, serializers.ListSerializer) else [shown]
            root.withheld_items = withheld({self.item_of(row) for row in rows}, self.context["actor"])
        found: dict[str, Refusal] = root.withheld_items
        return found

    def to_representation(self, row: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(row)
        if shown["withheld"] is not None:
            shown |= dict.fromkeys(self.guarded, "")
        return shown


class ClassificationSerializer(serializers.ModelSerializer):
    """One determination; only the owning agency reads it."""

    class Meta:
        model = Classification
        fields = [
            "export_class", "regime", "number", "list_version", "basis", "rationale", "relies_on", "person_name", "at",
        ]  # fmt: skip


class RequestSerializer(serializers.ModelSerializer):
    """A request of another party for the class, with its clock."""

    asked_by = serializers.CharField(source="asked_by.ref")
    is_overdue = serializers.BooleanField()

    class Meta:
        model = ClassificationRequest
        fields = ["asked_by", "need", "source", "asked_at", "due_at", "answered_at", "is_overdue"]


class HoldSerializer(serializers.ModelSerializer):
    """A hold; its reason is for the agency that placed it."""

    agency = serializers.CharField(source="agency.ref")
    reason = serializers.SerializerMethodField()

    class Meta:
        model = ExportHold
        fields = ["agency", "placed_at", "released_at", "reason"]

    def get_reason(self, row: ExportHold) -> str:
        return row.reason if row.agency_id == self.context["actor"].agency_id else ""


class RecordMarkingSerializer(Guarded, RecordSerializer):
    """The marking of a record; the lists come with it when it is read alone.

    `version` is that of the marking, which the ETag gives too.
    """

    version = serializers.IntegerField(source="marking_version", read_only=True)
    project = serializers.SerializerMethodField()
    owner = serializers.SerializerMethodField()
    classifications = serializers.SerializerMethodField()
    requests = serializers.SerializerMethodField()
    holds = serializers.SerializerMethodField()

    class Meta:
        model = Asset
        fields = [
            "ref",
            "version",
            "project",
            "owner",
            "sharing",
            "marking",
            "export_class",
            "export_regime",
            "export_number",
            "has_personal_data",
            "embargo_until",
            "withheld",
            "classifications",
            "requests",
            "holds",
            "verbs",
        ]

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        if self.context.get("many"):
            for name in ("classifications", "requests", "holds"):
                fields.pop(name)
        return fields

    def get_project(self, item: Any) -> str | None:
        return item.project.ref if item.project is not None else None

    def get_owner(self, item: Any) -> str:
        return owner_of(item).ref

    @extend_schema_field(ClassificationSerializer(many=True))
    def get_classifications(self, item: Any) -> Any:
        rows = Classification.objects.visible_to(self.context["actor"]).of(item.ref).newest_first()
        return ClassificationSerializer(rows[:SHOWN], many=True).data

    @extend_schema_field(RequestSerializer(many=True))
    def get_requests(self, item: Any) -> Any:
        rows = ClassificationRequest.objects.visible_to(self.context["actor"]).filter(item=item.ref)
        return RequestSerializer(rows.select_related("asked_by").order_by("-pk")[:SHOWN], many=True).data

    @extend_schema_field(HoldSerializer(many=True))
    def get_holds(self, item: Any) -> Any:
        rows = ExportHold.objects.visible_to(self.context["actor"]).filter(item=item.ref)
        shown = rows.select_related("agency").order_by("-pk")[:SHOWN]
        return HoldSerializer(shown, many=True, context={"actor": self.context["actor"]}).data


class ClassifyInput(Input):
    """What export control says of it, and why."""

    export_class = serializers.ChoiceField(choices=DECLARABLE)
    regime = serializers.ChoiceField(choices=Regime.choices, allow_blank=True, required=False)
    number = serializers.CharField(max_length=40, allow_blank=True, required=False)
    list_version = serializers.CharField(max_length=60, allow_blank=True, required=False)
    basis = serializers.ChoiceField(choices=Basis.claimable(), required=False)
    rationale = serializers.CharField(max_length=4_000)
    relies_on = serializers.CharField(max_length=200, allow_blank=True, required=False)


class MarkInput(Input):
    """Who may read it at most, and when."""

    sharing = serializers.ChoiceField(choices=Sharing.choices)
    has_personal_data = serializers.BooleanField(required=False, default=False)
    embargo_until = serializers.DateTimeField(allow_null=True, required=False, default=None)


class NeedInput(Input):
    """What the class is needed for."""

    need = serializers.CharField(max_length=2_000)


class HoldInput(Input):
    """Why it is held; only one's own agency reads it."""

    reason = serializers.CharField(max_length=2_000)


class Markings(Collection):
    """The markings of assets; by its reference also that of another record, for example of a deposit."""

    serializer_class = RecordMarkingSerializer
    policy_class = MarkingPolicy

    def visible(self, actor: Actor) -> QuerySet:
        return Asset.objects.visible_to(actor).select_related("party", "project")

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        for name, path in (("project", "project__ref"), ("owner", "party__ref"), ("export_class", "export_class")):
            if value := self.request.query_params.get(name, ""):
                queryset = queryset.filter(**{path: value.replace("\x00", "")})
        return queryset

    def get_object(self) -> Any:
        return find_marked(self.kwargs["ref"], self.actor)

    def represent(self, record: Any, *, code: int = status.HTTP_200_OK) -> Response:
        response = super().represent(record, code=code)
        response["ETag"] = f'"{record.marking_version}"'
        return response

    @extend_schema(
        parameters=[
            OpenApiParameter("project", str, description="Reference of a project."),
            OpenApiParameter("owner", str, description="Reference of the agency that owns it."),
            OpenApiParameter("export_class", str, enum=ExportClass.values),
        ]
    )
    def list(self, request: Request) -> Response:
        """Of assets, newest first."""
        return super().list(request)

    @verb(ClassifyInput)
    def classify(self, item: Any, **typed: Any) -> Any:
        """Determine the export class for the owner; send the ETag that you saw as If-Match."""
        return actions.classify(item, actor=self.actor, version=if_match(self.request), **typed)

    @verb(MarkInput)
    def mark(self, item: Any, **typed: Any) -> Any:
        """Say who may read it at most, whether it holds personal data, and until when it is under embargo; with If-Match."""
        return actions.mark(item, actor=self.actor, version=if_match(self.request), **typed)

    @verb(NeedInput)
    def request_classification(self, item: Any, **typed: Any) -> None:
        """Ask the owner to determine the class."""
        actions.request_classification(item, actor=self.actor, **typed)

    @verb(HoldInput)
    def hold(self, item: Any, **typed: Any) -> None:
        """Stop it for one's own side."""
        actions.hold(item, actor=self.actor, **typed)

    @verb()
    def release(self, item: Any) -> None:
        """Lift the hold of one's own agency."""
        actions.release(item, actor=self.actor)
