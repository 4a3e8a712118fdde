"""Who may ask for access, answer, offer and accept terms, and end a right, and why not."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Role
from portal.kit.actors import Actor
from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.ip.access_rules import Grounds, may_request, owners_of
from projects.ip.models import ANSWERABLE, AccessRequest, AccessRight, Asset, RequestStatus, Standing
from projects.ip.models import Status as AssetStatus
from projects.ip.terms import all_terms

KEEPERS = (Role.MANAGER, Role.IP_MANAGER, Role.ADMINISTRATOR)


def grounds_of(asset: Asset, agency: object) -> Grounds:
    """What the rules need to know of an asset and an agency; the asset was read with its project and owners."""
    return Grounds(asset, agency, all_terms(asset.project))  # type: ignore[arg-type]


@dataclass(frozen=True)
class AskingPolicy(Policy):
    """Whether the actor's agency may ask for the use of an asset for a purpose."""

    actor: Actor
    asset: Asset
    purpose: str

    @rule
    def request(self) -> Refusal | None:
        """Parties ask, also those that have left, as long as the agreement leaves them time (R7)."""
        refusal = _not_a_keeper(self.actor)
        if refusal is None and self.actor.agency in owners_of(self.asset):
            refusal = Forbidden(_("Your agency owns it and needs no request."), code="owner")
        return refusal or may_request(grounds_of(self.asset, self.actor.agency), self.purpose, at=timezone.now())


@dataclass(frozen=True)
class AccessRequestPolicy(Policy):
    """Permission is asked before state, and state by the clock; the request was read `for_pages`."""

    actor: Actor
    request: AccessRequest

    @rule
    def edit(self) -> Refusal | None:
        """Change a draft."""
        return self._requester() or self._in(RequestStatus.DRAFT)

    @rule
    def submit(self) -> Refusal | None:
        """Put it to the owner; its clock starts."""
        refusal = self._requester() or self._in(RequestStatus.DRAFT)
        grounds = grounds_of(self.request.asset, self.request.requester)
        return refusal or may_request(grounds, self.request.purpose, at=timezone.now())

    @rule
    def withdraw(self) -> Refusal | None:
        """Take it back before it is decided."""
        return self._requester() or self._open()

    @rule
    def answer(self) -> Refusal | None:
        """Give the information that the owner asked for."""
        return self._requester() or self._in(RequestStatus.INFO_REQUESTED)

    @rule
    def accept(self) -> Refusal | None:
        """Accept the terms that were offered; only then is there a right."""
        refusal = self._requester() or self._in(RequestStatus.OFFERED)
        offer = self.request.offer
        if refusal is None and offer is not None and offer.by_id not in self._owners:
            return NotNow(
                _("%(agency)s offered them, and owns it no more.") % {"agency": offer.by.acronym},
                code="owner-changed",
                unblock=_("Put terms to the owners of today, who can then grant it."),
                state=self.request.stands(),
            )
        return refusal or self._in_the_register()

    @rule
    def counter(self) -> Refusal | None:
        """Put other terms against those that were offered; the owner's clock starts again."""
        return self._requester() or self._in(RequestStatus.OFFERED)

    @rule
    def acknowledge(self) -> Refusal | None:
        """Say that it has arrived; the clock runs on."""
        return self._addressed() or self._in(RequestStatus.SUBMITTED)

    @rule
    def ask(self) -> Refusal | None:
        """Ask the requester for information; the clock runs on."""
        refusal = self._addressed() or self._open()
        if refusal is None and RequestStatus.INFO_REQUESTED not in self.request.TRANSITIONS[self.request.stands()]:
            return self._not_in()
        return refusal

    @rule
    def accept_need(self) -> Refusal | None:
        """Record that the need is accepted; a refusal can no longer deny it."""
        refusal = self._addressed() or self._open()
        if refusal is None and RequestStatus.NEED_ASSESSED not in self.request.TRANSITIONS[self.request.stands()]:
            return self._not_in()
        return refusal

    @rule
    def grant(self) -> Refusal | None:
        """Grant it as asked, or as countered; any owner of a joint result may."""
        return self._owner() or self._answerable() or self._in_the_register()

    @rule
    def offer(self) -> Refusal | None:
        """Grant it on terms that the requester has to accept; any owner of a joint result may."""
        return self._owner() or self._answerable(RequestStatus.OFFERED)

    @rule
    def refuse(self) -> Refusal | None:
        """Refuse it for one of the reasons that the agreement allows."""
        return self._addressed() or self._answerable(RequestStatus.OFFERED)

    def _requester(self) -> Refusal | None:
        if self.actor.agency_id != self.request.requester_id:
            return Forbidden(
                _("Only %(agency)s, which asks, does this.") % {"agency": self.request.requester.acronym},
                code="not-the-requester",
            )
        return _not_a_keeper(self.actor)

    def _addressed(self) -> Refusal | None:
        if self.actor.agency_id != self.request.owner_id:
            return Forbidden(
                _("Only %(agency)s, which is asked, does this.") % {"agency": self.request.owner.acronym},
                code="not-asked",
            )
        return _not_a_keeper(self.actor)

    def _owner(self) -> Refusal | None:
        if self.actor.agency_id not in self._owners or self.actor.agency_id == self.request.requester_id:
            return Forbidden(_("Only an owner grants access."), code="not-an-owner")
        return _not_a_keeper(self.actor)

    @property
    def _owners(self) -> set[int]:
        """Those of now: who was asked may have passed its share on since."""
        return {owner.pk for owner in owners_of(self.request.asset)}

    def _in_the_register(self) -> Refusal | None:
        if self.request.asset.status != AssetStatus.WITHDRAWN:
            return None
        return NotNow(
            _("%(ref)s was withdrawn from the register.") % {"ref": self.request.asset.ref},
            code="withdrawn",
            state=self.request.stands(),
        )

    def _answerable(self, *also: str) -> Refusal | None:
        return None if self.request.stands() in (*ANSWERABLE, *also) else self._not_in()

    def _open(self) -> Refusal | None:
        return None if self.request.is_open else self._not_in()

    def _in(self, status: str) -> Refusal | None:
        return None if self.request.stands() == status else self._not_in()

    def _not_in(self) -> Refusal:
        _icon, _tone, word = self.request.status_look
        return NotNow(
            _("It stands at: %(status)s.") % {"status": str(word)},
            code="wrong-state",
            unblock=_("Ask anew; this request is closed.") if not self.request.is_open else "",
            state=self.request.stands(),
        )


