"""Who may open threads, write in them, and change what they wrote, and why not."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from agencies.models import AGENCY_WIDE, Role
from portal.kit.actors import Actor
from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.messaging.models import Message, Thread
from projects.models import Project
from projects.policies import DECIDERS, ProjectPolicy, unverified


@dataclass(frozen=True)
class OpeningPolicy(Policy):
    """Whether somebody may begin a conversation, on a project or between agencies."""

    actor: Actor
    project: Project | None = None

    @rule
    def open_thread(self) -> Refusal | None:
        """On a project everybody inside who writes; between agencies those who reach every project of theirs."""
        if self.actor.agency is None:
            return Forbidden(
                _("Threads are opened for an agency, and you act for none."),
                code="agency-needed",
                unblock=_("Register your agency, or ask its administrator for an invitation."),
            )
        if self.project is not None:
            return ProjectPolicy(self.actor, self.project).refusal("start_thread")
        if not self.actor.has_role(*AGENCY_WIDE):
            return Forbidden(
                _("Contributors and observers write on the projects they are on the team of."),
                code="role-needed",
                unblock=_("A manager of your agency can open the thread."),
            )
        return unverified(self.actor)

    @rule
    def reach_others(self) -> Refusal | None:
        """Put other agencies on the list."""
        return unverified(self.actor)


@dataclass(frozen=True)
class ThreadPolicy(Policy):
    """Permission is asked before state. Whoever sees the thread has passed `visible_to`."""

    actor: Actor
    thread: Thread

    @rule
    def post(self) -> Refusal | None:
        """Write inside one's own agency."""
        return _only_observes(self.actor) or self._open()

    @rule
    def share(self) -> Refusal | None:
        """Write to every agency of the list."""
        return _only_observes(self.actor) or unverified(self.actor) or self._open()

    @rule
    def add_agency(self) -> Refusal | None:
        """Let another agency read what is shared from now on."""
        return self._keeper() or unverified(self.actor) or self._open()

    @rule
    def close(self) -> Refusal | None:
        """End the conversation; what was written stays readable."""
        refusal = self._keeper()
        if refusal is None and self.thread.is_closed:
            return NotNow(_("The thread is closed already."), code="already-closed", state="closed")
        return refusal

    @rule
    def reopen(self) -> Refusal | None:
        """Go on writing in a closed thread."""
        refusal = self._keeper()
        if refusal is None and not self.thread.is_closed:
            return NotNow(_("The thread is open."), code="not-closed", state="open")
        return refusal

    def _keeper(self) -> Refusal | None:
        """The person who opened it, or a manager or administrator of the agency it was opened for."""
        thread = self.thread
        own = self.actor.agency_id == thread.opened_for_id
        if own and (self.actor.has_role(*DECIDERS) or self.actor.person == thread.opened_by):
            return None
        return Forbidden(
            _("Whoever opened the thread, or a manager of %(agency)s, decides this.")
            % {"agency": thread.opened_for.acronym},
            code="not-the-opener",
            unblock=_("Ask for it in the thread."),
        )

    def _open(self) -> Refusal | None:
        if not self.thread.is_closed:
            return None
        return NotNow(
            _("The thread is closed: everything can be read, nothing written."),
            code="thread-closed",
            unblock=_("%(agency)s, which opened it, can reopen it; or open a new one.")
            % {"agency": self.thread.opened_for.acronym},
            state="closed",
        )


@dataclass(frozen=True)
class MessagePolicy(Policy):
    """What can be done to one message; its thread is read with it."""

    actor: Actor
    message: Message

    @rule
    def edit(self) -> Refusal | None:
        """Authors correct their own words; the earlier ones are kept."""
        refusal = None
        if self.actor.person != self.message.author or self.actor.agency_id != self.message.agency_id:
            refusal = Forbidden(_("Only its author edits a message."), code="not-the-author")
        return refusal or self._standing() or ThreadPolicy(self.actor, self.message.thread).refusal("post")

    @rule
    def withdraw(self) -> Refusal | None:
        """The author, or a manager or administrator of the author's agency."""
        own = self.actor.agency_id == self.message.agency_id
        if own and (self.actor.person == self.message.author or self.actor.has_role(*DECIDERS)):
            return self._standing()
        return Forbidden(
            _("Its author, or a manager of %(agency)s, withdraws a message.") % {"agency": self.message.agency.acronym},
            code="not-the-author",
        )

    def _standing(self) -> Refusal | None:
        if self.message.is_withdrawn:
            return NotNow(_("The message has been withdrawn."), code="withdrawn", state="withdrawn")
        return None


def _only_observes(actor: Actor) -> Refusal | None:
    if actor.roles - {Role.OBSERVER}:
        return None
    return Forbidden(
        _("Observers read along; they do not write."),
        code="role-needed",
        unblock=_("An administrator of your agency can give you another role."),
    )
