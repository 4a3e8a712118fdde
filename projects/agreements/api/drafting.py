"""The JSON door of a draft: its profile, its clauses, its languages, and the library they come from."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.models import InstrumentKind
from portal.kit.actors import Actor
from portal.kit.api import Door, Input, if_match, verb
from projects.agreements import actions
from projects.agreements.library import kinds
from projects.agreements.models import Agreement, Part
from projects.agreements.models.library import offered
from projects.agreements.profile import questions_of

LONGEST = 25_000


class ClauseProfileInput(Input):
    profile = serializers.DictField()
    part = serializers.ChoiceField(
        choices=Part.choices,
        default=Part.OWN,
        help_text="Of an amendment: its own answers, or those of the text it amends.",
    )


class CodeInput(Input):
    code = serializers.SlugField(max_length=60)


class WordingInput(CodeInput):
    text = serializers.CharField(max_length=LONGEST, trim_whitespace=False)
    heading = serializers.CharField(
        max_length=200, required=False, default="", help_text="Only of a clause that the parties wrote."
    )


class AddClauseInput(Input):
    heading = serializers.CharField(max_length=200)
    text = serializers.CharField(max_length=LONGEST, trim_whitespace=False)
    after = serializers.CharField(
        max_length=60,
        required=False,
        default="",
        allow_blank=True,
        help_text="Code of a clause; empty for the first place.",
    )


class MoveClauseInput(CodeInput):
    after = serializers.CharField(
        max_length=60,
        required=False,
        default="",
        allow_blank=True,
        help_text="Code of a clause; empty for the first place.",
    )


class SetLanguagesInput(Input):
    languages = serializers.ListField(
        child=serializers.CharField(max_length=12), max_length=20, help_text="Further authentic languages, by code."
    )


class TranslationInput(Input):
    language = serializers.CharField(max_length=12)
    code = serializers.SlugField(
        max_length=60, required=False, default="", help_text="Of a clause; without it, the title."
    )
    heading = serializers.CharField(max_length=200, help_text="Of the clause; or the title of the agreement.")
    text = serializers.CharField(
        max_length=LONGEST, required=False, default="", allow_blank=True, trim_whitespace=False
    )


class DraftingVerbs:
    """What changes a draft, and what gives a text its languages."""

    actor: Actor
    request: Request

    def _again(self, agreement: Agreement) -> Agreement:
        raise NotImplementedError

    @verb(ClauseProfileInput, rule="edit")
    def answer_profile(self, agreement: Agreement, *, profile: dict[str, Any], part: str) -> Agreement:
        """Change answers of the clause profile of a draft; the text follows."""
        version = if_match(self.request)
        return self._again(
            actions.answer_profile(agreement, actor=self.actor, answers=profile, part=part, version=version)
        )

    @verb(WordingInput, rule="edit")
    def word_clause(self, agreement: Agreement, *, code: str, text: str, heading: str) -> Agreement:
        """Give a clause of a draft other words."""
        version = if_match(self.request)
        return self._again(
            actions.word_clause(agreement, code, actor=self.actor, text=text, heading=heading, version=version)
        )

    @verb(CodeInput, rule="edit")
    def restore_clause(self, agreement: Agreement, *, code: str) -> Agreement:
        """Put the model's words back, or a clause that was left out."""
        return self._again(actions.restore_clause(agreement, code, actor=self.actor, version=if_match(self.request)))

    @verb(AddClauseInput, rule="edit")
    def add_clause(self, agreement: Agreement, *, heading: str, text: str, after: str) -> Agreement:
        """Write a clause of your own into a draft."""
        version = if_match(self.request)
        return self._again(
            actions.add_clause(agreement, actor=self.actor, heading=heading, text=text, after=after, version=version)
        )

    @verb(CodeInput, rule="edit")
    def remove_clause(self, agreement: Agreement, *, code: str) -> Agreement:
        """Leave a clause out of a draft."""
        return self._again(actions.remove_clause(agreement, code, actor=self.actor, version=if_match(self.request)))

    @verb(MoveClauseInput, rule="edit")
    def move_clause(self, agreement: Agreement, *, code: str, after: str) -> Agreement:
        """Put a clause of a draft after another one, or first."""
        version = if_match(self.request)
        return self._again(actions.move_clause(agreement, code, actor=self.actor, after=after, version=version))

    @verb(SetLanguagesInput)
    def set_languages(self, agreement: Agreement, *, languages: list[str]) -> Agreement:
        """Choose the languages in which the text is authentic beside its own."""
        version = if_match(self.request)
        return self._again(actions.set_languages(agreement, actor=self.actor, languages=languages, version=version))

    @verb(TranslationInput)
    def translate_clause(self, agreement: Agreement, *, language: str, code: str, heading: str, text: str) -> Agreement:
        """Give a clause, or the title, its words in a further authentic language."""
        given: dict[str, Any] = {"actor": self.actor, "language": language, "version": if_match(self.request)}
        if not code:
            return self._again(actions.translate_title(agreement, title=heading, **given))
        return self._again(actions.translate_clause(agreement, code, heading=heading, text=text, **given))


