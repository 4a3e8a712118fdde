"""Events, written once, and the queue of those that wait for their entry in the ledger."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.history import verbs
from portal.history.canonical import canonical_event, instant
from portal.kit.actors import Actor
from portal.kit.append_only import AppendOnly, AppendOnlyQuerySet
from portal.kit.composition import load


class DatabaseClock(models.Func):
    """The instant at which the database writes the row, not the one at which its transaction began."""

    function = "clock_timestamp"
    output_field = models.DateTimeField()


class EventQuerySet(AppendOnlyQuerySet["Event"]):
    """Events in the words that pages use."""

    def visible_to(self, actor: Actor) -> EventQuerySet:
        """Events addressed to the agency the actor works for now; operators have no window into agencies' work.

        SECURITY: who sees only some projects of the agency reads only about those, and about the agency itself.
        """
        if actor.membership is None or not actor.membership.is_live:
            return self.none()
        addressed = self.filter(agencies__contains=[actor.agency.ref])
        if actor.membership.sees_all_projects:
            return addressed
        about = Q(scope=actor.agency.ref)
        for read_scopes in settings.EVENT_SCOPES:
            about |= Q(scope__in=load(read_scopes)(actor))
        return addressed.filter(about)

    def of(self, ref: str) -> EventQuerySet:
        """Events about this record or about anything inside it."""
        return self.filter(Q(target_ref=ref) | Q(scope=ref))

    def newest_first(self) -> EventQuerySet:
        return self.order_by("-id")


class Event(AppendOnly):
    """One thing that happened. Facts hold references, hashes and codes, never confidential text."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    verb = models.CharField(_("what happened"), max_length=80)
    target_kind = models.CharField(_("kind of record"), max_length=80)
    target_ref = models.CharField(_("record"), max_length=64)
    scope = models.CharField(_("timeline"), max_length=64)
    at = models.DateTimeField(_("at"), db_default=DatabaseClock(), editable=False)
    person_uid = models.UUIDField(_("person"), null=True)
    agency_ref = models.CharField(_("agency"), max_length=32, blank=True)
    agency_name = models.CharField(_("agency's name then"), max_length=300, blank=True)
    agencies = ArrayField(models.CharField(max_length=32), verbose_name=_("who may see it"))
    facts = models.JSONField(_("facts"), default=dict)

    objects: ClassVar = EventQuerySet.as_manager()
    person_name = ""

    class Meta(AppendOnly.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            GinIndex(fields=["agencies"], name="event_agencies"),
            models.Index(fields=["scope", "-id"], name="event_scope"),
            models.Index(fields=["target_ref", "-id"], name="event_target"),
        ]
        triggers = [
            *AppendOnly.Meta.triggers,
            pgtrigger.Trigger(
                name="clock_of_the_database",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="NEW.at := clock_timestamp(); RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="queue_for_sealing",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func="INSERT INTO history_unsealed (event_id) VALUES (NEW.id); RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.target_ref}"

    @property
    def ledger_index(self) -> int | None:
        """The number of its entry in the ledger, None until it is sealed. Select `leaf` with the events of a list."""
        try:
            return self.leaf.index
        except ObjectDoesNotExist:
            return None

    @property
    def canonical(self) -> bytes:
        """The bytes that the ledger hashes."""
        return canonical_event(
            uid=str(self.uid),
            verb=self.verb,
            target_kind=self.target_kind,
            target_ref=self.target_ref,
            scope=self.scope,
            at=instant(self.at),
            person=str(self.person_uid) if self.person_uid else None,
            agency=self.agency_ref,
            agency_name=self.agency_name,
            agencies=self.agencies,
            facts=self.facts,
        )

    @cached_property
    def known_verb(self) -> verbs.Verb:
        """The registered verb; an old event whose app has gone still shows by its name."""
        try:
            return verbs.find(self.verb)
        except verbs.UnknownVerb:
            return verbs.Verb(self.verb, format_lazy("{verb} %(target)s", verb=self.verb), "ring")

    @property
    def icon(self) -> str:
        return self.known_verb.icon

    @property
    def who(self) -> str:
        """Who did it: the person for their agency, or the portal itself."""
        agency = self.agency_ref or self.agency_name
        if self.person_uid is None:
            return agency or gettext("Concord")
        name = self.person_name or gettext("A person")
        return gettext("%(person)s for %(agency)s") % {"person": name, "agency": agency} if agency else name

    @property
    def sentence(self) -> str:
        """What happened, in words, in the reader's language."""
        words = _Words(
            self.facts,
            target=self.target_ref,
            scope=self.scope,
            person=self.person_name or self.who,
            agency=self.agency_ref,
        )
        verb = self.known_verb.of(self.facts)
        deed = str(verb.text) % words
        return deed if verb.is_sentence else gettext("%(who)s %(deed)s") % {"who": self.who, "deed": deed}


class _Words(dict):
    """What a sentence may name; a fact that an old event does not have reads as an ellipsis."""

    def __missing__(self, name: str) -> str:
        return "…"


class Unsealed(models.Model):
    """The queue of events that wait for their entry; a trigger fills it, the sealer empties it."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="unsealed")

    class Meta:
        verbose_name = _("unsealed event")
        verbose_name_plural = _("unsealed events")

    def __str__(self) -> str:
        return str(self.event_id)
