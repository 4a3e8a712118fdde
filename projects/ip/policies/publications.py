"""Who may plan, review, object to, amend and publish, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.models import Role
from agencies.zones import zone
from portal.kit.actors import Actor
from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from portal.kit.templatetags.kit import day_words, zone_name
from projects.ip.hindrances import Hindrance, hindrances
from projects.ip.models import PublicationNotice, PublicationObjection, PublicationReview
from projects.ip.models.publication_choices import UNDER_REVIEW, Answer, PublicationStatus
from projects.models import Project

PUBLISHERS = (Role.MANAGER, Role.IP_MANAGER, Role.ADMINISTRATOR)
REVIEWERS = (*PUBLISHERS, Role.EXPORT_OFFICER)


@dataclass(frozen=True)
class PublishingPolicy(Policy):
    """Whether the actor may plan a publication of a project; also after it has ended, for its results live on."""

    actor: Actor
    project: Project

    @rule
    def plan(self) -> Refusal | None:
        """Begin a notice that only one's own agency sees."""
        if not self.actor.has_role(*PUBLISHERS):
            return _role_needed()
        own = self.project.participation_of(self.actor.agency_id)
        if own is None or not own.is_party:
            return Forbidden(
                _("Only parties of the project publish its results."),
                code="party-needed",
                unblock=_("Accept the project first."),
            )
        return None