class AlternateSerializer(serializers.Serializer):
    """One wording of a clause; it is chosen when every answer in `when` is, or is one of, the value given there."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not the words of this one
    note = serializers.CharField()
    when = serializers.DictField()
    text = serializers.CharField()
    is_added = serializers.BooleanField()


class LibraryClauseSerializer(serializers.Serializer):
    code = serializers.CharField()
    heading = serializers.CharField()
    group = serializers.CharField()
    alternates = AlternateSerializer(many=True)


class LibraryQuestionSerializer(serializers.Serializer):
    """A question of the profile with what can be answered; bounds count as allowed."""

    key = serializers.CharField()
    kind = serializers.CharField()
    group = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not the words of this one
    help = serializers.CharField()
    default = serializers.JSONField()
    choices = serializers.ListField(child=serializers.DictField())
    unit = serializers.CharField()
    minimum = serializers.IntegerField(allow_null=True)
    maximum = serializers.IntegerField(allow_null=True)
    max_length = serializers.IntegerField(allow_null=True)
    asks = serializers.IntegerField()
    only_if = serializers.DictField()


class LibraryKindSerializer(serializers.Serializer):
    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not the words of this one
    title = serializers.CharField()
    version = serializers.CharField()
    language = serializers.CharField()


class LibrarySerializer(LibraryKindSerializer):
    clauses = LibraryClauseSerializer(many=True)
    questions = LibraryQuestionSerializer(many=True)


class ClauseLibraries(Door):
    """The kinds of agreement that have a library of clauses."""

    @extend_schema(responses=LibraryKindSerializer(many=True), operation_id="clause_library_list")
    def get(self, request: Request) -> Response:
        return Response([_kind(kind) for kind in InstrumentKind.values if kind in kinds()])


class ClauseLibrary(Door):
    """The clauses of a kind with their alternates, and the questions whose answers choose and fill them."""

    @extend_schema(responses=LibrarySerializer, operation_id="clause_library_retrieve")
    def get(self, request: Request, kind: str) -> Response:
        if kind not in kinds():
            raise Http404
        clauses = LibraryClauseSerializer(cast(Any, offered(kind).clauses), many=True).data
        return Response({**_kind(kind), "clauses": clauses, "questions": _questions(kind)})


def _kind(kind: str) -> dict[str, Any]:
    library = offered(kind)
    return {
        "kind": kind,
        "label": InstrumentKind(kind).label,
        "title": library.title,
        "version": library.version,
        "language": library.language,
    }


def _questions(kind: str) -> list[dict[str, Any]]:
    return [
        {
            "key": asked.key,
            "kind": asked.kind,
            "group": asked.group,
            "label": asked.label,
            "help": asked.help,
            "default": asked.default,
            "choices": [{"value": value, "label": label} for value, label in asked.choices],
            "unit": asked.unit,
            "minimum": asked.minimum if asked.kind == "whole" else None,
            "maximum": asked.maximum if asked.kind == "whole" else None,
            "max_length": asked.max_length or None,
            "asks": asked.asks,
            "only_if": dict(asked.only_if),
        }
        for asked in questions_of(kind).values()
    ]
