"""What the publishing party does: plan, send, amend, publish, record, give up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from agencies.zones import today, zone
from portal.files.models import StoredFile
from portal.kit.actors import Actor
from portal.kit.records import require_version
from portal.kit.templatetags.kit import day_words
from projects.ip.addresses import address_of, doi_of
from projects.ip.clearance import (
    check_assets,
    check_planned_day,
    enter,
    fingerprint,
    let_time_pass,
    locked,
    notice_end,
    one_content,
    send,
    sent_facts,
    settle_state,
)
from projects.ip.markings import refusals_to_share
from projects.ip.models import Disclosure, PublicationNotice
from projects.ip.models.publication_choices import Answer, PublicationStatus
from projects.ip.policies.publications import PublicationPolicy, PublishingPolicy
from projects.models import Project

WORDS = frozenset({"kind", "title", "authors", "venue", "planned_on"})


@transaction.atomic
def plan_publication(
    project: Project,
    *,
    actor: Actor,
    text: str = "",
    file: StoredFile | None = None,
    assets: Iterable[str] = (),
    disclosures: Iterable[str] = (),
    **words: Any,
) -> PublicationNotice:
    """Begin a notice that only one's own agency sees, with what it knows so far."""
    PublishingPolicy(actor, project).require("plan")
    check_planned_day(project, actor.agency, words.get("planned_on"), timezone.now())
    notice = PublicationNotice(
        project=project,
        agency=actor.agency,
        agency_name=actor.agency.legal_name,
        draft_text=one_content(text, file),
        draft_file=file,
        disclosures=_own_disclosures(project, disclosures, actor),
        **_known(words),
    )
    used = check_assets(project, assets, actor)
    notice.full_clean(exclude={"ref"})
    notice.save()
    notice.assets.set(used)
    enter("publication.planned", notice, actor=actor, facts={"kind": notice.kind})
    return notice


@transaction.atomic
def edit_publication(
    notice: PublicationNotice, *, actor: Actor, version: int | None, **typed: Any
) -> PublicationNotice:
    """Change the plan; nobody else has seen it. Without a new file and without a text the old file stays."""
    notice = locked(notice)
    PublicationPolicy(actor, notice).require("edit")
    changes = _known({name: value for name, value in typed.items() if name in WORDS})
    if "planned_on" in changes and changes["planned_on"] != notice.planned_on:
        check_planned_day(notice.project, notice.agency, changes["planned_on"], timezone.now())
    if typed.get("file") is not None or "text" in typed:
        body, file = one_content(typed.get("text") or "", typed.get("file")), typed.get("file")
        changes |= {"draft_text": body, "draft_file": file if file is not None or body else notice.draft_file}
    if "disclosures" in typed:
        changes["disclosures"] = _own_disclosures(notice.project, typed["disclosures"], actor)
    used = check_assets(notice.project, typed["assets"], actor) if "assets" in typed else None
    changed = notice.edit(version=version, **changes)
    if used is not None and {asset.pk for asset in used} != set(notice.assets.values_list("pk", flat=True)):
        notice.assets.set(used)
        if not changed:
            notice.bump().save()
        changed.append("assets")
    if changed:
        fields = sorted({"draft_text": "text", "draft_file": "text"}.get(name, name) for name in changed)
        enter("publication.edited", notice, actor=actor, facts={"fields": fields})
    return notice


@transaction.atomic
def notify_parties(notice: PublicationNotice, *, actor: Actor, version: int | None = None) -> PublicationNotice:
    """Send exactly what will be published to every other party; from now on each has its time to object."""
    notice, now = locked(notice), timezone.now()
    PublicationPolicy(actor, notice).require("notify")
    require_version(notice, version)
    check_planned_day(notice.project, notice.agency, notice.planned_on, now)
    others = [row.agency for row in notice.project.parties() if row.agency_id != notice.agency_id]
    _may_cross(notice, others)
    text = send(notice, notice.draft_text, notice.draft_file, to=dict.fromkeys(others, True), actor=actor, at=now)
    notice.sent_at, notice.notice_ends_at = now, notice_end(notice.project, notice.agency, now)
    notice.draft_text, notice.draft_file = "", None
    notice.move_to(PublicationStatus.IN_REVIEW).save()
    settle_state(notice, now)
    enter("publication.noticed", notice, actor=actor, facts={**sent_facts(notice), **_due(notice, text.number)})
    return notice


@transaction.atomic
def amend_publication(
    notice: PublicationNotice, *, actor: Actor, changes: str, text: str = "", file: StoredFile | None = None
) -> PublicationNotice:
    """Send a changed text. Whoever has an objection or has not answered reviews it anew; without one, everybody does.

    Parties that had no objection are sent it too and may object to what is new, but it does not wait for them.
    """
    notice, now = locked(notice), timezone.now()
    PublicationPolicy(actor, notice).require("amend")
    let_time_pass(notice, now)
    body, changes = one_content(text, file), changes.strip()
    _new_content(notice, body, file, changes)
    standing = {objection.agency for objection in notice.standing_objections(now)}
    concerned = standing | {review.agency for review in notice.reviews if review.is_open(now) and review.holds_up}
    asked = {review.agency for sent in notice.texts.all() for review in sent.reviews.all()}
    parties = {row.agency for row in notice.project.parties() if row.agency_id != notice.agency_id}
    to = {
        agency: not standing or agency in concerned or agency not in asked
        for agency in sorted(parties | standing, key=lambda agency: agency.ref)
    }
    _may_cross(notice, list(to))
    for review in notice.reviews:
        if not review.answer:
            review.answer, review.answered_at = Answer.NEWER, now
            review.save(update_fields=["answer", "answered_at"])
    sent = send(notice, body, file, to=to, actor=actor, at=now, changes=changes)
    if not standing:
        # Nobody asked for this change, so the parties get the whole notice of it.
        notice.notice_ends_at = notice_end(notice.project, notice.agency, now)
    settle_state(notice, now)
    enter("publication.amended", notice, actor=actor, facts={**sent_facts(notice), **_due(notice, sent.number)})
    return notice