@dataclass(frozen=True)
class PublicationPolicy(Policy):
    """Rules of one notice for one actor; permission is asked before state."""

    actor: Actor
    notice: PublicationNotice

    @cached_property
    def state(self) -> str:
        return self.notice.state()

    @property
    def is_publisher(self) -> bool:
        return self.actor.agency_id == self.notice.agency_id

    @cached_property
    def review(self) -> PublicationReview | None:
        """What the actor's agency was sent last."""
        return self.notice.review_of(self.actor.agency_id)

    @cached_property
    def own_objections(self) -> list[PublicationObjection]:
        """Those of the actor's agency that stand."""
        standing = self.notice.standing_objections()
        return [objection for objection in standing if objection.agency_id == self.actor.agency_id]

    @cached_property
    def hindrances(self) -> list[Hindrance]:
        """What keeps the publisher from publishing now."""
        return hindrances(self.notice, self.actor)

    def may_read(self, objection: PublicationObjection) -> bool:
        """The words of an objection are between the publisher and whoever objected; others see that it stands."""
        return self.actor.agency_id in (self.notice.agency_id, objection.agency_id)

    @rule
    def edit(self) -> Refusal | None:
        """Change the plan while nobody else has seen it."""
        refusal = self._not_the_publisher()
        if refusal is None and not self.notice.is_draft:
            return self._wrong_state(_("The text has been sent."), _("Send an amended text instead."))
        return refusal

    @rule
    def notify(self) -> Refusal | None:
        """Send the text to every other party; their time to object begins."""
        refusal = self._not_the_publisher()
        if refusal is not None:
            return refusal
        if not self.notice.is_draft:
            return self._wrong_state(_("The text has been sent."))
        if not self.notice.draft_text and self.notice.draft_file_id is None:
            return NotNow(
                _("There is no text yet."),
                code="text-needed",
                unblock=_("Edit the plan: paste or upload exactly what will be published."),
                state=self.state,
            )
        if not any(row.agency_id != self.notice.agency_id for row in self.notice.project.parties()):
            return NotNow(_("The project has no other party to send it to."), code="parties-needed", state=self.state)
        return None

    @rule
    def amend(self) -> Refusal | None:
        """Send a changed text."""
        return self._not_the_publisher() or self._not_under_review()

    @rule
    def clear(self) -> Refusal | None:
        """Say for one's agency: no objection."""
        refusal = self._not_a_reviewer(*PUBLISHERS) or self._not_under_review()
        if refusal is None and self.own_objections:
            return NotNow(
                _("An objection of your agency stands."),
                code="objection-stands",
                unblock=_("Withdraw it, or say that the amended text satisfies it."),
                state=self.state,
            )
        return refusal or self._answered() or self._out_of_time()

    @rule
    def object(self) -> Refusal | None:
        """Say what must not be published, and why."""
        refusal = self._not_a_reviewer(*REVIEWERS) or self._not_under_review()
        if refusal is None and self.review is not None and self.review.answer != Answer.OBJECTED:
            refusal = self._answered()
        return refusal or self._out_of_time()

    @rule
    def answer(self) -> Refusal | None:
        """Add to the exchange about an objection that stands."""
        if not self.actor.has_role(*REVIEWERS):
            return _role_needed()
        objectors = {objection.agency_id for objection in self.notice.objections.all()}
        if not self.is_publisher and self.actor.agency_id not in objectors:
            return Forbidden(
                _("An objection is discussed between the publishing party and the party that objected."),
                code="not-concerned",
            )
        if not self._standing_for_actor():
            return self._wrong_state(_("No objection stands."))
        return None

    @rule
    def withdraw_objection(self) -> Refusal | None:
        """Take back an objection of one's agency."""
        return self._not_an_objector()

    @rule
    def accept_amendment(self) -> Refusal | None:
        """Say that the amended text removes the harm."""
        refusal = self._not_an_objector()
        text = self.notice.newest_text
        if refusal is None and text is not None and all(o.text_id == text.pk for o in self.own_objections):
            return NotNow(
                _("No amended text has been sent since your agency objected."),
                code="not-amended",
                unblock=_("%(agency)s can amend it; or withdraw your objection.")
                % {"agency": self.notice.agency.acronym},
                state=self.state,
            )
        return refusal

    @rule
    def publish(self) -> Refusal | None:
        """Say that it was published as it was cleared."""
        refusal = self._not_the_publisher() or self._not_under_review()
        if refusal is None and self.hindrances:
            first = self.hindrances[0]
            return NotNow(first.words, code=first.code, unblock=first.unblock, state=self.state)
        return refusal

    @rule
    def record(self) -> Refusal | None:
        """Complete the release record."""
        refusal = self._not_the_publisher()
        if refusal is None and self.notice.status != PublicationStatus.PUBLISHED:
            reason = (
                _("The release is recorded.")
                if self.notice.status == PublicationStatus.RECORDED
                else _("It has not been published.")
            )
            return self._wrong_state(reason)
        return refusal

    @rule
    def withdraw(self) -> Refusal | None:
        """Give the publication up."""
        refusal = self._not_the_publisher()
        if refusal is None and self.notice.status not in (PublicationStatus.PLANNED, *UNDER_REVIEW):
            return self._wrong_state(_("What has been published cannot be taken back, nor given up."))
        return refusal

    def _standing_for_actor(self) -> list[PublicationObjection]:
        return self.notice.standing_objections() if self.is_publisher else self.own_objections

    def _not_the_publisher(self) -> Refusal | None:
        if not self.is_publisher:
            return Forbidden(
                _("Only %(agency)s, which publishes, does this.") % {"agency": self.notice.agency.acronym},
                code="not-the-publisher",
            )
        return None if self.actor.has_role(*PUBLISHERS) else _role_needed()

    def _not_a_reviewer(self, *roles: str) -> Refusal | None:
        if self.is_publisher:
            return Forbidden(
                _("Your agency publishes it; the other parties review it."),
                code="own-publication",
                unblock=_("Amend or withdraw it instead."),
            )
        if not self.actor.has_role(*roles):
            return _role_needed()
        if self.review is None:
            return Forbidden(
                _("The text was sent to the parties of that time; your agency was none."), code="not-asked"
            )
        return None

    def _not_an_objector(self) -> Refusal | None:
        if not self.actor.has_role(*REVIEWERS):
            return _role_needed()
        objectors = {objection.agency_id for objection in self.notice.objections.all()}
        if self.actor.agency_id not in objectors:
            return Forbidden(
                _("Your agency has not objected."),
                code="not-objecting",
                unblock=_("Whoever objected ends the objection."),
            )
        refusal = self._not_under_review()
        if refusal is None and not self.own_objections:
            return self._wrong_state(_("No objection of your agency stands."))
        return refusal

    def _not_under_review(self) -> Refusal | None:
        if self.state in UNDER_REVIEW:
            return None
        reasons = {
            PublicationStatus.PLANNED: _("The text has not been sent to the parties."),
            PublicationStatus.WITHDRAWN: _("The publication was given up."),
        }
        return self._wrong_state(reasons.get(PublicationStatus(self.state), _("It has been published.")))

    def _answered(self) -> Refusal | None:
        if self.review is None or not self.review.answer:
            return None
        reasons = {
            Answer.CLEARED: _("Your agency has said that it has no objection."),
            Answer.OBJECTED: _("Your agency has objected to this text."),
        }
        late = _("The time to object is over.")
        code = "window-closed" if self.review.answer == Answer.SILENT else "already-answered"
        return NotNow(reasons.get(Answer(self.review.answer), late), code=code, state=self.state)

    def _out_of_time(self) -> Refusal | None:
        review = self.review
        if review is None or timezone.now() < review.due_at:
            return None
        last = review.last_moment.astimezone(zone(review.zone))
        reason = ngettext(
            "The time to object, %(days)s day, ended on %(day)s, %(time)s. No word in time means no objection.",
            "The time to object, %(days)s days, ended on %(day)s, %(time)s. No word in time means no objection.",
            review.days,
        ) % {"days": review.days, "day": day_words(review.due_on), "time": f"{last:%H:%M} {zone_name(last)}"}
        return NotNow(
            reason,
            code="window-closed",
            unblock=_("%(agency)s can still amend the text or give it up; write to them.")
            % {"agency": self.notice.agency.acronym},
            state=self.state,
        )

    def _wrong_state(self, reason: str, unblock: str = "") -> NotNow:
        return NotNow(reason, code="wrong-state", unblock=unblock, state=self.state)


def _role_needed() -> Forbidden:
    return Forbidden(
        _("Managers, IP managers and administrators plan and review publications for their agency."),
        code="role-needed",
        unblock=_("An administrator of your agency can give you the role."),
    )
