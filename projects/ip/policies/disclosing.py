"""Who may disclose an invention, write it, confirm a part of it and seal it, and why not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from agencies.models import Role
from portal.kit.actors import Actor
from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.ip.disclosed import missing
from projects.ip.models import ContributorState, Disclosure, DisclosureContributor, DisclosureStatus
from projects.ip.policies.entries import not_joined, not_taking_part
from projects.models import Project
from projects.models import Status as ProjectStatus

FILERS = (Role.CONTRIBUTOR, Role.MANAGER, Role.IP_MANAGER, Role.ADMINISTRATOR)
REOPENABLE = (DisclosureStatus.SEALED, DisclosureStatus.TRIAGE, DisclosureStatus.EVALUATING)


@dataclass(frozen=True)
class DisclosingPolicy(Policy):
    """Whether somebody may disclose in a project; the participations are read from the project."""

    actor: Actor
    project: Project

    @rule
    def disclose(self) -> Refusal | None:
        """Everybody who works on it may: who invents something seldom holds an office."""
        if not self.actor.has_role(*FILERS):
            return Forbidden(
                _("Contributors, managers, IP managers and administrators disclose inventions."),
                code="role-needed",
                unblock=_("An administrator of your agency can give you the role."),
            )
        refusal = not_taking_part(self.actor, self.project) or not_joined(self.actor, self.project)
        if refusal is None and self.project.status in (ProjectStatus.DECLINED, ProjectStatus.WITHDRAWN):
            return NotNow(_("The project never began."), code="project-ended", state=self.project.status)
        return refusal


@dataclass(frozen=True)
class OfDisclosure(Policy):
    """Base of the rules about one disclosure; permission is asked before state."""

    actor: Actor
    disclosure: Disclosure

    @property
    def part(self) -> DisclosureContributor | None:
        """The actor's own part, if they are named for the agency they act for and have been asked."""
        if self.actor.person is None:
            return None
        for row in self.disclosure.contributors.all():
            named = row.person_id == self.actor.person.pk and row.agency_id == self.actor.agency_id
            if named and row.state != ContributorState.UNASKED:
                return row
        return None

    def _own(self) -> Refusal | None:
        if self.actor.agency_id == self.disclosure.agency_id:
            return None
        return Forbidden(
            _("This is a disclosure of %(agency)s.") % {"agency": self.disclosure.agency.acronym},
            code="not-your-disclosure",
        )

    def _writer(self) -> Refusal | None:
        """Whoever filed it, and the IP managers of the agency."""
        refusal = self._own()
        if refusal is not None or self._is_filer or self.actor.has_role(Role.IP_MANAGER):
            return refusal
        return Forbidden(
            _("Only %(name)s, who filed it, and the IP managers of %(agency)s do this.")
            % {"name": self.disclosure.filer.name, "agency": self.disclosure.agency.acronym},
            code="not-the-filer",
        )

    def _ip_manager(self) -> Refusal | None:
        refusal = self._own()
        if refusal is not None or self.actor.has_role(Role.IP_MANAGER):
            return refusal
        return Forbidden(
            _("The IP managers of %(agency)s judge disclosures.") % {"agency": self.disclosure.agency.acronym},
            code="role-needed",
            unblock=_("An administrator of your agency can give you the role."),
        )

    @property
    def _is_filer(self) -> bool:
        return self.actor.person is not None and self.actor.person.pk == self.disclosure.filer_id

    def _in(self, statuses: Collection[str], reason: str, *, code: str, unblock: str = "") -> Refusal | None:
        if self.disclosure.status in statuses:
            return None
        return NotNow(reason, code=code, unblock=unblock, state=self.disclosure.status)

    def _sealed(self) -> Refusal | None:
        if self.disclosure.is_sealed:
            return None
        return NotNow(
            _("Nothing of it is sealed yet."),
            code="not-sealed",
            unblock=_("The contributors confirm their parts first, then it is sealed."),
            state=self.disclosure.status,
        )


