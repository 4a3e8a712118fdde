"""How much of a disclosure somebody may read: the one place that says so."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from agencies.models import Role
from portal.kit.actors import Actor
from projects.models import Project

from .disclosure_choices import Reach
from .disclosure_contributor import ContributorState, DisclosureContributor
from .disclosure_notice import DisclosureReport, DisclosureShare

# Who reads every disclosure of their agency, and what other agencies share with it.
KEEPERS = (Role.IP_MANAGER, Role.ADMINISTRATOR)


def reach_of(actor: Actor) -> Case:
    """The `Reach` of the actor, an empty string when they may not know of it; annotate it on disclosures.

    SECURITY: a draft is for whoever files it and for the keepers. Contributors who were asked, and the witness, read what
    was sealed; a contributor of another agency reads it only once it is shared with that agency, and nobody there learns
    of a disclosure before it is reported or shared. An export officer sees what the marking says.
    """
    own = Q(agency=actor.agency_id)
    here = {"disclosure": OuterRef("pk")}
    people = DisclosureContributor.objects.filter(person=actor.person, agency=actor.agency_id, **here)
    named = Exists(people.exclude(state=ContributorState.UNASKED))
    shared = Exists(_shares(actor))
    reported = Exists(DisclosureReport.objects.filter(agency=actor.agency_id, **here))
    keeps = _if(actor.has_role(*KEEPERS))
    inside = Exists(Project.objects.inside_for(actor).filter(pk=OuterRef("project")))
    whole = own & (Q(filer=actor.person) | keeps)
    reads = Q(sealed_number__gt=0) & (own & (named | Q(witness=actor.person)) | ~own & shared & (named | keeps))
    return Case(
        When(whole, then=Value(Reach.WHOLE)),
        When(reads, then=Value(Reach.SEALED)),
        When(named, then=Value(Reach.PART)),
        When(own & _if(actor.has_role(Role.EXPORT_OFFICER)), then=Value(Reach.MARKING)),
        When(~own & (reported | shared) & inside, then=Value(Reach.EXISTENCE)),
        default=Value(""),
        output_field=models.CharField(),
    )


def shared_number(actor: Actor) -> Subquery:
    """The newest version that was shared with the actor's agency."""
    return Subquery(_shares(actor).order_by("-number").values("number")[:1])


def _shares(actor: Actor) -> QuerySet[DisclosureShare]:
    return DisclosureShare.objects.filter(agency=actor.agency_id, disclosure=OuterRef("pk"))


def _if(condition: bool) -> Q:
    return Q(pk__isnull=not condition)
