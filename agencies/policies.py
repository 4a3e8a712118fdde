"""Who may do what to agencies, their people, mandates, invitations and tokens, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Invitation, Mandate, Membership, Role, Status, Token
from portal.kit.actors import Actor
from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, NotNow, Refusal, Text

APPLICATIONS_AT_ONCE = 3
INVITATIONS_A_DAY = 50
TOKENS_AT_ONCE = 20


@dataclass(frozen=True)
class RegistrationPolicy(Policy):
    """Whether a person may apply for an agency."""

    actor: Actor

    @rule
    def apply(self) -> Refusal | None:
        """Register an agency; an operator checks it."""
        person = self.actor.person
        if person is None:
            return Forbidden(_("Sign in first."), code="sign-in")
        if not person.emailaddress_set.filter(verified=True).exists():
            return Forbidden(
                _("Your e-mail address is not confirmed yet."),
                code="address-unconfirmed",
                unblock=_("Open the link in the message that we sent you."),
            )
        open_ones = Agency.objects.filter(
            status=Status.APPLIED, memberships__person=person, memberships__roles__contains=[Role.ADMINISTRATOR]
        )
        if open_ones.count() >= APPLICATIONS_AT_ONCE:
            return NotNow(
                _("Several agencies that you registered wait for their check."),
                code="applications-open",
                unblock=_("Wait until an operator has decided on one of them."),
            )
        return None


@dataclass(frozen=True)
class AgencyPolicy(Policy):
    """Rules of one agency for one actor."""

    actor: Actor
    agency: Agency

    @property
    def is_own(self) -> bool:
        return self.actor.agency_id is not None and self.actor.agency_id == self.agency.pk

    @rule
    def see_people(self) -> Refusal | None:
        """Read who works for it, in which roles."""
        return None if self.is_own else self._other_agency(_("Only its members see who works for it."))

    @rule
    def edit_profile(self) -> Refusal | None:
        """Change what the directory says of it."""
        return self._not_an_administrator(_("Administrators of the agency change its profile."))

    @rule
    def apply_again(self) -> Refusal | None:
        """Send a refused application to the operators once more."""
        refusal = self._not_an_administrator(_("Administrators of the agency apply for it."))
        if refusal is None and self.agency.status != Status.REFUSED:
            return self._not_now(_("There is no refused application."), "not-refused")
        return refusal

    @rule
    def invite(self) -> Refusal | None:
        """Ask a person to join it."""
        refusal = self._not_an_administrator(_("Administrators of the agency invite people."))
        if refusal is not None:
            return refusal
        since = timezone.now() - timedelta(days=1)
        if self.agency.invitations.filter(created_at__gt=since).count() >= INVITATIONS_A_DAY:
            return NotNow(
                _("Your agency has sent many invitations today."), code="too-many", unblock=_("Go on tomorrow.")
            )
        return None

    @rule
    def grant_mandate(self) -> Refusal | None:
        """Give a signatory the authority to sign for it."""
        return self._not_an_administrator(_("Administrators of the agency grant mandates."))

    @rule
    def issue_token(self) -> Refusal | None:
        """Make an API token for one's own membership."""
        if not self.is_own:
            return self._other_agency(_("Only its members make tokens for it."))
        membership = self.actor.membership
        if Token.objects.usable().filter(membership=membership).count() >= TOKENS_AT_ONCE:
            return NotNow(_("You have many tokens."), code="too-many", unblock=_("Revoke those you no longer use."))
        return None

    @rule
    def verify(self) -> Refusal | None:
        """Confirm that it is what it says."""
        return self._not_an_operator() or self._not_in(Status.APPLIED)

    @rule
    def refuse(self) -> Refusal | None:
        """Send the application back, with the reason."""
        return self._not_an_operator() or self._not_in(Status.APPLIED)

    @rule
    def reconsider(self) -> Refusal | None:
        """Put a refused application back into the queue."""
        return self._not_an_operator() or self._not_in(Status.REFUSED)

    @rule
    def correct(self) -> Refusal | None:
        """Change what an operator has checked."""
        return self._not_an_operator()

    @rule
    def suspend(self) -> Refusal | None:
        """Silence it: its people lose every right until it is reinstated."""
        return self._not_an_operator() or self._not_in(Status.VERIFIED)

    @rule
    def reinstate(self) -> Refusal | None:
        """Give a suspended agency its voice back."""
        return self._not_an_operator() or self._not_in(Status.SUSPENDED)

    def _not_an_administrator(self, reason: Text) -> Refusal | None:
        if not self.is_own:
            return self._other_agency(_("You do not act for this agency."))
        if not self.actor.has_role(Role.ADMINISTRATOR):
            return Forbidden(reason, code="role-needed", unblock=_("Ask an administrator of your agency."))
        return None

    def _other_agency(self, reason: Text) -> Forbidden:
        is_member = any(membership.agency_id == self.agency.pk for membership in self.actor.memberships)
        unblock = _("Choose it in the header: you act for another agency now.") if is_member else ""
        return Forbidden(reason, code="other-agency", unblock=unblock)

    def _not_an_operator(self) -> Refusal | None:
        # SECURITY: a token speaks for an agency, so that it never carries its person's rights as an operator.
        if not self.actor.is_operator or self.actor.scopes is not None:
            return Forbidden(_("Operators of the portal decide this."), code="operator-needed")
        if Membership.objects.live().filter(person=self.actor.person, agency=self.agency).exists():
            return Forbidden(_("You belong to this agency; another operator decides."), code="own-agency")
        return None

    def _not_in(self, status: str) -> Refusal | None:
        if self.agency.status == status:
            return None
        return self._not_now(_("The agency does not stand where this could be done."), "wrong-state")

    def _not_now(self, reason: Text, code: str) -> NotNow:
        return NotNow(reason, code=code, state=self.agency.status)


