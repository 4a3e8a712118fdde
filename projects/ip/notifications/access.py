"""What can happen to requests for access and to rights, in words, and who hears of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _noop

from agencies.models import Role
from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import ask, settle, tell
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.ip.access_rules import owners_of
from projects.ip.models import AccessRequest, AccessRight, Purpose

KEEPERS = (Role.IP_MANAGER, Role.MANAGER)

register("access_request.drafted", _("drafted the request for access %(target)s"), icon="draft")
register("access_request.edited", _("changed the draft %(target)s"), icon="pen")
register("access_request.submitted", _("asked for access with %(target)s"), icon="send")
register("access_request.acknowledged", _("acknowledged %(target)s"), icon="eye")
register("access_request.information_asked", _("asked for information about %(target)s"), icon="chat")
register("access_request.information_given", _("gave the information asked for about %(target)s"), icon="chat")
register("access_request.need_accepted", _("accepted the need of %(target)s"), icon="check")
register("access_request.terms_offered", _("offered terms for %(target)s, to be accepted"), icon="handshake")
register("access_request.countered", _("put other terms to %(target)s"), icon="swap")
register("access_request.granted", _("agreed the right %(right)s on %(target)s"), icon="ok")
register("access_request.refused", _("refused %(target)s"), icon="no")
register(
    "access_request.refused_by_the_agreement",
    _("asked with %(target)s for what is outside the agreement; it was refused at once"),
    icon="no",
)
register("access_request.withdrawn", _("took back %(target)s"), icon="undo")
register("access_request.reminded", _("reminded the owner of %(target)s"), icon="clock")
register("access_request.escalated", _("took %(target)s to the heads: the owner has been silent"), icon="alert")
register("access_request.lapsed", _("closed %(target)s: its time is over"), icon="clock")
register("access_right.revoked", _("revoked the right %(target)s"), icon="stop")
register("access_right.used_up", _("said that the right %(target)s is used up"), icon="check")

ASKS = _noop("%(requester)s asks for the use of %(asset)s")
WHY = _noop("In %(project)s, for: %(purpose)s")


@hears("access_request.submitted", "access_request.countered")
def ask_the_owner(event: Any, request: AccessRequest, actor: Actor) -> None:
    """The owner has to answer in its time; the other owners know of it."""
    settle(_key(request))
    countered = event.verb == "access_request.countered"
    msgid = _noop("%(requester)s puts other terms for %(asset)s") if countered else ASKS
    title = _text(msgid, request)
    ask(
        event,
        verb="answer",
        agency=request.owner,
        title=title,
        due_at=request.last_moment,
        key=_key(request),
        **_for(request),
    )
    for owner in owners_of(request.asset):
        if owner.pk not in (request.owner_id, request.requester_id):
            tell(event, agency=owner, title=title, **_for(request))


@hears("access_request.information_asked")
def ask_for_information(event: Any, request: AccessRequest, actor: Actor) -> None:
    title = _text(_noop("%(owner)s asks about your request for %(asset)s"), request)
    key = f"{_key(request)}:information"
    ask(
        event,
        verb="answer",
        agency=request.requester,
        title=title,
        due_at=request.last_moment,
        key=key,
        **_for(request),
    )


@hears("access_request.information_given")
def tell_the_owner(event: Any, request: AccessRequest, actor: Actor) -> None:
    settle(f"{_key(request)}:information")
    title = _text(_noop("%(requester)s answered about %(asset)s"), request)
    tell(event, agency=request.owner, title=title, **_for(request))


@hears("access_request.acknowledged", "access_request.need_accepted")
def tell_the_requester(event: Any, request: AccessRequest, actor: Actor) -> None:
    accepted = event.verb == "access_request.need_accepted"
    msgid = (
        _noop("%(owner)s accepts that you need %(asset)s")
        if accepted
        else _noop("%(owner)s has your request for %(asset)s")
    )
    tell(event, agency=request.requester, title=_text(msgid, request), **_for(request))


@hears("access_request.terms_offered")
def ask_to_accept(event: Any, request: AccessRequest, actor: Actor) -> None:
    settle(_key(request))
    title = _text(_noop("%(owner)s offers terms for %(asset)s"), request)
    ask(event, verb="accept", agency=request.requester, title=title, key=f"{_key(request)}:terms", **_for(request))


@hears("access_request.reminded")
def remind_the_owner(event: Any, request: AccessRequest, actor: Actor) -> None:
    title = _text(_noop("%(requester)s waits for your answer about %(asset)s"), request)
    tell(event, agency=request.owner, title=title, **_for(request))


@hears("access_request.escalated")
def ask_both_managers(event: Any, request: AccessRequest, actor: Actor) -> None:
    """Silence is not consent: the managers of both sides take it up, at the second level of the ladder."""
    title = _text(_noop("No answer in time about %(asset)s: take it up with each other"), request)
    for agency in (request.owner, request.requester):
        key = f"{_key(request)}:escalated:{agency.ref}"
        known = {**_for(request), "roles": (Role.MANAGER, Role.ADMINISTRATOR)}
        ask(event, verb="decide", agency=agency, title=title, key=key, **known)


@hears("access_request.granted", "access_request.refused", "access_request.withdrawn", "access_request.lapsed")
def tell_the_outcome(event: Any, request: AccessRequest, actor: Actor) -> None:
    """Nobody waits any more; whoever did not do it is told, the other owners of a joint result too."""
    settle(_key(request))
    msgid = {
        "granted": _noop("%(requester)s may use %(asset)s as agreed"),
        "refused": _noop("%(owner)s refused %(requester)s the use of %(asset)s"),
        "withdrawn": _noop("%(requester)s took back its request for %(asset)s"),
        "lapsed": _noop("The request of %(requester)s for %(asset)s has lapsed"),
    }[event.verb.partition(".")[2]]
    concerned = {request.requester, request.owner, *owners_of(request.asset)}
    if request.submitted_at is None:
        concerned = {request.requester}
    for agency in sorted(concerned, key=lambda agency: agency.ref):
        if agency.pk != actor.agency_id:
            tell(event, agency=agency, title=_text(msgid, request), **_for(request))


@hears("access_request.refused_by_the_agreement")
def tell_what_the_agreement_refused(event: Any, request: AccessRequest, actor: Actor) -> None:
    title = _text(_noop("%(requester)s asked for %(asset)s, which is outside the agreement"), request)
    tell(event, agency=request.owner, title=title, **_for(request))


@hears("access_right.revoked", "access_right.used_up")
def tell_the_end(event: Any, right: AccessRight, actor: Actor) -> None:
    words = {"right": right.ref, "asset": right.asset.title}
    msgid = {
        "access_right.revoked": _noop("The right %(right)s to use %(asset)s is revoked"),
        "access_right.used_up": _noop("The right %(right)s to use %(asset)s is used up"),
    }[event.verb]
    other = right.grantor if actor.agency_id == right.holder_id else right.holder
    tell(
        event,
        agency=other,
        roles=KEEPERS,
        title=Text(msgid, **words),
        why=Text(WHY, project=right.asset.project.title, purpose=Purpose(right.purpose).label),
        url=right.get_absolute_url(),
    )


def _text(msgid: str, request: AccessRequest) -> Text:
    return Text(msgid, requester=request.requester.acronym, owner=request.owner.acronym, asset=request.asset.title)


def _for(request: AccessRequest) -> dict[str, Any]:
    return {
        "roles": KEEPERS,
        "url": request.get_absolute_url(),
        "why": Text(WHY, project=request.asset.project.title, purpose=Purpose(request.purpose).label),
    }


def _key(request: AccessRequest) -> str:
    return f"access:{request.ref}"
