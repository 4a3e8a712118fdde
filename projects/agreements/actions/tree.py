"""Amending an agreement in force, letting others accede, placing a draft under an umbrella, and third parties' consent."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import Agency, InstrumentKind
from portal.history import record
from portal.kit.actors import Actor
from portal.kit.records import require_version
from portal.kit.refusals import NotNow
from projects.agreements import written
from projects.agreements.actions.applying import overtake
from projects.agreements.actions.beginning import begin, require_bearing
from projects.agreements.actions.clauses import clause_of
from projects.agreements.actions.locking import audience, fetch, hold, lock
from projects.agreements.carrying import carried_over
from projects.agreements.consolidation import amendments_of, text_in_force
from projects.agreements.drafts import Draft
from projects.agreements.models import (
    Agreement,
    Beneficiary,
    BeneficiaryConsent,
    Part,
    Party,
    Reader,
    Standing,
    Status,
    TextVersion,
)
from projects.agreements.term import amended_last_day


@transaction.atomic
def draft_amendment(agreement: Agreement, *, actor: Actor, title: str = "") -> Agreement:
    """Draft an amendment that starts from the text in force; only the drafter sees it until it is shared."""
    agreement, _policy = lock(agreement, "amend", actor)
    text = text_in_force(agreement)
    amendment = begin(
        agreement.project, actor=actor, kind=InstrumentKind.AMENDMENT, parent=agreement,
        title=title or _next_title(agreement), parties=_bound(agreement, actor), amended=text_as_draft(agreement),
    )  # fmt: skip
    amendment.base_sha256 = text.sha256
    amendment.save()
    _bind_as_before(agreement, amendment)
    return amendment


@transaction.atomic
def draft_accession(agreement: Agreement, *, actor: Actor, newcomer: Agency, title: str = "") -> Agreement:
    """Draft the instrument by which an agency that has accepted the project accedes to its agreement.

    Raises ValidationError for an agency that is a party already, or has not accepted the project.
    """
    agreement, _policy = lock(agreement, "open_accession", actor)
    accepted = [participation.agency_id for participation in agreement.project.parties()]
    if agreement.party_of(newcomer.pk) is not None:
        raise ValidationError({"newcomer": [_("This agency is a party already.")]})
    if newcomer.pk not in accepted:
        raise ValidationError({"newcomer": [_("This agency has not accepted the project.")]})
    parties = [party.agency for party in agreement.party_list if party.left_on is None]
    accession = begin(
        agreement.project, actor=actor, kind=InstrumentKind.ACCESSION, parent=agreement, newcomer=newcomer,
        title=title or _("Accession of %(agency)s to %(title)s") % {"agency": newcomer.acronym, "title": agreement.title},
        parties=_first(actor.agency, [*parties, newcomer]),
    )  # fmt: skip
    _bind_as_before(agreement, accession)
    return accession


@transaction.atomic
def place_under(
    agreement: Agreement, *, actor: Actor, parent: Agreement | None, version: int | None = None
) -> Agreement:
    """Say under which instrument a draft stands, or that it stands alone; raises ValidationError for one that cannot bear it."""
    # Both are held: two that are placed under each other at one moment would make a circle.
    hold(agreement.pk, parent.pk if parent is not None else None)
    agreement, _policy = lock(agreement, "place_under", actor)
    require_version(agreement, version)
    parent = Agreement.objects.with_parties().select_related("text").get(pk=parent.pk) if parent is not None else None
    parties = {party.agency_id for party in agreement.party_list}
    require_bearing(parent, project=agreement.project_id, parties=parties, child=agreement.pk)
    agreement.parent = parent
    drafts = {part: written.draft_of(agreement, part) for part in written.parts_of(agreement)}
    written.next_revision(agreement, drafts, actor=actor)
    record(
        "agreement.placed", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"under": parent.ref if parent is not None else ""},
    )  # fmt: skip
    return agreement


@transaction.atomic
def catch_up(amendment: Agreement, *, actor: Actor) -> Agreement:
    """Take what was amended meanwhile into an open amendment: what it does not change is taken over, what it changes stays."""
    hold(amendment.parent_id, amendment.pk)
    amendment, policy = lock(amendment, "catch_up", actor)
    parent = amendment.parent
    assert parent is not None
    base = TextVersion.objects.get(sha256=amendment.base_sha256).document
    before = written.draft_of(amendment, Part.AMENDED)
    merged = carried_over(base, before, text_as_draft(parent))
    amendment.base_sha256 = text_in_force(parent).sha256
    written.next_revision(amendment, {Part.AMENDED: merged.draft}, actor=actor)
    changes = [change for change in policy.negotiation.changes if change.part == Part.AMENDED]
    overtaken = overtake(amendment, changes, before, written.draft_of(fetch(amendment.pk), Part.AMENDED))
    record(
        "agreement.caught_up", amendment, actor=actor, agencies=audience(amendment), scope=amendment.project.ref,
        facts={
            "revision": amendment.revision, "kept": merged.kept, "answers": merged.answers, "overtaken": overtaken,
        },
    )  # fmt: skip
    return amendment


@transaction.atomic
def name_beneficiary(
    agreement: Agreement, *, actor: Actor, agency: Agency, code: str, words: str = "", version: int | None = None
) -> Agreement:
    """Name an agency that is no party and may rely on a clause; it stands in an annex of the text."""
    agreement, _policy = lock(agreement, "name_beneficiary", actor)
    require_version(agreement, version, typed={"words": words})
    clause_of(agreement, code)
    if agreement.party_of(agency.pk) is not None:
        raise ValidationError({"agency": [_("A party relies on the text itself.")]})
    if len(words) > 300 or (words and not words.isprintable()):
        raise ValidationError({"words": [_("One line of at most 300 characters.")]})
    if Beneficiary.objects.filter(agreement=agreement, agency=agency, code=code).exists():
        raise ValidationError({"agency": [_("This agency is named for this clause already; take it out first.")]})
    Beneficiary.objects.create(agreement=agreement, agency=agency, code=code, words=words.strip())
    _annexes_changed(agreement)
    record(
        "agreement.beneficiary_named", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"agency": agency.ref, "clause": code},
    )  # fmt: skip
    return agreement


@transaction.atomic
def drop_beneficiary(agreement: Agreement, *, actor: Actor, agency: Agency, code: str) -> Agreement:
    """Take a third party out of the annex again, while the text is open."""
    agreement, _policy = lock(agreement, "name_beneficiary", actor)
    deleted, _rows = Beneficiary.objects.filter(agreement=agreement, agency=agency, code=code).delete()
    if not deleted:
        raise ValidationError({"agency": [_("This agency is not named for this clause.")]})
    _annexes_changed(agreement)
    record(
        "agreement.beneficiary_dropped", agreement, actor=actor, agencies=audience(agreement),
        scope=agreement.project.ref, facts={"agency": agency.ref, "clause": code},
    )  # fmt: skip
    return agreement


@transaction.atomic
def consent_to_amendment(amendment: Agreement, *, actor: Actor, sha256: str) -> Agreement:
    """Consent for an agency that may rely on a changed clause to exactly the text that it was shown."""
    amendment, policy = lock(amendment, "consent_to_amendment", actor)
    if sha256 != policy.current_hash:
        raise NotNow(
            _("The text has changed since you opened it."), code="text-changed",
            unblock=_("Read the new text, then answer again."),
        )  # fmt: skip
    own = [missing for missing in policy.missing_consents if missing.agency_id == actor.agency_id]
    for beneficiary in own:
        BeneficiaryConsent.objects.create(
            beneficiary=beneficiary, amendment=amendment, sha256=sha256, person=actor.person
        )
    amendment.bump().save()
    record(
        "agreement.third_party_consented", amendment, actor=actor, agencies=[*audience(amendment), actor.agency],
        scope=amendment.project.ref, facts={"sha256": sha256, "clauses": sorted({row.code for row in own})},
    )  # fmt: skip
    return amendment


def take_effect(agreement: Agreement, *, actor: Actor) -> None:
    """Let an instrument that has just entered into force act on the agreement it is about: a changed text, a new party."""
    parent = agreement.parent
    if agreement.beneficiaries.exists():
        Reader.objects.bulk_create(
            [
                Reader(agreement=agreement, agency_id=agency, standing=Standing.BENEFICIARY)
                for agency in set(agreement.beneficiaries.values_list("agency", flat=True))
            ],
            ignore_conflicts=True,
        )
    if parent is None or agreement.kind not in (InstrumentKind.AMENDMENT, InstrumentKind.ACCESSION):
        return
    parent = Agreement.objects.select_for_update(no_key=True).get(pk=parent.pk)
    verb, facts = "agreement.amended", {"by": agreement.ref, "on": str(agreement.in_force_on)}
    if agreement.amends and parent.text is not None:
        parent.ends_on = amended_last_day(parent, _answers_before(agreement), agreement.amended_profile)
    if agreement.kind == InstrumentKind.ACCESSION:
        assert agreement.newcomer is not None
        verb = "agreement.acceded"
        facts["agency"] = agreement.newcomer.ref
        _join(parent, agreement, agreement.newcomer)
    parent.bump().save()
    record(verb, parent, actor=actor, agencies=audience(parent), scope=parent.project.ref, facts=facts)


def _answers_before(amendment: Agreement) -> dict[str, Any]:
    """The answers of the text that an amendment started from."""
    document = TextVersion.objects.get(sha256=amendment.base_sha256).document
    amended = document.get("amended")
    return amended[0]["profile"] if amended else document["profile"]


def text_as_draft(agreement: Agreement) -> Draft:
    """The text in force as a draft to change, with the placeholders from which it was drawn where they still say the same."""
    amendments = amendments_of(agreement)
    source, part = (amendments[-1], Part.AMENDED) if amendments else (agreement, Part.OWN)
    draft = written.draft_of(source, part)
    stored = {clause.code: clause.text for clause in source.clauses.all() if clause.part == part}
    drawn = {clause.code: clause.text for clause in draft.clauses}
    # What was filled in then may be said otherwise today, such as the project's title: the words that were signed stay.
    said = {code: text for code, text in stored.items() if drawn.get(code) != text}
    for code, text in said.items():
        draft = draft.reword(code, text)
    return draft


def _join(parent: Agreement, accession: Agreement, newcomer: Agency) -> None:
    last = max(party.position for party in parent.parties.all())
    named = accession.party_of(newcomer.pk)
    Party.objects.create(
        agreement=parent, agency=newcomer, agency_name=newcomer.legal_name, native_name=newcomer.native_name,
        position=last + 1, in_force_on=accession.in_force_on, acceded_by=accession,
        bound_as=named.bound_as if named is not None else "",
    )  # fmt: skip


def _bind_as_before(agreement: Agreement, drafted: Agreement) -> None:
    """What is about an agreement binds each party as that agreement does, until the draft says otherwise."""
    for party in agreement.party_list:
        if party.bound_as:
            Party.objects.filter(agreement=drafted, agency=party.agency_id).update(bound_as=party.bound_as)


def _bound(agreement: Agreement, actor: Actor) -> list[Agency]:
    return _first(actor.agency, [party.agency for party in agreement.party_list if party.has_not_left])


def _first(drafter: Agency, agencies: list[Agency]) -> list[Agency]:
    unique = {agency.pk: agency for agency in agencies}
    return sorted(unique.values(), key=lambda agency: agency.pk != drafter.pk)


def _next_title(agreement: Agreement) -> str:
    number = Agreement.objects.filter(parent=agreement, kind=InstrumentKind.AMENDMENT).count() + 1
    # The title stands on the text, whose language is the agreement's.
    return f"Amendment {number} to {agreement.title}"[:200]


def _annexes_changed(agreement: Agreement) -> None:
    """Whoever agreed, agreed to other annexes."""
    if agreement.status == Status.TEXT_AGREED:
        agreement.move_to(Status.NEGOTIATING)
    agreement.bump().save()
