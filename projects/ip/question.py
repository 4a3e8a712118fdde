"""One question about one use, taken through the rules in their order until one of them decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from portal.kit.refusals import Refusal
from projects.ip import access_rules as rules
from projects.ip.access_rules import earliest, instant, latest
from projects.ip.answers import CLASSIFY, CONCLUDE, NOTHING, REQUEST, Answer, phrase
from projects.ip.models import ChangeKind, Origin, Purpose, Standing, Status
from projects.ip.terms import Terms
from projects.ip.use import Use


@dataclass(frozen=True)
class Question(Use):
    """May the agency of these grounds use the asset for the purpose in this span?

    `knows` is false for a reader who is neither the agency nor an owner: granted rights are then left out.
    """

    knows: bool = True

    def answer(self, refusal_to_share: Refusal | None = None) -> Answer:
        """Owner, granted right, agreement; whatever is then a yes still has to be allowed to cross."""
        if self.grounds.share is not None:
            return self._owner()
        found = self._by_right() or self._by_agreement()
        if found.allowed:
            return self._kept_back(found, refusal_to_share) if refusal_to_share is not None else found
        if not self.knows:
            return self._between_them(found)
        return self._right_that_does_not_reach(found) or found

    def _owner(self) -> Answer:
        share = self.grounds.share
        assert share is not None
        words = {"agency": self._agency, "percent": share.words}
        terms = self.grounds.binding[0] if self.grounds.binding else None
        is_joint = len(self.grounds.asset.owners()) > 1
        if not is_joint:
            return self._yes("owner", _("%(agency)s owns it") % words, source=_("owner"))
        return self._yes(
            "owner",
            _("%(agency)s owns %(percent)s percent of it") % words,
            source=terms.source("joint_results") if terms is not None else _("owner"),
            terms=_("Each owner uses a joint result for its own activities without accounting to the others"),
        )

    def _by_right(self) -> Answer | None:
        for right in self._rights():
            ends = self._end_of(right)
            if self.span.is_within(right.starts_at, ends):
                return self._yes(
                    "granted",
                    _("%(owner)s granted it") % {"owner": right.grantor_name},
                    source=right.ref,
                    source_url=right.get_absolute_url(),
                    terms=rules.terms_in_words(right),
                    starts=right.starts_at,
                    ends=ends,
                )
        return None

    def _by_agreement(self) -> Answer:
        grounds = self.grounds
        names = {"agency": self._agency, "ref": grounds.asset.ref, "owners": grounds.owner_names}
        if grounds.part is None:
            return self._no("not-a-party", _("%(agency)s is not a party of the project") % names)
        if grounds.entry.status == Status.WITHDRAWN:
            return self._no("withdrawn", _("%(ref)s was withdrawn from the register") % names)
        if not grounds.binding:
            reason = _("no agreement in force binds %(owners)s and %(agency)s") % names
            return self._no("no-agreement", reason, ask_code=CONCLUDE, ask=_("conclude an agreement with its owners."))
        terms = grounds.terms_within(self.span)
        if kept := rules.outside(grounds.entry, terms):
            code, reason, source = kept
            return self._no(code, reason, source=source, source_url=terms.url)
        narrowing = self._narrowing()
        if narrowing is not None and narrowing.kind != ChangeKind.LIMIT:
            words = {**names, "day": self._moment(narrowing.ends_at)}
            reason = _("access to %(ref)s was narrowed by notice from %(day)s") % words
            return self._no("narrowed", reason, source=narrowing.source, source_url=narrowing.get_absolute_url())
        return self._by_clause(terms)

    def _by_clause(self, terms: Terms) -> Answer:
        """What the clauses themselves grant; everything else is asked for."""
        is_result = self.grounds.asset.origin == Origin.RESULT
        is_wide = is_result and terms.answers.get("results_ownership") == "own_wide"
        if is_wide and (found := self._wide_licence(terms)) is not None:
            return found
        if self.purpose == Purpose.IMPLEMENTATION:
            return self._implementation(terms)
        if self.purpose == Purpose.INTERNAL_RESEARCH and is_result and terms.answers.get("access_research"):
            starts, ends = self._term_as_party(terms)
            words = _(
                "Free of charge, for its own research and teaching, once it has been made available; not commercially"
            )
            reason = _("the agreement lets every party use the results of the others so")
            return self._while(terms, "access_research", "research", reason, words, starts, ends)
        return self._to_be_asked_for(terms)

    def _wide_licence(self, terms: Terms) -> Answer | None:
        """Irrevocable for what there was while both were bound; a party that leaves keeps it and gets no more (R13)."""
        starts, ends = self._term_as_party(terms)
        made_at = self.grounds.asset.created_at
        if ends is not None and made_at >= ends:
            return None
        begins = latest(starts, made_at)
        if not self.span.is_within(begins, None):
            return None
        return self._yes(
            "wide-licence",
            _("the agreement lets every party use the results of the others for any peaceful purpose"),
            source=terms.source("results"),
            source_url=terms.url,
            terms=_("Free of charge, non-exclusive, irrevocable, worldwide; not transferable"),
            starts=begins,
        )

    def _implementation(self, terms: Terms) -> Answer:
        limit = self._limit(terms)
        if limit and terms.answers.get("access_implementation") == "as_listed":
            reason = _("the annex states terms of its own for this item: %(limit)s") % {"limit": limit}
            return self._to_be_asked_for(terms, code="on-other-terms", reason=reason)
        said = [_("Free of charge, as far as it is needed for its own share of the project; not transferable")]
        said += [words] if (words := rules.software_words(self.grounds.asset, terms)) else []
        said += [_("within this limit: %(limit)s") % {"limit": limit}] if limit else []
        project = self.grounds.project
        starts, ends = self._term_as_party(terms)
        starts = latest(starts, instant(project.active_on)) if project.active_on else None
        ends = earliest(ends, self.grounds.project_over_at)
        if starts is None:
            return self._no("project-not-active", _("the project is not active yet"), source=self._source(terms))
        reason = _("both are bound and the project runs")
        return self._while(terms, "access_implementation", "implementation", reason, "; ".join(said), starts, ends)

    def _while(
        self,
        terms: Terms,
        clause: str,
        code: str,
        reason: str,
        words: str,
        starts: datetime | None,
        ends: datetime | None,
    ) -> Answer:
        """A yes as long as the clause gives it; else a no that says what is over or has not begun."""
        if self.span.is_within(starts, ends):
            return self._yes(
                code, reason, source=terms.source(clause), source_url=terms.url, terms=words, starts=starts, ends=ends
            )
        if self.span.touches(starts, ends):
            return self._partly(starts, ends, terms.source(clause))
        return self._not_then(terms, clause, starts, ends)

    def _not_then(self, terms: Terms, clause: str, starts: datetime | None, ends: datetime | None) -> Answer:
        grounds, source = self.grounds, {"source": terms.source(clause), "source_url": terms.url}
        if starts is not None and self.span.first < starts:
            return self._no("not-begun", _("the use begins on %(day)s") % {"day": self._moment(starts)}, **source)
        words = {"agency": self._agency, "day": self._moment(ends), "agreement": terms.agreement}
        asked = self._ask(terms) if self.purpose in rules.TAIL else {}
        if ends == terms.left_at.get(grounds.agency.ref):
            return self._no("left", _("%(agency)s left %(agreement)s on %(day)s") % words, **source, **asked)
        if ends == grounds.left_at:
            return self._no("left", _("%(agency)s left the project on %(day)s") % words, **source, **asked)
        if ends == grounds.project_over_at:
            return self._no("project-over", _("the project ended on %(day)s") % words, **source, **asked)
        reason = _("%(agreement)s ended on %(day)s") % words
        return self._no("agreement-ended", reason, ask_code=CONCLUDE, ask=_("renew the agreement."), **source)

    def _to_be_asked_for(self, terms: Terms, *, code: str = "not-granted", reason: str = "") -> Answer:
        """The agreement gives this use on request only, and nothing has been granted."""
        limit = self._limit(terms)
        words = {"owners": self.grounds.owner_names}
        if not reason and limit and self.purpose in rules.TAIL:
            said = _("%(owners)s has granted no right, and the annex limits it: %(limit)s")
            reason = said % {**words, "limit": limit}
        reason = reason or _("%(owners)s has granted no right for this") % words
        asked = self._ask(terms)
        return self._no(code, reason, source=self._source(terms), source_url=terms.url, **asked)

    def _right_that_does_not_reach(self, found: Answer) -> Answer | None:
        """A right that was granted and does not cover the span explains a no better than that there is none."""
        rights = self._rights()
        if not rights:
            return None
        partly = [right for right in rights if self.span.touches(right.starts_at, self._end_of(right))]
        asked = {"ask": found.ask, "ask_code": found.ask_code}
        if partly:
            right = partly[-1]
            return self._partly(right.starts_at, self._end_of(right), right.ref).but(
                source_url=right.get_absolute_url(), **asked
            )
        right = rights[-1]
        ends = self._end_of(right)
        words = {"right": right.ref, "begins": self._moment(right.starts_at), "ends": self._moment(ends)}
        if self.span.first < right.starts_at:
            code, reason = "right-not-begun", _("the right begins on %(begins)s") % words
        elif right.cut_at is not None and ends == right.cut_at:
            if right.standing(right.cut_at) == Standing.EXHAUSTED:
                code, reason = "right-exhausted", _("the right was used up on %(ends)s") % words
            else:
                code, reason = "right-revoked", _("the right was revoked on %(ends)s") % words
        else:
            code, reason = "right-ended", _("the right ended on %(ends)s") % words
        return self._no(code, reason, source=right.ref, source_url=right.get_absolute_url(), **asked)

    def _partly(self, starts: datetime | None, ends: datetime | None, source: str) -> Answer:
        """The day is longer than the right: the instants are said, and any of them can be asked about."""
        if starts is not None and self.span.first < starts:
            reason = _("the use begins on %(moment)s only") % {"moment": self._moment(starts)}
        else:
            reason = _("the use ends on %(moment)s") % {"moment": self._moment(ends)}
        return self._no("part-of-the-day", reason, source=source, starts=starts, ends=ends)

    def _kept_back(self, found: Answer, refusal: Refusal) -> Answer:
        """The right is there, and nothing may cross."""
        if not self.knows:
            # SECURITY: holds and authorisations are known to the two alone.
            return self._no(
                "kept-back", _("it has the right (%(source)s), but nothing may cross to it") % {"source": found.source}
            )
        said = str(refusal.reason).rstrip(".")
        ask_code = CLASSIFY if refusal.code.startswith(("export", "authorisation")) else NOTHING
        reason = _("it has the right (%(source)s), but %(reason)s") % {"source": found.source, "reason": said}
        return self._no(refusal.code, reason, ask=str(refusal.unblock), ask_code=ask_code, terms=found.terms)

    def _between_them(self, found: Answer) -> Answer:
        """SECURITY: a third party learns what the agreement says, never what two others granted each other."""
        if found.ask_code != REQUEST:
            return found
        words = {"agency": self._agency, "owners": self.grounds.owner_names, "use": phrase(self.purpose)}
        said = _(
            "The agreement by itself does not let %(agency)s use it %(use)s. What %(owners)s granted is known to them."
        )
        return self._no("between-them", said % words)
