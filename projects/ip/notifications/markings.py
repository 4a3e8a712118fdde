"""What can happen to markings, files and export authorisations, in words, and who hears of it.

SECURITY: what is undetermined or controlled is named by its reference alone, in the inbox as in mail.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _noop

from agencies.models import Agency, Membership, Role
from portal.files.markings import ExportClass
from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import ask, settle, tell
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.ip.actions.markings import audience_of
from projects.ip.markings import owner_of
from projects.ip.models import Basis, Classification, ClassificationRequest, ExportAuthorisation

OFFICERS = (Role.EXPORT_OFFICER,)

register("marking.classified", _("determined the export class of %(target)s"), icon="shield")
register("marking.changed", _("changed the marking of %(target)s"), icon="tag")
register("marking.classification_requested", _("asked for the export class of %(target)s"), icon="clock")
register("marking.held", _("holds %(target)s for export control"), icon="hold")
register("marking.released", _("released its hold of %(target)s"), icon="ok")
register("file.attached", _("added a file to %(target)s"), icon="plus")
register("file.downloaded", _("acknowledged the marking of a file of %(target)s and downloaded it"), icon="download")
register("authorisation.applied", _("applied for the export authorisation %(target)s"), icon="clock")
register("authorisation.granted", _("entered the grant of the export authorisation %(target)s"), icon="ok")
register("authorisation.amended", _("amended the export authorisation %(target)s"), icon="pen")
register("authorisation.ending", _("gave warning that the export authorisation %(target)s ends soon"), icon="alert")
register("authorisation.expired", _("noted that the export authorisation %(target)s has expired"), icon="hold")
register("authorisation.voided", _("voided the export authorisation %(target)s"), icon="no")

DETERMINED: dict[str, str] = {
    ExportClass.UNDETERMINED: _noop("%(agency)s has withdrawn its export class of %(ref)s"),
    ExportClass.CONTROLLED: _noop("%(agency)s has determined that %(ref)s is export controlled"),
    ExportClass.NOT_CONTROLLED: _noop("%(agency)s has determined that %(ref)s is not export controlled"),
}
WHY = _noop("In %(project)s")
NOBODY = _noop("In %(project)s; your agency has no export officer, so give somebody the role")


@hears("marking.classification_requested")
def ask_the_officers(event: Any, item: Any, actor: Actor) -> None:
    """The owner's export officers; without any, its administrators, who can make somebody one."""
    asked = ClassificationRequest.objects.waiting().get(item=item.ref, asked_by=actor.agency_id)
    owner = owner_of(item)
    roles = _deciding(owner)
    ask(
        event,
        verb="decide",
        agency=owner,
        roles=roles,
        title=Text(_noop("%(agency)s asks for the export class of %(ref)s"), agency=actor.agency.acronym, ref=item.ref),
        why=Text(WHY if roles == OFFICERS else NOBODY, project=_home(item)),
        url=_url(item),
        due_at=asked.due_at,
        key=f"{_key(item)}:{actor.agency.ref}",
    )


@hears("marking.classified")
def tell_who_asked(event: Any, item: Any, actor: Actor) -> None:
    if item.export_class != ExportClass.UNDETERMINED:
        settle(_key(item))
    asked = ClassificationRequest.objects.filter(item=item.ref).select_related("asked_by")
    for agency in {request.asked_by for request in asked}:
        title = Text(DETERMINED[item.export_class], agency=owner_of(item).acronym, ref=item.ref)
        _tell(event, agency, title, item)


@hears("file.attached", "asset.edited", "deposit.made")
def ask_to_determine_anew(event: Any, item: Any, actor: Actor) -> None:
    """New content has no class yet, so nothing of it crosses until an officer says which."""
    newest = Classification.objects.of(item.ref).newest_first().first()
    if newest is None or newest.basis != Basis.CHANGED:
        return
    ask(
        event,
        verb="decide",
        agency=owner_of(item),
        roles=_deciding(owner_of(item)),
        title=Text(_noop("%(ref)s has changed: its export class has to be determined again"), ref=item.ref),
        why=Text(WHY, project=_home(item)),
        url=_url(item),
        key=f"{_key(item)}:changed",
    )


