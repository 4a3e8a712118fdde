"""The JSON door of threads and messages."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.models import Agency
from portal.kit.actors import Actor
from portal.kit.api import Collection, Input, RecordSerializer, if_match, verb
from projects.messaging import actions
from projects.messaging.models import Audience, Message, Thread, ThreadAgency, language_tag
from projects.messaging.policies import MessagePolicy, ThreadPolicy
from projects.models import Project

UUID_PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


class SeatSerializer(serializers.ModelSerializer):
    """An agency on the list of a thread, and since when it reads what is shared."""

    agency = serializers.CharField(source="agency.ref", read_only=True)

    class Meta:
        model = ThreadAgency
        fields = ["agency", "agency_name", "since"]


class ThreadSerializer(RecordSerializer):
    """A thread without its messages."""

    project = serializers.CharField(source="project.ref", read_only=True, allow_null=True)
    opened_for = serializers.CharField(source="opened_for.ref", read_only=True)
    agencies = SeatSerializer(source="seats", many=True, read_only=True)
    is_unread = serializers.BooleanField(read_only=True)

    class Meta:
        model = Thread
        fields = [
            "ref",
            "version",
            "project",
            "title",
            "opened_for",
            "agencies",
            "is_unread",
            "last_message_at",
            "closed_at",
            "created_at",
            "verbs",
        ]


class WordsInput(Input):
    """A message as it is sent; internal unless it says otherwise."""

    body = serializers.CharField(allow_blank=True, trim_whitespace=False)
    audience = serializers.ChoiceField(choices=Audience.choices, default=Audience.INTERNAL)
    language = serializers.CharField(max_length=35, allow_blank=True, default="", validators=[language_tag])


class ThreadInput(WordsInput):
    """A new thread with its first message: on a project, or with at least one other agency."""

    project = serializers.CharField(max_length=32, required=False)
    agencies = serializers.ListField(child=serializers.CharField(max_length=32), max_length=100, default=list)
    title = serializers.CharField(max_length=160)


class ThreadAgencyInput(Input):
    """An agency for the list."""

    agency = serializers.CharField(max_length=32)


class Threads(Collection):
    """Conversations that the acting agency is on the list of."""

    serializer_class = ThreadSerializer
    policy_class = ThreadPolicy

    def visible(self, actor: Actor) -> QuerySet:
        threads = Thread.objects.visible_to(actor).with_unread(actor)
        return threads.in_list() if self.action == "list" else threads.with_seats()

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        if ref := self.request.query_params.get("project", ""):
            queryset = queryset.filter(project__ref=ref.replace("\x00", ""))
        return queryset

    @extend_schema(parameters=[OpenApiParameter("project", str, description="Reference of a project.")])
    def list(self, request: Request) -> Response:
        """Newest first."""
        return super().list(request)

    @extend_schema(request=ThreadInput, responses={201: ThreadSerializer})
    def create(self, request: Request) -> Response:
        """Open a thread with a first message."""
        typed = self.read(ThreadInput)
        ref = typed.pop("project", "")
        projects = Project.objects.inside_for(self.actor).with_teams()
        project = get_object_or_404(projects, ref=ref) if ref else None
        agencies = [_agency(self.actor, name, "agencies") for name in typed.pop("agencies")]
        return self.created(
            self._again(actions.open_thread(actor=self.actor, project=project, agencies=agencies, **typed))
        )

    @verb(ThreadAgencyInput)
    def add_agency(self, thread: Thread, agency: str) -> Thread:
        """Let another agency read what is shared from now on."""
        added = _agency(self.actor, agency, "agency")
        return self._again(actions.add_agency(thread, actor=self.actor, agency=added))

    @verb()
    def close(self, thread: Thread) -> Thread:
        """End the conversation."""
        return self._again(actions.close_thread(thread, actor=self.actor))

    @verb()
    def reopen(self, thread: Thread) -> Thread:
        """Let the conversation go on."""
        return self._again(actions.reopen_thread(thread, actor=self.actor))

    def _again(self, thread: Thread) -> Thread:
        return self.visible(self.actor).get(pk=thread.pk)


class MessageSerializer(RecordSerializer):
    """A message; a withdrawn one has no body."""

    thread = serializers.CharField(source="thread.ref", read_only=True)
    author = serializers.CharField(source="author.name", read_only=True)
    agency = serializers.CharField(source="agency.ref", read_only=True)

    class Meta:
        model = Message
        fields = [
            "uid",
            "version",
            "thread",
            "author",
            "agency",
            "agency_name",
            "audience",
            "language",
            "body",
            "created_at",
            "edited_at",
            "withdrawn_at",
            "verbs",
        ]


class MessageInput(WordsInput):
    """A message for a thread."""

    thread = serializers.CharField(max_length=32)


class EditInput(Input):
    """The corrected words."""

    body = serializers.CharField(allow_blank=True, trim_whitespace=False)


class Messages(Collection):
    """What one reads: shared messages, and the internal ones of the acting agency."""

    lookup_field = "uid"
    lookup_value_regex = UUID_PATTERN
    serializer_class = MessageSerializer
    policy_class = MessagePolicy

    def visible(self, actor: Actor) -> QuerySet:
        return Message.objects.visible_to(actor).select_related("author", "agency", "thread__opened_for")

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        if ref := self.request.query_params.get("thread", ""):
            queryset = queryset.filter(thread__ref=ref.replace("\x00", ""))
        return queryset

    @extend_schema(parameters=[OpenApiParameter("thread", str, description="Reference of a thread.")])
    def list(self, request: Request) -> Response:
        """Newest first."""
        return super().list(request)

    def retrieve(self, request: Request, uid: str) -> Response:
        """One message."""
        return self.represent(self.get_object())

    @extend_schema(request=MessageInput, responses={201: MessageSerializer})
    def create(self, request: Request) -> Response:
        """Write in a thread."""
        typed = self.read(MessageInput)
        thread = get_object_or_404(Thread.objects.visible_to(self.actor), ref=typed.pop("thread"))
        return self.created(actions.post_message(thread, actor=self.actor, **typed))

    @extend_schema(request=EditInput, responses=MessageSerializer)
    def partial_update(self, request: Request, uid: str) -> Response:
        """Correct one's own words; send the ETag you saw as If-Match."""
        message = self.get_object()
        MessagePolicy(self.actor, message).require("edit")
        typed = self.read(EditInput)
        return self.represent(actions.edit_message(message, actor=self.actor, version=if_match(request), **typed))

    @verb()
    def withdraw(self, message: Message) -> Message:
        """Take the words away from every reader."""
        return actions.withdraw_message(message, actor=self.actor)

    def represent(self, record: Message, **kwargs: Any) -> Response:
        response = super().represent(record, **kwargs)
        response["ETag"] = f'"{record.version}"'
        return response


def _agency(actor: Actor, ref: str, field: str) -> Agency:
    """An agency by its reference; ValidationError when the actor knows none of that name."""
    found = Agency.objects.visible_to(actor).filter(ref=ref).first()
    if found is None:
        raise ValidationError({field: [_("No verified agency has the reference %(ref)s.") % {"ref": ref}]})
    return found


routes = [("threads", Threads, "thread"), ("messages", Messages, "message")]