@dataclass(frozen=True)
class AccessRightPolicy(Policy):
    """What can end a right before its last day."""

    actor: Actor
    right: AccessRight

    @rule
    def revoke(self) -> Refusal | None:
        """The owner who granted it, for a breach or an authorisation that was withdrawn; at this very instant."""
        if self.actor.agency_id != self.right.grantor_id:
            return Forbidden(
                _("Only %(agency)s, which granted it, revokes it.") % {"agency": self.right.grantor.acronym},
                code="not-the-grantor",
            )
        return _not_a_keeper(self.actor) or self._running()

    @rule
    def use_up(self) -> Refusal | None:
        """The holder says that what was granted is used up."""
        if self.actor.agency_id != self.right.holder_id:
            return Forbidden(
                _("Only %(agency)s, which holds it, says that it is used up.") % {"agency": self.right.holder.acronym},
                code="not-the-holder",
            )
        return _not_a_keeper(self.actor) or self._running()

    def _running(self) -> Refusal | None:
        standing = self.right.standing()
        if standing in (Standing.ACTIVE, Standing.COMING):
            return None
        return NotNow(
            _("The right is over: %(status)s.") % {"status": Standing(standing).label},
            code="right-over",
            state=standing,
        )


def _not_a_keeper(actor: Actor) -> Refusal | None:
    if actor.has_role(*KEEPERS):
        return None
    return Forbidden(
        _("Managers, IP managers and administrators ask for access and grant it for their agency."),
        code="role-needed",
        unblock=_("An administrator of your agency can give you the role."),
    )
