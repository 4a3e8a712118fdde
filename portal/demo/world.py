"""The world while it is told: agencies and people by short names, and the scenes that stories are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from agencies.models import Agency, Membership, Person
from agencies.reauthentication import Proof
from portal.demo.facts import Collaboration, collaboration
from portal.kit.actors import Actor
from projects import actions as joint
from projects.agreements import actions as agreeing
from projects.agreements.models import Agreement
from projects.agreements.policies import AgreementPolicy
from projects.agreements.signing import challenge
from projects.agreements.signing.call import Terms
from projects.agreements.signing.sections import sections
from projects.messaging import actions as talking
from projects.messaging.models import Audience, Message, Thread
from projects.models import Project

INVENTED = "*Demonstration: the plan, the people and all further texts are invented.*"


class World:
    """Everything that happens in it goes through the actions, as it would by hand."""

    def __init__(self) -> None:
        self.agencies = {agency.acronym: agency for agency in Agency.objects.all()}
        self.people: dict[str, Person] = {}
        self._actors: dict[tuple[str, str], Actor] = {}
        for membership in Membership.objects.live().select_related("person", "agency").order_by("begins_at", "pk"):
            key = membership.person.email.partition("@")[0]
            agency = self.agencies[membership.agency.acronym]
            membership.agency = agency
            self.people[key] = membership.person
            self._actors[key, agency.acronym] = self._actors[key, ""] = self._actors.get((key, "")) or Actor(
                person=membership.person, membership=membership, memberships=(membership,)
            )

    def actor(self, key: str) -> Actor:
        """The person as they act for the agency they joined first."""
        return self._actors[key, ""]

    def agency(self, acronym: str) -> Agency:
        return self.agencies[acronym]

    # --- projects ---

    def mission(self, slug: str, lead: str, *partners: str, **terms: Any) -> Project:
        """Draft a public mission: its name, summary and what each party brings are facts, the rest is invented."""
        known = collaboration(slug)
        facts = {
            "title": known.name,
            "summary": known.summary,
            "objective": _objective(known),
            "destination": known.destination,
            "taxonomy": known.codes,
        }
        return self.draft(lead, *partners, **{**facts, **terms})

    def draft(self, lead: str, *partners: str, **terms: Any) -> Project:
        """Draft a project and put the partners on its list; they hear of it when it is proposed."""
        project = joint.draft_project(actor=self.actor(lead), **terms)
        for acronym in partners:
            joint.invite_partner(project, self.agency(acronym), actor=self.actor(lead))
        return project

    def propose(self, project: Project, lead: str, *accepting: str) -> Project:
        """Propose it; these people accept for their agencies."""
        project = joint.propose(project, actor=self.actor(lead))
        for key in accepting:
            self.answer(project, key, "accept")
        return Project.objects.get(pk=project.pk)

    def answer(self, project: Project, key: str, answer: str, **words: str) -> None:
        joint.answer_invitation(
            project, actor=self.actor(key), answer=answer, terms_number=project.terms_number, **words
        )

    def team(self, project: Project, manager: str, *members: str) -> None:
        """The manager puts these colleagues on the team of the project."""
        chosen = [self.actor(key).membership for key in members]
        joint.assign_team(project, chosen, actor=self.actor(manager))

    # --- agreements ---

    def negotiate(
        self, project: Project, drafter: str, *, title: str, answers: dict[str, Any] | None = None,
        kind: str = "ip_sharing",
    ) -> Agreement:  # fmt: skip
        """Draft an agreement between the parties and share it with them."""
        agreement = agreeing.draft_agreement(
            project, actor=self.actor(drafter), title=title, answers=answers, kind=kind
        )
        return agreeing.share(agreement, actor=self.actor(drafter))

    def agree(self, agreement: Agreement, *keys: str) -> Agreement:
        """These people agree, for their parties, to the text as it stands."""
        shown = AgreementPolicy(self.actor(keys[0]), Agreement.objects.get(pk=agreement.pk)).current_hash
        for key in keys:
            agreement = agreeing.agree_to_text(agreement, actor=self.actor(key), sha256=shown)
        return agreement

    def change(self, agreement: Agreement, who: str, *accepting: str, **change: Any) -> int:
        """Somebody proposes a change for their agency, and these people accept it for theirs; its number comes back."""
        proposed = agreeing.propose_change(agreement, actor=self.actor(who), **change)
        for key in accepting:
            agreeing.accept_change(agreement, proposed.number, actor=self.actor(key))
        return proposed.number

    def freeze(self, agreement: Agreement, *managers: str, terms: Terms | None = None) -> Agreement:
        """Every party agrees, and the first one has the text frozen for signature."""
        return agreeing.freeze(self.agree(agreement, *managers), actor=self.actor(managers[0]), terms=terms)

    def sign(self, agreement: Agreement, *signatories: str, **remarks: Any) -> Agreement:
        """These people sign, one after another, each with a page opened for it and their password given again."""
        for key in signatories:
            actor = self.actor(key)
            agreement = Agreement.objects.select_related("text").get(pk=agreement.pk)
            assert agreement.text is not None
            mandate = AgreementPolicy(actor, agreement).mandate
            confirmed = agreeing.Consent(
                sha256=agreement.text.sha256,
                challenge=challenge.issue(
                    text_sha256=agreement.text.sha256,
                    actor=actor,
                    mandate=mandate,
                    ad_referendum=remarks.get("ad_referendum", False),
                ),
                given=True,
                typed_name=actor.person.name,
                read=[part.key for part in sections(agreement.text.document)],
                **remarks,
            )
            agreeing.sign(agreement, actor=actor, consent=confirmed, proof=Proof(("password",), timezone.now()))
        return Agreement.objects.get(pk=agreement.pk)

    def conclude(
        self, project: Project, *, title: str, managers: list[str], signatories: list[str], answers: Any = None,
        kind: str = "ip_sharing",
    ) -> Agreement:  # fmt: skip
        """From the first draft to entry into force; the project becomes active when it covers every party."""
        agreement = self.negotiate(project, managers[0], title=title, answers=answers, kind=kind)
        agreement = self.sign(self.freeze(agreement, *managers), *signatories)
        return agreeing.enter_into_force(agreement, actor=self.actor(managers[0]))

    # --- threads ---

    def thread(
        self,
        title: str,
        agencies: Iterable[str],
        first: tuple[str, str, str],
        *more: tuple[str, str, str],
        project: Any = None,
    ) -> Thread:
        """A conversation; each line is (who, language, words), kept inside the agency when who begins with a minus."""
        who, language, body = first
        thread = talking.open_thread(
            actor=self.actor(who.lstrip("-")),
            title=title,
            agencies=[self.agency(acronym) for acronym in agencies],
            body=body,
            language=language,
            audience=_audience(who),
            project=Project.objects.get(pk=project.pk) if project is not None else None,
        )
        for line in more:
            self.say(thread, line)
        return thread

    def say(self, thread: Thread, line: tuple[str, str, str]) -> Message:
        who, language, body = line
        return talking.post_message(
            thread, actor=self.actor(who.lstrip("-")), body=body, language=language, audience=_audience(who)
        )


def _audience(who: str) -> str:
    return Audience.INTERNAL if who.startswith("-") else Audience.SHARED


def _objective(known: Collaboration) -> str:
    lines = [f"- **{acronym}**: {'; '.join(brings)}" for acronym, brings in known.brings.items() if brings]
    return "\n".join(["## What each brings", "", *lines, "", INVENTED])


def flowing(text: str) -> str:
    """Text whose lines are broken for the reader of a source file, joined; paragraphs and list items stay."""
    return re.sub(r"(?<!\n)\n(?![\n-])", " ", text)


def this_year(month: int, day: int, *, years: int = 0) -> date:
    """A day counted from the year in which the demonstration is loaded."""
    return date(timezone.now().year + years, month, day)
