"""What every page of an agreement shows around its content: head, tabs, step line, parties."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.models import InstrumentKind
from portal.kit.actors import Actor, Request
from portal.kit.addresses import address
from portal.kit.composition import Tab
from projects.agreements import negotiation, turns
from projects.agreements.consolidation import known_amendments
from projects.agreements.models import Agreement, Status
from projects.agreements.policies import AgreementPolicy
from projects.agreements.signing import beside
from projects.agreements.signing.places import turn_words
from projects.agreements.umbrella import umbrella_of

ORDER = [Status.DRAFT, Status.NEGOTIATING, Status.TEXT_AGREED, Status.SIGNING, Status.SIGNED, Status.IN_FORCE]
AFTER_FORCE = (Status.SUSPENDED, Status.EXPIRED, Status.TERMINATED)


def agreement_page(
    request: Request, ref: str, tab: str, *, about: str | None = None
) -> tuple[Agreement, dict[str, Any]]:
    """Fetch an agreement the actor may see, with the context of its frame; raises Http404.

    What stands open is read in the same query; `about` adds the talk about a clause.
    """
    actor: Actor = request.actor
    visible = beside.along(Agreement.objects.visible_to(actor).for_pages())
    agreement = get_object_or_404(negotiation.along(visible, agency_id=actor.agency_id, about=about), ref=ref)
    negotiation.keep(agreement)
    policy = AgreementPolicy(actor, agreement)
    context = {
        "agreement": agreement,
        "project": agreement.project,
        "policy": policy,
        "tabs": _tabs(agreement, policy),
        "tab": tab,
        "steps": steps(agreement, policy),
        "parties": party_rows(agreement, policy),
        "amended_by": _amendments(agreement),
        "umbrella": umbrella_of(agreement, actor),
    }
    return agreement, context


def _tabs(agreement: Agreement, policy: AgreementPolicy) -> list[Tab]:
    return [
        Tab(_("Text"), address("agreements:agreement", agreement.ref), "text"),
        *(
            [Tab(_("Clauses"), address("agreements:outline", agreement.ref), "outline")]
            if agreement.status == Status.DRAFT
            else []
        ),
        *(
            [Tab(_("Changes"), address("agreements:changes", agreement.ref), "changes")]
            if agreement.round and policy.party is not None
            else []
        ),
        Tab(_("Profile"), address("agreements:profile", agreement.ref), "profile", count=len(agreement.profile)),
        Tab(
            _("Languages"), address("agreements:languages", agreement.ref), "languages", count=len(agreement.languages)
        ),
        Tab(_("Annexes"), address("agreements:annexes", agreement.ref), "annexes"),
        *(
            [Tab(_("Signing"), address("agreements:signing", agreement.ref), "signing")]
            if policy.party is not None
            else []
        ),
        Tab(_("Entry into force"), address("agreements:force", agreement.ref), "force"),
        *([Tab(_("Life"), address("agreements:life", agreement.ref), "life")] if agreement.is_effective else []),
        Tab(_("Related"), address("agreements:related", agreement.ref), "related"),
        Tab(_("Versions"), address("agreements:versions", agreement.ref), "versions"),
        Tab(_("History"), address("agreements:history", agreement.ref), "history"),
    ]


def _amendments(agreement: Agreement) -> list[Agreement]:
    """What has changed a text that is or was in force; its reader must not take the signed words for those that count."""
    is_a_text_of_its_own = agreement.kind not in (InstrumentKind.AMENDMENT, InstrumentKind.ACCESSION)
    return known_amendments(agreement) if agreement.is_effective and is_a_text_of_its_own else []


def steps(agreement: Agreement, policy: AgreementPolicy) -> list[dict[str, Any]]:
    """The step line: where the agreement stands and whom it waits for."""
    notes = {
        Status.TEXT_AGREED: _("Each party says so"),
        Status.SIGNING: _("%(count)s slots") % {"count": len(agreement.party_list)},
        Status.IN_FORCE: _("By its rule, confirmed by %(agency)s") % {"agency": agreement.depositary.acronym},
    }
    notes[Status(agreement.status)] = waits_for(agreement, policy)
    if agreement.status in (Status.DECLINED, Status.ABANDONED):
        done = ORDER.index(Status.SIGNING) if agreement.status == Status.DECLINED else 1
        stations = [{"state": "done", "name": agreement.word_for(status), "note": ""} for status in ORDER[:done]]
        label = agreement.status_look[2]
        return [*stations, {"state": "stopped", "name": label, "note": notes[Status(agreement.status)]}]
    if agreement.status in AFTER_FORCE:
        stations = [{"state": "done", "name": agreement.word_for(status), "note": ""} for status in ORDER]
        label = agreement.status_look[2]
        return [*stations, {"state": "stopped", "name": label, "note": notes[Status(agreement.status)]}]
    current = ORDER.index(Status(agreement.status))
    final = agreement.status == Status.IN_FORCE
    return [
        {
            "state": "done" if position < current or final else "current" if position == current else "ahead",
            "name": agreement.word_for(status),
            "note": notes.get(status, "") if position >= current else "",
        }
        for position, status in enumerate(ORDER)
    ]


def waits_for(agreement: Agreement, policy: AgreementPolicy) -> str:
    """Whom the agreement waits for, in words."""
    match agreement.status:
        case Status.DRAFT:
            return _("Only %(agency)s sees it") % {"agency": agreement.drafter.acronym}
        case Status.NEGOTIATING | Status.TEXT_AGREED:
            return turns.words(policy)
        case Status.SIGNING:
            return turn_words(policy.places)
        case Status.SIGNED:
            return _("Waits for the depositary, %(agency)s") % {"agency": agreement.depositary.acronym}
        case Status.IN_FORCE if agreement.in_force_on:
            return _("Since %(day)s") % {"day": date_format(agreement.in_force_on, "j M Y")}
        case Status.SUSPENDED:
            return _("By consent of all; it can be resumed")
        case Status.EXPIRED | Status.TERMINATED if agreement.ended_on:
            return _("With %(day)s") % {"day": date_format(agreement.ended_on, "j M Y")}
        case Status.DECLINED:
            return _("By %(agency)s") % {"agency": agreement.declined_by.acronym if agreement.declined_by else ""}
    return ""


def party_rows(agreement: Agreement, policy: AgreementPolicy) -> list[dict[str, Any]]:
    """Each party with where it stands: agreed to this text or not, signed or not, or which place of it is not filled."""
    signed, unconfirmed = agreement.valid_signatures, agreement.unconfirmed_signatures
    # What was handed in is between the parties until it counts.
    places = beside.with_handed_in(agreement, policy.places) if policy.party is not None else policy.places
    lacking = {place.agency.pk: place for place in reversed(places) if place.signs and not place.is_filled}
    return [
        {
            "party": party,
            "agreed": agreement.is_frozen or party.agreed_sha256 == policy.current_hash,
            "signature": signed.get(party.pk),
            "unconfirmed": (waiting := unconfirmed.get(party.pk)),
            "confirm_url": beside.confirming_url(waiting, policy) if waiting is not None else "",
            "place": lacking.get(party.agency_id) if agreement.is_frozen else None,
            "is_own": party.agency_id == policy.actor.agency_id,
        }
        for party in agreement.party_list
    ]