@dataclass(frozen=True)
class MembershipPolicy(Policy):
    """Rules of one membership for one actor."""

    actor: Actor
    membership: Membership

    @rule
    def change_roles(self) -> Refusal | None:
        """Give and take roles."""
        return self._not_an_administrator() or self._over()

    @rule
    def end(self) -> Refusal | None:
        """End it now; one's own, or as an administrator anybody's."""
        is_self = self.actor.person is not None and self.actor.person.pk == self.membership.person_id
        refusal = None if is_self and self._is_here else self._not_an_administrator()
        if refusal or (refusal := self._over()):
            return refusal
        return self._last_administrator() if Role.ADMINISTRATOR in self.membership.roles else None

    def without_administrator(self) -> Refusal | None:
        """Why the administrator's role cannot be taken from it now."""
        return self._last_administrator() if Role.ADMINISTRATOR in self.membership.roles else None

    @property
    def _is_here(self) -> bool:
        return self.actor.agency_id is not None and self.actor.agency_id == self.membership.agency_id

    def _not_an_administrator(self) -> Refusal | None:
        if self._is_here and self.actor.has_role(Role.ADMINISTRATOR):
            return None
        return Forbidden(
            _("Administrators of the agency decide who belongs to it."),
            code="role-needed",
            unblock=_("Ask an administrator of your agency."),
        )

    def _over(self) -> Refusal | None:
        if self.membership.ended_at or not (self.membership.is_live or self.membership.is_ahead):
            return NotNow(_("This membership has ended."), code="ended", unblock=_("Invite the person again."))
        return None

    def _last_administrator(self) -> Refusal | None:
        others = Membership.objects.live().with_role(Role.ADMINISTRATOR).filter(agency=self.membership.agency_id)
        if others.exclude(pk=self.membership.pk).filter(person__is_active=True).exists():
            return None
        return NotNow(
            _("An agency keeps at least one administrator, and this is the last one."),
            code="last-administrator",
            unblock=_("Make somebody else an administrator first."),
        )


@dataclass(frozen=True)
class MandatePolicy(Policy):
    """Rules of one mandate for one actor."""

    actor: Actor
    mandate: Mandate

    @rule
    def revoke(self) -> Refusal | None:
        """Take the authority back; signatures that were made stay valid."""
        if self.actor.agency_id != self.mandate.agency_id or not self.actor.has_role(Role.ADMINISTRATOR):
            return Forbidden(_("Administrators of the agency revoke mandates."), code="role-needed")
        if self.mandate.revoked_at:
            return NotNow(_("The mandate is revoked."), code="revoked")
        if not (self.mandate.is_live or self.mandate.is_ahead):
            return NotNow(_("The mandate has expired."), code="expired")
        return None


@dataclass(frozen=True)
class InvitationPolicy(Policy):
    """Rules of one invitation for one actor."""

    actor: Actor
    invitation: Invitation

    @rule
    def withdraw(self) -> Refusal | None:
        """Make its link worthless."""
        if self.actor.agency_id != self.invitation.agency_id or not self.actor.has_role(Role.ADMINISTRATOR):
            return Forbidden(_("Administrators of the agency withdraw its invitations."), code="role-needed")
        return self._closed()

    @rule
    def accept(self) -> Refusal | None:
        """Join the agency; only the person whose confirmed address was invited."""
        person = self.actor.person
        if person is None:
            return Forbidden(_("Sign in first."), code="sign-in")
        addresses = person.emailaddress_set.filter(verified=True, email__iexact=self.invitation.email)
        if not addresses.exists():
            return Forbidden(
                _("This invitation is for another e-mail address than yours."),
                code="other-address",
                unblock=_("Sign in with the address that was invited, or add and confirm it in your account."),
            )
        if refusal := self._closed():
            return refusal
        live = Membership.objects.live().filter(person=person, agency=self.invitation.agency_id)
        return NotNow(_("You are a member already."), code="already-member") if live.exists() else None

    def _closed(self) -> Refusal | None:
        if self.invitation.accepted_at:
            return NotNow(_("The invitation was accepted."), code="accepted")
        if self.invitation.withdrawn_at:
            return NotNow(_("The invitation was withdrawn."), code="withdrawn")
        if not self.invitation.is_open:
            return NotNow(_("The invitation has expired."), code="expired", unblock=_("Ask for a new one."))
        if not self.invitation.agency.can_act:
            return NotNow(_("The agency is silent on the portal at present."), code="agency-silent")
        return None


@dataclass(frozen=True)
class TokenPolicy(Policy):
    """Rules of one token for one actor."""

    actor: Actor
    token: Token

    @rule
    def revoke(self) -> Refusal | None:
        """Make it worthless at once."""
        membership = self.token.membership
        here = self.actor.agency_id is not None and self.actor.agency_id == membership.agency_id
        is_own = self.actor.person is not None and self.actor.person.pk == membership.person_id
        if not here or not (is_own or self.actor.has_role(Role.ADMINISTRATOR)):
            return Forbidden(_("Its owner and administrators of the agency revoke a token."), code="role-needed")
        return NotNow(_("The token is revoked."), code="revoked") if self.token.revoked_at else None
