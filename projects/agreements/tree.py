"""What stands under what: whether an instrument stays within the one above it, and who else must consent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.models import InstrumentKind
from projects.agreements.consolidation import known_text_in_force
from projects.agreements.models import Agreement, Beneficiary, Status
from projects.agreements.models.status import EFFECTIVE, ENDED
from projects.agreements.profile.under import beyond
from projects.agreements.term import last_day, last_day_of

# What others may stand under; a change or a joining of a text is not a text of its own to stand under.
UMBRELLAS = (InstrumentKind.MEMORANDUM, InstrumentKind.IP_SHARING, InstrumentKind.IMPLEMENTING)
DEEPEST = 6
# Where an agreement that was read keeps who may rely on its text in force.
RELYING = "_relying_on"


def ancestors(agreement: Agreement) -> Iterator[Agreement]:
    """What the agreement stands under, the nearest first; ends after as many steps as a tree may be deep."""
    above = agreement.parent
    for _step in range(DEEPEST + 1):
        if above is None:
            return
        yield above
        above = above.parent


def cannot_stand_under(
    parent: Agreement,
    *,
    project: int,
    parties: set[int],
    child: int | None = None,
    parents: Mapping[int, int | None] = {},
) -> str:
    """Why an instrument of a project between these agencies cannot stand under another, in words; empty when it can.

    `child` is the instrument, once it is written; `parents` says what each instrument of the project stands under,
    `parents_in(project)`, where it has been read already.
    """
    if parent.project_id != project:
        return _("%(ref)s belongs to another project.") % {"ref": parent.ref}
    if parent.kind not in UMBRELLAS:
        return _("Nothing stands under an instrument of this kind: %(kind)s.") % {"kind": parent.get_kind_display()}
    if parent.status in (*ENDED, Status.ABANDONED, Status.DECLINED):
        return _("%(ref)s has ended or was given up.") % {"ref": parent.ref}
    known = parents or parents_in(project)
    chain = _chain(parent.pk, known)
    if child is not None and child in chain:
        return _("%(ref)s stands under this agreement itself: that would be a circle.") % {"ref": parent.ref}
    if len(chain) + _height(child, known) > DEEPEST:
        return _("At most %(count)s instruments stand one under another.") % {"count": DEEPEST}
    return _strangers(parent, parties)


def parents_in(project: int) -> dict[int, int | None]:
    """What each instrument of a project stands under, by primary key: one query."""
    return dict(Agreement.objects.filter(project=project).values_list("pk", "parent"))


def _chain(pk: int | None, parents: Mapping[int, int | None]) -> list[int]:
    """An instrument and everything above it."""
    found: list[int] = []
    while pk is not None and pk not in found:
        found.append(pk)
        pk = parents.get(pk)
    return found


def _height(child: int | None, parents: Mapping[int, int | None]) -> int:
    """How many instruments stand one under another from this one down, itself counted."""
    if child is None:
        return 1
    below = [pk for pk, above in parents.items() if above == child and pk != child]
    return 1 + max((_height(pk, {**parents, child: None}) for pk in below), default=0)


def excesses(agreement: Agreement, *, starts_on: date) -> list[str]:
    """In which points an instrument goes beyond the one that it stands under, in words: it can neither widen nor outlive it.

    `starts_on` is the day on which it would enter into force.
    """
    parent = agreement.parent
    if parent is None or agreement.kind in (InstrumentKind.AMENDMENT, InstrumentKind.ACCESSION):
        return []
    found = [words] if (words := _strangers(parent, {party.agency_id for party in agreement.party_list})) else []
    above = known_text_in_force(parent).profile if parent.text is not None else parent.profile
    found += [str(words) for words in beyond(agreement.profile, above).values()]
    return found + ([words] if (words := _outlives(agreement, parent, starts_on)) else [])


def touched_beneficiaries(agreement: Agreement, codes: set[str]) -> list[Beneficiary]:
    """The third parties that may rely on a clause that the amendment changes."""
    if not getattr(agreement, "has_third_parties", True):  # a page has read that along with the agreement
        return []
    assert agreement.parent is not None
    if RELYING not in agreement.parent.__dict__:
        agreement.parent.__dict__[RELYING] = relying_on(agreement.parent)
    return [row for row in agreement.parent.__dict__[RELYING] if row.code in codes]


def named_third_parties(agreement: Agreement) -> list[Beneficiary]:
    """Whom an instrument names who is no party; an amendment also those who may rely on the text that it changes."""
    if not getattr(agreement, "has_third_parties", True):
        return []
    if not agreement.amends or agreement.parent is None:
        return _named(Q(agreement=agreement))
    rows = _named(Q(agreement=agreement) | _in_force_with(agreement.parent))
    own = [row for row in rows if row.agreement_id == agreement.pk]
    agreement.parent.__dict__[RELYING] = _once_each(row for row in rows if row.agreement_id != agreement.pk)
    return own + agreement.parent.__dict__[RELYING]


def relying_on(agreement: Agreement) -> list[Beneficiary]:
    """Who may rely on the text in force without being a party: as the agreement and its amendments in force name them."""
    return _once_each(_named(_in_force_with(agreement)))


def missing_consents(agreement: Agreement, codes: set[str], sha256: str) -> list[Beneficiary]:
    """Those of them that have not consented to exactly this text."""
    touched = touched_beneficiaries(agreement, codes)
    given = (
        set(agreement.beneficiary_consents.filter(sha256=sha256).values_list("beneficiary_id", flat=True))
        if touched
        else set()
    )
    return [beneficiary for beneficiary in touched if beneficiary.pk not in given]


def _in_force_with(agreement: Agreement) -> Q:
    """Named in the agreement, or in one of its amendments that are in force."""
    amendments = Q(agreement__kind=InstrumentKind.AMENDMENT, agreement__status__in=EFFECTIVE)
    return Q(agreement=agreement) | Q(agreement__parent=agreement) & amendments


def _named(named_in: Q) -> list[Beneficiary]:
    return list(Beneficiary.objects.filter(named_in).select_related("agency").order_by("agency__ref", "code", "pk"))


def _once_each(rows: Iterable[Beneficiary]) -> list[Beneficiary]:
    return list({(row.agency_id, row.code): row for row in rows}.values())


def _strangers(parent: Agreement, parties: set[int]) -> str:
    bound = {party.agency_id for party in parent.party_list if party.has_not_left}
    if parties <= bound:
        return ""
    return _("Not every party is a party of %(ref)s, and what stands under it cannot bind more.") % {"ref": parent.ref}


def _outlives(agreement: Agreement, parent: Agreement, starts_on: date) -> str:
    """A text without an end, or with a later one, would outlive what it stands under."""
    above, last = last_day_of(parent).on, last_day(starts_on, agreement.profile)
    if above is None or (last is not None and last <= above):
        return ""
    day = date_format(above, "j F Y")
    return _("%(ref)s ends on %(day)s, and what stands under it cannot last longer.") % {"ref": parent.ref, "day": day}
