"""The JSON door of publication clearance."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters.rest_framework import CharFilter, FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.kit.actors import Actor
from portal.kit.api import Collection, Input, RecordSerializer, if_match, verb
from projects.ip import actions
from projects.ip.models import PublicationNotice, PublicationObjection, PublicationReview, PublicationText
from projects.ip.models.publication_choices import Answer, Ending, Ground, PublicationKind, PublicationStatus
from projects.ip.policies import PublicationPolicy
from projects.models import Project

SHA256 = r"^[0-9a-f]{64}$"


class PublicationReviewSerializer(serializers.ModelSerializer):
    """A party that was sent a text, and what it said; silence counts once its time is over."""

    party = serializers.CharField(source="agency.ref")
    answer = serializers.SerializerMethodField()

    class Meta:
        model = PublicationReview
        fields = ["party", "holds_up", "days", "basis", "zone", "due_on", "due_at", "source", "answer", "answered_at"]

    @extend_schema(responses=serializers.ChoiceField(["", *Answer.values]))
    def get_answer(self, review: PublicationReview) -> str:
        return review.answer_at(self.context["now"])


class PublicationTextSerializer(serializers.ModelSerializer):
    reviews = PublicationReviewSerializer(many=True)
    file = serializers.CharField(source="file.name", default=None)

    class Meta:
        model = PublicationText
        fields = ["number", "sha256", "file", "changes", "sent_at", "reviews"]


class ObjectionSerializer(serializers.ModelSerializer):
    """An objection; its words are empty for whoever is neither the publishing party nor the one that objected."""

    party = serializers.CharField(source="agency.ref")
    text = serializers.IntegerField(source="text.number")
    passage = serializers.SerializerMethodField()
    harm = serializers.SerializerMethodField()
    change = serializers.SerializerMethodField()
    ending = serializers.SerializerMethodField()

    class Meta:
        model = PublicationObjection
        fields = [
            "number", "party", "text", "ground", "passage", "harm", "change", "objected_at", "until_on", "until_at", "zone", "source",
            "ending", "ended_at",
        ]  # fmt: skip

    def get_passage(self, objection: PublicationObjection) -> str:
        return self._words(objection, "passage")

    def get_harm(self, objection: PublicationObjection) -> str:
        return self._words(objection, "harm")

    def get_change(self, objection: PublicationObjection) -> str:
        return self._words(objection, "change")

    @extend_schema(responses=serializers.ChoiceField(["", *Ending.values]))
    def get_ending(self, objection: PublicationObjection) -> str:
        return objection.ending_at(self.context["now"])

    def _words(self, objection: PublicationObjection, name: str) -> str:
        sides = (objection.agency_id, self.context["publisher"])
        return getattr(objection, name) if self.context["actor"].agency_id in sides else ""


class PublicationSerializer(RecordSerializer):
    """A notice as it stands at this moment."""

    project = serializers.CharField(source="project.ref")
    agency = serializers.CharField(source="agency.ref")
    status = serializers.SerializerMethodField()
    clears_at = serializers.SerializerMethodField()
    texts = serializers.SerializerMethodField()
    objections = serializers.SerializerMethodField()

    class Meta:
        model = PublicationNotice
        fields = [
            "ref", "version", "project", "agency", "agency_name", "kind", "title", "authors", "venue", "planned_on", "status", "sent_at",
            "notice_ends_at", "clears_at", "texts", "objections", "published_on", "doi", "address", "licence", "embargo_until",
            "created_at", "updated_at", "verbs",
        ]  # fmt: skip

    @extend_schema(responses=serializers.ChoiceField(PublicationStatus.values))
    def get_status(self, notice: PublicationNotice) -> str:
        return notice.state(self._now)

    def get_clears_at(self, notice: PublicationNotice) -> Any:
        """When it is cleared if nobody says anything more; null while a consent is needed, and outside the review."""
        moment = notice.clears_at(self._now) if notice.status in notice.UNDER_REVIEW else None
        return serializers.DateTimeField().to_representation(moment) if moment else None

    @extend_schema(responses=PublicationTextSerializer(many=True))
    def get_texts(self, notice: PublicationNotice) -> list[Any]:
        return list(PublicationTextSerializer(notice.texts.all(), many=True, context={"now": self._now}).data)

    @extend_schema(responses=ObjectionSerializer(many=True))
    def get_objections(self, notice: PublicationNotice) -> list[Any]:
        context = {"now": self._now, "actor": self.context["actor"], "publisher": notice.agency_id}
        return list(ObjectionSerializer(notice.objections.all(), many=True, context=context).data)

    @property
    def _now(self) -> datetime:
        return timezone.now()


class PublicationWordsInput(Input):
    """What a plan asks for; in a PATCH, what is left out stays as it is."""

    kind = serializers.ChoiceField(choices=PublicationKind.choices)
    title = serializers.CharField(max_length=300)
    authors = serializers.CharField(max_length=4_000)
    venue = serializers.CharField(max_length=300, allow_blank=True, required=False)
    planned_on = serializers.DateField(allow_null=True, required=False)
    text = serializers.CharField(max_length=200_000, allow_blank=True, required=False, trim_whitespace=False)
    assets = serializers.ListField(child=serializers.CharField(max_length=32), max_length=200, required=False)
    disclosures = serializers.ListField(child=serializers.CharField(max_length=32), max_length=200, required=False)


class PublicationInput(PublicationWordsInput):
    project = serializers.CharField(max_length=32)


class PublicationAmendInput(Input):
    text = serializers.CharField(max_length=200_000, trim_whitespace=False)
    changes = serializers.CharField(max_length=4_000)


class ClearInput(Input):
    sha256 = serializers.RegexField(SHA256, help_text="Of the text as you read it.")


class ObjectInput(Input):
    sha256 = serializers.RegexField(SHA256, help_text="Of the text as you read it.")
    ground = serializers.ChoiceField(choices=Ground.choices)
    passage = serializers.CharField(max_length=4_000)
    harm = serializers.CharField(max_length=4_000)
    change = serializers.CharField(max_length=4_000)
    until = serializers.DateField(
        required=False,
        allow_null=True,
        help_text="The last day of the delay; not for the ground that needs your consent.",
    )


class ObjectionAnswerInput(Input):
    objection = serializers.IntegerField(min_value=1, max_value=32_000)
    body = serializers.CharField(max_length=4_000)


class ObjectionInput(Input):
    objection = serializers.IntegerField(min_value=1, max_value=32_000)


class PublishInput(Input):
    published_on = serializers.DateField()
    doi = serializers.CharField(max_length=250, allow_blank=True, required=False)
    address = serializers.CharField(max_length=500, allow_blank=True, required=False)


class ReleaseInput(Input):
    licence = serializers.CharField(max_length=200)
    doi = serializers.CharField(max_length=250, allow_blank=True, required=False)
    address = serializers.CharField(max_length=500, allow_blank=True, required=False)
    embargo_until = serializers.DateField(required=False, allow_null=True)


class PublicationFilters(FilterSet):
    project = CharFilter("project__ref", help_text="Reference of a project.")

    class Meta:
        model = PublicationNotice
        fields = ["kind", "project"]


class Publications(Collection):
    """Intentions to publish, with the reviews, objections and release of each."""

    serializer_class = PublicationSerializer
    policy_class = PublicationPolicy
    filterset_class = PublicationFilters

    def visible(self, actor: Actor) -> QuerySet:
        return PublicationNotice.objects.visible_to(actor).with_reviews().with_project()

    @extend_schema(request=PublicationInput, responses={201: PublicationSerializer})
    def create(self, request: Request) -> Response:
        """Plan a publication; only your agency sees it until you notify the parties."""
        typed = self.read(PublicationInput)
        project = get_object_or_404(Project.objects.inside_for(self.actor).with_agencies(), ref=typed.pop("project"))
        return self.created(self._again(actions.plan_publication(project, actor=self.actor, **typed)))

    @extend_schema(request=PublicationWordsInput, responses=PublicationSerializer)
    def partial_update(self, request: Request, ref: str) -> Response:
        """Change a plan; send the ETag you saw as If-Match."""
        notice = self.get_object()
        sent = PublicationWordsInput(data=request.data, partial=True, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        version = if_match(request)
        edited = actions.edit_publication(notice, actor=self.actor, version=version, **sent.validated_data)
        return self.represent(self._again(edited))

    @verb()
    def notify(self, notice: PublicationNotice) -> PublicationNotice:
        """Send the text to every other party; their time to object begins."""
        return self._again(actions.notify_parties(notice, actor=self.actor, version=if_match(self.request)))

    @verb(PublicationAmendInput)
    def amend(self, notice: PublicationNotice, **typed: Any) -> PublicationNotice:
        """Send a changed text."""
        return self._again(actions.amend_publication(notice, actor=self.actor, **typed))

    @verb(ClearInput)
    def clear(self, notice: PublicationNotice, **typed: Any) -> PublicationNotice:
        """Say for your agency: no objection."""
        return self._again(actions.clear_publication(notice, actor=self.actor, **typed))

    @verb(ObjectInput, name="object", rule="object")
    def object_to(self, notice: PublicationNotice, **typed: Any) -> PublicationNotice:
        """Object to a passage, with the harm, the change that would remove it, and until when at most."""
        actions.object_to_publication(notice, actor=self.actor, **typed)
        return self._again(notice)

    @verb(ObjectionAnswerInput)
    def answer(self, notice: PublicationNotice, **typed: Any) -> PublicationNotice:
        """Add to the exchange about an objection."""
        actions.answer_objection(notice, actor=self.actor, **typed)
        return self._again(notice)

    @verb(ObjectionInput)
    def withdraw_objection(self, notice: PublicationNotice, **typed: Any) -> PublicationNotice:
        """Take an objection back."""
        return self._again(actions.withdraw_objection(notice, actor=self.actor, **typed))

    @verb(ObjectionInput)
    def accept_amendment(self, notice: PublicationNotice, **typed: Any) -> PublicationNotice:
        """Say that the amended text removes the harm."""
        return self._again(actions.accept_amendment(notice, actor=self.actor, **typed))

    @verb(PublishInput)
    def publish(self, notice: PublicationNotice, **typed: Any) -> PublicationNotice:
        """Say that the cleared text was published."""
        return self._again(actions.publish(notice, actor=self.actor, **typed))

    @verb(ReleaseInput)
    def record(self, notice: PublicationNotice, **typed: Any) -> PublicationNotice:
        """Complete the release record."""
        return self._again(actions.record_release(notice, actor=self.actor, **typed))

    @verb()
    def withdraw(self, notice: PublicationNotice) -> PublicationNotice:
        """Give the publication up."""
        return self._again(actions.withdraw_publication(notice, actor=self.actor))

    def _again(self, notice: PublicationNotice) -> PublicationNotice:
        """The notice as it stands now."""
        return self.visible(self.actor).get(pk=notice.pk)
