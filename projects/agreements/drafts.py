"""A text while it is open, as plain data: answers, the parties' own words, the order; each change gives another draft."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from projects.agreements import profile as clause_profile
from projects.agreements.library import Library
from projects.agreements.profile import Answer, ClauseText

MAX_CLAUSE = 20_000
MAX_HEADING = 160
MAX_CLAUSES = 300
OWN_GROUP = "own"
# SECURITY: what cannot be printed cannot be read before signing.
UNPRINTABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Draft:
    """One part of an open text. `custom` are the parties' own words by the clause of the library that they replace."""

    kind: str
    profile: Mapping[str, Answer]
    library: Library
    custom: Mapping[str, str] = field(default_factory=dict)
    added: tuple[ClauseText, ...] = ()
    order: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def clauses(self) -> list[ClauseText]:
        """The numbered clauses with their text; raises ValidationError for answers or words that cannot be a text."""
        return clause_profile.assemble(
            self.profile, self.kind, facts=self.facts, custom=self.custom, added=self.added, order=self.order,
            left_out=self.left_out, library=self.library,
        )  # fmt: skip

    def clause(self, code: str) -> ClauseText:
        """The clause of that code; raises ValidationError when the text has none."""
        found = next((clause for clause in self.clauses if clause.code == code), None)
        if found is None:
            raise ValidationError({"clause": [_("This text has no such clause.")]})
        return found

    def departs(self, code: str) -> bool:
        """Whether the words are the parties' own."""
        return code in self.custom or any(clause.code == code for clause in self.added)

    def reword(self, code: str, text: str, heading: str = "") -> Draft:
        """Give a clause other words; a heading changes only where the parties wrote the clause."""
        text = checked_text(text)
        clause = self.clause(code)
        if any(own.code == code for own in self.added):
            heading = checked_heading(heading or clause.heading)
            again = (replace(own, template=text, heading=heading) if own.code == code else own for own in self.added)
            after = replace(self, added=tuple(again))
            if heading != clause.heading:
                return self._whole(after, "text")
            return self._with_words(after, replace(clause, template=text))
        after = replace(self, custom={**self.custom, code: text})
        return self._with_words(after, replace(clause, template=text, alternate=clause_profile.CUSTOM))

    def add(self, code: str, heading: str, text: str, after: str = "") -> Draft:
        """Put a clause of the parties' own after another one, or first."""
        heading, text = checked_heading(heading), checked_text(text)
        codes = [clause.code for clause in self.clauses]
        if code in codes or code in self.left_out:
            raise ValidationError({"heading": [_("There is such a clause already.")]})
        if len(codes) >= MAX_CLAUSES:
            raise ValidationError({"heading": [_("A text has at most %(count)s clauses.") % {"count": MAX_CLAUSES}]})
        own = ClauseText(code, clause_profile.CUSTOM, 0, heading, "", OWN_GROUP, text)
        order = _placed(codes, code, self._after(after, codes))
        return self._whole(replace(self, added=(*self.added, own), order=order), "text")

    def remove(self, code: str) -> Draft:
        """Leave a clause out; raises ValidationError when another clause refers to it."""
        self.clause(code)
        left = tuple(own for own in self.added if own.code != code)
        out = self.left_out if len(left) < len(self.added) else (*self.left_out, code)
        order = tuple(clause.code for clause in self.clauses if clause.code != code)
        custom = {kept: words for kept, words in self.custom.items() if kept != code}
        return self._whole(replace(self, added=left, left_out=out, order=order, custom=custom), "clause")

    def move(self, code: str, after: str = "") -> Draft:
        """Put a clause after another one, or first."""
        self.clause(code)
        codes = [clause.code for clause in self.clauses if clause.code != code]
        if after == code:
            raise ValidationError({"after": [_("A clause cannot stand after itself.")]})
        return self._whole(replace(self, order=_placed(codes, code, self._after(after, codes))), "after")

    def restore(self, code: str) -> Draft:
        """Put the model's words back, or the clause that was left out."""
        if code in self.left_out:
            return self._whole(replace(self, left_out=tuple(kept for kept in self.left_out if kept != code)), "clause")
        self.clause(code)
        if code not in self.custom:
            raise ValidationError({"clause": [_("This clause has the model’s words, or no model.")]})
        custom = {kept: words for kept, words in self.custom.items() if kept != code}
        return self._whole(replace(self, custom=custom), "clause")

    def answer(self, answers: Mapping[str, Any]) -> Draft:
        """Answer questions of the profile otherwise; clauses of the library follow, the parties' own words stay."""
        changed = clause_profile.clean({**self.profile, **answers}, self.kind)
        return self._whole(replace(self, profile=changed), "")

    def _after(self, after: str, codes: list[str]) -> str:
        if after and after not in codes:
            raise ValidationError({"after": [_("This text has no such clause.")]})
        return after

    def _with_words(self, after: Draft, clause: ClauseText) -> Draft:
        """The draft in which one clause alone reads otherwise: all others are drawn already, with their numbers."""
        try:
            text = clause_profile.fill(clause.template, self._answers, self.facts, self._references)
        except ValidationError as error:
            raise ValidationError({"text": error.messages}) from error
        drawn = replace(clause, text=text)
        after.__dict__["clauses"] = [drawn if other.code == clause.code else other for other in self.clauses]
        return after

    @cached_property
    def _answers(self) -> dict[str, Answer]:
        return clause_profile.clean(self.profile, self.kind)

    @cached_property
    def _references(self) -> dict[str, str]:
        return {clause.code: clause_profile.reference(clause) for clause in self.clauses}

    def _whole(self, draft: Draft, name: str) -> Draft:
        """The draft, when it can be a text; what is wrong with it is said at the field that was changed."""
        try:
            remaining = len(draft.clauses)
        except ValidationError as error:
            if not name:
                raise
            raise ValidationError({name: error.messages}) from error
        if not remaining:
            raise ValidationError({name or "clause": [_("A text needs at least one clause.")]})
        return draft


def checked_text(text: str) -> str:
    """Words of a clause as they are kept; ValidationError for none, too many, or what cannot be printed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        raise ValidationError({"text": [_("A clause needs words. To leave it out, propose that it is left out.")]})
    if len(text) > MAX_CLAUSE:
        words = _("A clause has at most 20,000 characters; this one has %(count)s.")
        raise ValidationError({"text": [words % {"count": f"{len(text):,}"}]})
    if UNPRINTABLE.search(text):
        raise ValidationError({"text": [_("The text has a character that cannot be printed.")]})
    return text


def checked_heading(heading: str) -> str:
    """A heading as it is kept; ValidationError for none, too long, or more than one line."""
    heading = heading.strip()
    if not heading:
        raise ValidationError({"heading": [_("Give the clause a heading.")]})
    if len(heading) > MAX_HEADING or not heading.isprintable():
        raise ValidationError({"heading": [_("One line of at most %(count)s characters.") % {"count": MAX_HEADING}]})
    return heading


def _placed(codes: list[str], code: str, after: str) -> tuple[str, ...]:
    others = [kept for kept in codes if kept != code]
    place = others.index(after) + 1 if after else 0
    return (*others[:place], code, *others[place:])