@transaction.atomic
def publish(
    notice: PublicationNotice, *, actor: Actor, published_on: date, doi: str = "", address: str = ""
) -> PublicationNotice:
    """Say that the cleared text was published, and when; from now on nobody can object."""
    notice, now = locked(notice), timezone.now()
    PublicationPolicy(actor, notice).require("publish")
    let_time_pass(notice, now)
    _check_day(notice, published_on, now)
    notice.doi, notice.address = doi_of(doi), address_of(address)
    notice.published_on, notice.published_at, notice.published_text = published_on, now, notice.newest_text
    notice.move_to(PublicationStatus.PUBLISHED).save()
    enter(
        "publication.published",
        notice,
        actor=actor,
        facts={**sent_facts(notice), "on": published_on.isoformat(), "doi": notice.doi},
    )
    return notice


@transaction.atomic
def record_release(
    notice: PublicationNotice,
    *,
    actor: Actor,
    licence: str,
    doi: str = "",
    address: str = "",
    embargo_until: date | None = None,
) -> PublicationNotice:
    """Complete the release record: where it is, under which licence, until when under embargo. It is final."""
    notice = locked(notice)
    PublicationPolicy(actor, notice).require("record")
    notice.doi, notice.address = doi_of(doi) or notice.doi, address_of(address) or notice.address
    if not notice.doi and not notice.address:
        raise ValidationError({"doi": [_("Give the DOI, or the address below, under which it is found.")]})
    notice.licence, notice.embargo_until = licence.strip(), embargo_until
    if not notice.licence:
        raise ValidationError({"licence": [_("Say under which licence it was released, for example CC-BY-4.0.")]})
    notice.move_to(PublicationStatus.RECORDED)
    notice.full_clean(exclude={"ref"})
    notice.save()
    facts = {"doi": notice.doi, "address": notice.address, "licence": notice.licence, **sent_facts(notice)}
    facts |= {"embargo_until": embargo_until.isoformat() if embargo_until else ""}
    enter("publication.recorded", notice, actor=actor, facts=facts)
    return notice


@transaction.atomic
def withdraw_publication(notice: PublicationNotice, *, actor: Actor) -> PublicationNotice:
    """Give the publication up; the history keeps what was sent and what was said about it."""
    notice, now = locked(notice), timezone.now()
    PublicationPolicy(actor, notice).require("withdraw")
    let_time_pass(notice, now)
    notice.move_to(PublicationStatus.WITHDRAWN).save()
    enter("publication.withdrawn", notice, actor=actor, facts=sent_facts(notice))
    return notice


def _known(words: dict[str, Any]) -> dict[str, Any]:
    """Only what the notice asks for; forms and serializers name the fields, so another one is a mistake of ours."""
    if unknown := set(words) - WORDS:
        raise TypeError(f"a publication has no {sorted(unknown)}")
    return words


def _own_disclosures(project: Project, refs: Iterable[str], actor: Actor) -> list[str]:
    """References of disclosures of one's own agency in this project that the actor may know of."""
    wanted = list(dict.fromkeys(refs))
    known = set(
        Disclosure.objects.visible_to(actor)
        .filter(project=project, agency=actor.agency_id, ref__in=wanted)
        .values_list("ref", flat=True)
    )
    if missing := [ref for ref in wanted if ref not in known]:
        words = _("%(refs)s: no disclosure of your agency in this project.") % {"refs": ", ".join(missing[:5])}
        raise ValidationError({"disclosures": [words]})
    return wanted


def _may_cross(notice: PublicationNotice, agencies: list[Agency]) -> None:
    """Raise ValidationError for "assets" when a result that the text uses must not reach a recipient."""
    assets = list(notice.assets.select_related("party").order_by("pk"))
    for agency in agencies:
        for ref, refusal in refusals_to_share(assets, agency).items():
            words = {"ref": ref, "agency": agency.acronym, "reason": refusal.reason}
            raise ValidationError(
                {"assets": [_("%(ref)s must not reach %(agency)s: %(reason)s") % words]}, code=refusal.code
            )


def _new_content(notice: PublicationNotice, body: str, file: StoredFile | None, changes: str) -> None:
    newest = notice.newest_text
    errors = {}
    if not body and file is None:
        errors["text"] = [_("Paste or upload the whole text as it will be published.")]
    elif newest is not None and fingerprint(body, file) == newest.sha256:
        errors["text"] = [_("This is the text that the parties have: nothing is changed in it.")]
    if not changes:
        errors["changes"] = [_("Say in a few words what is changed, and whose objection it answers.")]
    if errors:
        raise ValidationError(errors)


def _due(notice: PublicationNotice, number: int) -> dict[str, Any]:
    """Who was sent a text, and until when each may object; only references and dates."""
    return {
        "due": {review.agency.ref: review.due_on.isoformat() for review in notice.reviews},
        "waits_for": sorted(review.agency.ref for review in notice.reviews if review.holds_up),
        "text": number,
    }


def _check_day(notice: PublicationNotice, published_on: date, now: datetime) -> None:
    if published_on > today(notice.agency.zone):
        raise ValidationError({"published_on": [_("This day has not come yet. Say it when it is published.")]})
    cleared = notice.cleared_since(now).astimezone(zone(notice.agency.zone)).date()
    if published_on < cleared:
        words = _("It was cleared on %(day)s. What was published before is not recorded as cleared.")
        raise ValidationError({"published_on": [words % {"day": day_words(cleared)}]})