@hears("marking.held")
def tell_of_the_hold(event: Any, item: Any, actor: Actor) -> None:
    _tell_others(event, item, Text(_noop("%(agency)s holds %(ref)s"), agency=actor.agency.acronym, ref=item.ref), actor)


@hears("marking.released")
def tell_of_the_release(event: Any, item: Any, actor: Actor) -> None:
    title = Text(_noop("%(agency)s no longer holds %(ref)s"), agency=actor.agency.acronym, ref=item.ref)
    _tell_others(event, item, title, actor)


@hears("authorisation.granted", "authorisation.amended", "authorisation.expired", "authorisation.voided")
def tell_whom_it_names(event: Any, authorisation: ExportAuthorisation, actor: Actor) -> None:
    """What the authorisation is by now, to the agencies that it names; its holder hears when it is over by itself."""
    settle(_ending(authorisation))
    words = {
        "authorisation.granted": _noop("%(agency)s may export to you under %(ref)s"),
        "authorisation.amended": _noop("%(agency)s has amended the export authorisation %(ref)s"),
        "authorisation.expired": _noop("The export authorisation %(ref)s of %(agency)s has expired"),
        "authorisation.voided": _noop("The export authorisation %(ref)s of %(agency)s is void"),
    }[event.verb]
    told = list(_named(authorisation))
    if actor.is_system:
        told.append(authorisation.agency)
    for agency in told:
        _tell_of(event, agency, Text(words, agency=authorisation.agency.acronym, ref=authorisation.ref), authorisation)


@hears("authorisation.ending")
def ask_what_follows(event: Any, authorisation: ExportAuthorisation, actor: Actor) -> None:
    """The holder renews it in time, or lets it end."""
    ask(
        event,
        verb="decide",
        agency=authorisation.agency,
        roles=OFFICERS,
        title=Text(_noop("The export authorisation %(ref)s ends soon"), ref=authorisation.ref),
        why=Text(WHY, project=authorisation.project.ref),
        url=authorisation.get_absolute_url(),
        due_at=authorisation.valid_until,
        key=_ending(authorisation),
    )
    for agency in _named(authorisation):
        title = Text(
            _noop("The export authorisation %(ref)s of %(agency)s ends soon"),
            agency=authorisation.agency.acronym,
            ref=authorisation.ref,
        )
        _tell_of(event, agency, title, authorisation)


def _deciding(owner: Agency) -> tuple[Role, ...]:
    """Its export officers, or whoever can make somebody one."""
    has_officer = Membership.objects.live().filter(agency=owner, roles__contains=list(OFFICERS)).exists()
    return OFFICERS if has_officer else (Role.ADMINISTRATOR,)


def _named(authorisation: ExportAuthorisation) -> list[Agency]:
    if authorisation.granted_at is None:
        return []
    rows = authorisation.project.participations.all()
    return [row.agency for row in rows if row.agency.ref in authorisation.parties]


def _tell_others(event: Any, item: Any, title: Text, actor: Actor) -> None:
    """The other side of a hold: whoever knows of the record when its owner holds it, its owner when another does."""
    owner = owner_of(item)
    for agency in (audience_of(item) if actor.agency_id == owner.pk else {owner}) - {actor.agency}:
        _tell(event, agency, title, item)


def _tell(event: Any, agency: Agency, title: Text, item: Any) -> None:
    why = Text(WHY, project=_home(item))
    tell(event, agency=agency, roles=(*OFFICERS, Role.IP_MANAGER, Role.MANAGER), title=title, why=why, url=_url(item))


def _tell_of(event: Any, agency: Agency, title: Text, authorisation: ExportAuthorisation) -> None:
    why = Text(WHY, project=authorisation.project.ref)
    roles = (*OFFICERS, Role.IP_MANAGER, Role.MANAGER)
    tell(event, agency=agency, roles=roles, title=title, why=why, url=authorisation.get_absolute_url())


def _home(item: Any) -> str:
    return item.project.ref if item.project is not None else item.ref


def _url(item: Any) -> str:
    return reverse("ip:markings", args=[item.ref])


def _key(item: Any) -> str:
    return f"classify:{item.ref}"


def _ending(authorisation: ExportAuthorisation) -> str:
    return f"ending:{authorisation.ref}"