@dataclass(frozen=True)
class WritingRules(OfDisclosure):
    """From the first words to the seal."""

    @rule
    def edit(self) -> Refusal | None:
        """Change the words, while it is a draft."""
        return self._writer() or self._draft()

    @rule
    def set_contributors(self) -> Refusal | None:
        """Say who made it, with roles and shares."""
        return self._writer() or self._draft()

    @rule
    def attach(self) -> Refusal | None:
        """Add a file to the draft."""
        return self._writer() or self._draft()

    @rule
    def detach(self) -> Refusal | None:
        """Take a file off the draft."""
        return self._writer() or self._draft()

    @rule
    def ask_contributors(self) -> Refusal | None:
        """Have every contributor confirm their own part."""
        refusal = self._writer() or self._in(
            {DisclosureStatus.DRAFT}, _("The contributors have been asked."), code="already-asked"
        )
        if refusal is None and (open_points := missing(self.disclosure)):
            return NotNow(
                _("The disclosure is not complete."),
                code="incomplete",
                unblock=" ".join(open_points),
                state=self.disclosure.status,
            )
        return refusal

    @rule
    def recall(self) -> Refusal | None:
        """Take it back to correct it; who has confirmed a part that stays the same is not asked again."""
        return self._writer() or self._in(
            {DisclosureStatus.CONFIRMING}, _("The contributors are not being asked now."), code="not-asked"
        )

    @rule
    def confirm_part(self) -> Refusal | None:
        """Confirm one's own part, role and share."""
        part = self._named()
        if isinstance(part, Refusal):
            return part
        refusal = self._in(
            {DisclosureStatus.CONFIRMING},
            _("Nobody is asked to confirm now."),
            code="not-asked",
            unblock=_("When something is not right, dispute your part: the flag stays with what was sealed."),
        )
        if refusal is None and part.state == ContributorState.CONFIRMED and part.disputed_at is None:
            return NotNow(_("You have confirmed your part."), code="already-confirmed", state=part.state)
        return refusal

    @rule
    def mark_unreachable(self) -> Refusal | None:
        """Say of a contributor who has not answered that they cannot be reached, and why."""
        refusal = self._writer() or self._in(
            {DisclosureStatus.CONFIRMING}, _("The contributors are not being asked now."), code="not-asked"
        )
        if refusal is None and not any(
            row.state == ContributorState.ASKED for row in self.disclosure.contributors.all()
        ):
            return NotNow(_("Nobody is waited for."), code="nobody-waited-for", state=self.disclosure.status)
        return refusal

    @rule
    def seal(self) -> Refusal | None:
        """Fix these exact bytes; the ledger takes the commitment to them."""
        refusal = self._writer() or self._in(
            {DisclosureStatus.CONFIRMING},
            _("Only what the contributors have confirmed is sealed."),
            code="not-asked",
            unblock=_("Ask the contributors to confirm first."),
        )
        waited_for = [row.name for row in self.disclosure.contributors.all() if not row.has_settled]
        if refusal is None and waited_for:
            return NotNow(
                _("It waits for %(names)s.") % {"names": ", ".join(waited_for)},
                code="unconfirmed",
                unblock=_("Each confirms their own part; or record that somebody cannot be reached, and why."),
                state=self.disclosure.status,
            )
        return refusal

    @rule
    def amend(self) -> Refusal | None:
        """Begin a new version; what was sealed stays as it is."""
        return self._writer() or self._in(
            REOPENABLE,
            _("A new version is begun after sealing and before the decision."),
            code="not-open",
        )

    @rule
    def dispute_part(self) -> Refusal | None:
        """Say that one's part is not right; nothing is rewritten."""
        part = self._named()
        if isinstance(part, Refusal):
            return part
        if part.disputed_at is not None:
            return NotNow(_("You have said so already."), code="already-disputed", state=self.disclosure.status)
        return None

    @rule
    def settle_dispute(self) -> Refusal | None:
        """Say that it is settled."""
        part = self._named()
        if isinstance(part, Refusal):
            return part
        if part.disputed_at is None:
            return NotNow(_("You dispute nothing."), code="not-disputed", state=self.disclosure.status)
        return None

    def _named(self) -> DisclosureContributor | Refusal:
        """The actor's own part. SECURITY: the membership is asked anew, so that one that has just ended confirms nothing."""
        part = self.part
        if part is None or self.actor.membership is None or not self.actor.membership.is_live:
            return Forbidden(
                _(
                    "Only a contributor who is named does this, for their own part and for the agency they are named for."
                ),
                code="not-a-contributor",
            )
        return part

    def _draft(self) -> Refusal | None:
        unblock = ""
        if self.disclosure.status == DisclosureStatus.CONFIRMING:
            unblock = _("Take it back from the contributors first.")
        elif self.disclosure.status in REOPENABLE:
            unblock = _("Begin a new version; the sealed one stays.")
        return self._in({DisclosureStatus.DRAFT}, _("It is not a draft now."), code="not-a-draft", unblock=unblock)
