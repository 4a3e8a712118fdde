"""The exit calculator: what ends, what stays and until when, and what is still owed when a party leaves with a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from agencies.models import Agency
from agencies.zones import end_of, today
from portal.kit.actors import Actor
from portal.kit.addresses import address
from portal.kit.templatetags.kit import day_words
from projects.agreements.actions.life.ending import stands_alone
from projects.agreements.bound import answers_of, bound_parties, is_bound, kept_steps, months_from
from projects.agreements.consolidation import REFERENCE, Consolidated, known_text_in_force
from projects.agreements.models import Agreement, Party, Step, StepKind, StepStatus
from projects.agreements.policies.life import ABOUT_ANOTHER, RUNNING
from projects.agreements.survivors import Survivor, survivors
from projects.agreements.term import foreseen_last_day, last_day_of
from projects.ip.models import AccessRequest, AccessRight, Purpose, Standing

# The clauses that give something for as long as a party is bound, with nothing to ask for.
WHILE_BOUND = ("access_implementation", "access_research", "affiliates")
MOST = 200
# An agreement goes on between so many parties.
LEAST = 2


@dataclass(frozen=True)
class Line:
    """One thing that ends, stays or is owed, with its last day and where it is kept."""

    what: str | Promise
    until: date | None = None
    due_at: datetime | None = None
    url: str = ""


@dataclass(frozen=True)
class Exit:
    """What the leaving of a party means, as things stand; nothing is written down by asking."""

    party: Party
    on: date
    over_at: datetime
    earliest: date | None
    remaining: list[Agency]
    ends: list[Line]
    stays: list[Line]
    survivors: list[Survivor]
    owed: list[Line]
    also: list[Agreement]

    @property
    def goes_on(self) -> bool:
        return len(self.remaining) >= LEAST

    @property
    def is_too_early(self) -> bool:
        """Whether a notice that is given today runs longer than this."""
        return self.earliest is not None and self.on < self.earliest


def compute(agreement: Agreement, party: Party, *, reader: Actor, on: date | None = None) -> Exit:
    """Compute the exit of a party with a last day; by default the day of its notice, else the earliest that the text allows.

    SECURITY: rights and requests are those that the reader may know of. Raises ValidationError for a day on which the
    agreement does not bind.
    """
    assert agreement.in_force_on is not None
    notice, earliest = running_notice(agreement, party), _earliest(agreement, party)
    day = on or _usual_day(agreement, party, notice, earliest)
    _check(agreement, day)
    rights = _rights(agreement, reader)
    remaining = [other.agency for other in bound_parties(agreement) if other.pk != party.pk]
    below = list(standing_under(agreement, reader, ends=len(remaining) < LEAST))
    return Exit(
        party=party,
        on=day,
        over_at=end_of(day, party.agency.zone),
        earliest=None if notice is not None else earliest,
        remaining=remaining,
        ends=[*_ends(agreement, party, rights, day), *(_with_it(child, day) for child, ends in below if ends)],
        stays=list(_stays(party, rights, day)),
        survivors=survivors_of(agreement, day, leaving=party),
        owed=list(_owed(agreement, party, notice, reader)),
        also=[child for child, ends in below if not ends and _binds(child, party)],
    )


def survivors_of(agreement: Agreement, ended_on: date, *, leaving: Party | None = None) -> list[Survivor]:
    """What outlives the agreement, or the part of a party in it that leaves, by the text in force."""
    text, project = known_text_in_force(agreement), agreement.project
    clauses = {clause.code: (clause.number, clause.heading) for clause in text.clauses}
    over = project.ended_at.date() if project.ended_at else None
    ending = [leaving] if leaving else [party for party in agreement.party_list if is_bound(agreement, party, ended_on)]
    return survivors(
        text.profile, clauses, ended_on, agencies=[party.agency for party in ending], named=_named_to_continue(text),
        project_ended_on=over, leaves=leaving is not None,
    )  # fmt: skip


def _named_to_continue(text: Consolidated) -> set[str]:
    """The clauses that the clause on what continues refers to, by their codes."""
    words = next((clause.text for clause in text.clauses if clause.code == "survival"), "")
    named = set(REFERENCE.findall(words))
    return {clause.code for clause in text.clauses if f"Clause\N{NO-BREAK SPACE}{clause.number}" in named}


def running_notice(agreement: Agreement, party: Party) -> Step | None:
    """The notice of withdrawal that a party has given and that runs, or has run."""
    counting = (StepStatus.RUNNING, StepStatus.DONE)
    found = (
        step
        for step in kept_steps(agreement)
        if step.kind == StepKind.WITHDRAWAL and step.agency_id == party.agency_id and step.status in counting
    )
    return next(found, None)


def _earliest(agreement: Agreement, party: Party) -> date | None:
    months = answers_of(agreement).get("withdrawal_notice_months")
    if not months or agreement.status not in RUNNING or not is_bound(agreement, party):
        return None
    answers = answers_of(agreement)
    return months_from(timezone.now(), int(months), agency=party.agency, answers=answers).last_day


def _usual_day(agreement: Agreement, party: Party, notice: Step | None, earliest: date | None) -> date:
    if party.left_on is not None:
        return party.left_on - timedelta(days=1)
    if agreement.ended_on is not None:
        return agreement.ended_on
    last = foreseen_last_day(agreement)
    announced = notice.takes_effect_on if notice is not None else earliest
    known = [day for day in (announced, last) if day is not None]
    return min(known) if known else today(party.agency.zone)


def _check(agreement: Agreement, day: date) -> None:
    last = last_day_of(agreement).on
    assert agreement.in_force_on is not None
    if day < agreement.in_force_on:
        words = _("The agreement is in force since %(day)s.") % {"day": day_words(agreement.in_force_on)}
        raise ValidationError({"on": [words]})
    if last is not None and day > last:
        raise ValidationError({"on": [_("The last day of the agreement is %(day)s.") % {"day": day_words(last)}]})


def _rights(agreement: Agreement, reader: Actor) -> list[AccessRight]:
    found = AccessRight.objects.visible_to(reader).with_parties().filter(asset__project=agreement.project)
    return [right for right in found.order_by("pk")[:MOST] if right.standing() in (Standing.ACTIVE, Standing.COMING)]


def _ends(agreement: Agreement, party: Party, rights: list[AccessRight], day: date) -> Iterator[Line]:
    for clause in known_text_in_force(agreement).clauses:
        if clause.code in WHILE_BOUND:
            words = _("Clause %(number)s, %(heading)s: nothing new after %(day)s")
            yield Line(words % {"number": clause.number, "heading": clause.heading, "day": day_words(day)})
    for right in rights:
        if right.holder_id == party.agency_id and right.purpose == Purpose.IMPLEMENTATION:
            yield Line(_named(right), day, url=right.get_absolute_url())


def _stays(party: Party, rights: list[AccessRight], day: date) -> Iterator[Line]:
    """What was granted is kept until its own end, and what the party granted to others goes on (R13)."""
    for right in rights:
        is_kept = right.holder_id == party.agency_id and right.purpose != Purpose.IMPLEMENTATION
        if (is_kept or right.grantor_id == party.agency_id) and (right.ends_on is None or right.ends_on > day):
            yield Line(_named(right), right.ends_on, url=right.get_absolute_url())


def _named(right: AccessRight) -> str:
    words = _("%(ref)s: %(holder)s uses %(asset)s of %(owner)s, for %(purpose)s")
    return words % {
        "ref": right.ref, "holder": right.holder.acronym, "asset": right.asset.ref, "owner": right.grantor.acronym,
        "purpose": right.get_purpose_display(),
    }  # fmt: skip


def _owed(agreement: Agreement, party: Party, notice: Step | None, reader: Actor) -> Iterator[Line]:
    if notice is not None:
        for line in notice.handovers.all():
            if line.done_at is None:
                yield Line(
                    f"{line.get_kind_display()}: {line.words}" if line.words else line.get_kind_display(), line.due_on
                )
    for step in kept_steps(agreement):
        if step.kind == StepKind.BREACH and step.about_id == party.pk and step.is_pending:
            yield Line(
                _("A breach of which %(agency)s gave notice") % {"agency": step.agency.acronym}, due_at=step.due_at
            )
    asked = AccessRequest.objects.visible_to(reader).open().filter(owner=party.agency, asset__project=agreement.project)
    for request in asked.exclude(submitted_at=None).order_by("pk")[:MOST]:
        what = _("An answer to the request %(ref)s") % {"ref": request.ref}
        yield Line(what, due_at=request.due_at, url=request.get_absolute_url())


def standing_under(agreement: Agreement, reader: Actor, *, ends: bool) -> Iterator[tuple[Agreement, bool]]:
    """What stands under the agreement, each with whether it ends with it; amendments and accessions are part of it."""
    found = Agreement.objects.visible_to(reader).for_pages().filter(parent=agreement, status__in=RUNNING)
    for child in found.exclude(kind__in=ABOUT_ANOTHER).order_by("pk")[:MOST]:
        ends_too = ends and not stands_alone(child)
        yield child, ends_too
        if ends_too:
            yield from standing_under(child, reader, ends=True)


def _with_it(child: Agreement, day: date) -> Line:
    what = _("%(ref)s, %(title)s, which stands under it") % {"ref": child.ref, "title": child.title}
    return Line(what, day, url=address("agreements:life", child.ref))


def _binds(child: Agreement, party: Party) -> bool:
    """Whether notice must be given there too: what ends for the party in one text goes on in the other."""
    own = child.party_of(party.agency_id)
    return own is not None and is_bound(child, own)
