"""Who may talk about a text, and let the other parties read what was said inside."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from agencies.models import Role
from portal.kit.actors import Actor
from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.agreements.models import Comment, Status
from projects.agreements.policies.base import not_a_party
from projects.agreements.policies.changes import ChangeRules
from projects.policies import DECIDERS


@dataclass(frozen=True)
class CommentRules(ChangeRules):
    """Talk beside the text."""

    @rule
    def comment(self) -> Refusal | None:
        """Say something about the text, inside one's agency or to every party."""
        if self.party is None:
            return not_a_party(self.actor)
        if self.has_left:
            return Forbidden(_("Your agency has left this agreement."), code="party-left")
        if self.actor.roles <= {Role.OBSERVER}:
            return Forbidden(_("Observers read; they do not write here."), code="role-needed")
        if self.agreement.status == Status.ABANDONED:
            return self._wrong_state(_("The agreement was given up."))
        return None

    @rule
    def widen_comment(self) -> Refusal | None:
        """Let every party read an internal comment."""
        return self.refusal("comment") or self._not_shown()

    @rule
    def resolve_comment(self) -> Refusal | None:
        """Say that a comment of one's agency is dealt with."""
        return self.refusal("comment")

    @rule
    def reopen_comment(self) -> Refusal | None:
        """Take a comment up again."""
        return self.refusal("comment")


@dataclass(frozen=True)
class CommentPolicy(Policy):
    """One comment; whoever sees it has passed `visible_to`."""

    within: CommentRules
    comment: Comment

    @property
    def actor(self) -> Actor:
        return self.within.actor

    @rule
    def widen(self) -> Refusal | None:
        """Let every party read it."""
        refusal = self.within.refusal("widen_comment") or self._of_others()
        if refusal is not None:
            return refusal
        if not self.comment.is_internal:
            return NotNow(_("Every party reads it already."), code="already-shared")
        if self.comment.reply_to is not None and self.comment.reply_to.is_internal:
            return NotNow(
                _("It answers a comment that is internal."), code="answers-internal", unblock=_("Share that one first.")
            )
        return None

    @rule
    def resolve(self) -> Refusal | None:
        """Say that it is dealt with."""
        refusal = self.within.refusal("resolve_comment") or self._of_others()
        if refusal is None and self.comment.resolved_at is not None:
            return NotNow(_("It is resolved already."), code="already-resolved")
        return refusal

    @rule
    def reopen(self) -> Refusal | None:
        """Take it up again."""
        refusal = self.within.refusal("reopen_comment") or self._of_others()
        if refusal is None and self.comment.resolved_at is None:
            return NotNow(_("It is open."), code="not-resolved")
        return refusal

    @property
    def is_ours(self) -> bool:
        """Whether the actor wrote it, or decides for the agency of whoever did."""
        person = self.actor.person
        wrote = person is not None and self.comment.person_id == person.pk
        return self.comment.agency_id == self.actor.agency_id and (wrote or self.actor.has_role(*DECIDERS))

    def _of_others(self) -> Refusal | None:
        if self.is_ours:
            return None
        return Forbidden(_("Its author, or a manager of the author’s agency, does this."), code="role-needed")
