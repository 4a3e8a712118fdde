"""What differs between two texts: clause by clause with redlines, answer by answer, and in everything around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from django.utils.translation import gettext as _

from agencies import languages
from agencies.models import InstrumentKind
from projects.agreements.consolidation import REFERENCE
from projects.agreements.plain_words import (
    answer_in_words,
    answers_in_order,
    as_of_today,
    name_of_depositary,
    rule_in_words,
)
from projects.agreements.redline import STEPS_OF_A_PAGE, Allowance, Run, kept_in_order, redline

State = Literal["same", "changed", "added", "removed"]
Step = Literal["kept", "added", "removed", "moved_away", "moved_here"]


@dataclass(frozen=True)
class ClauseChange:
    """One clause in both texts; the numbers are 0 where a text does not have it."""

    code: str
    state: State
    is_moved: bool
    old_number: int
    new_number: int
    heading: Sequence[Run]
    text: Sequence[Run]

    @property
    def is_unchanged(self) -> bool:
        return self.state == "same" and not self.is_moved

    @property
    def is_renumbered(self) -> bool:
        """Whether only the numbers of other clauses in its words changed."""
        old, new = (REFERENCE.sub("", spelled(self.text, without)) for without in ("ins", "del"))
        return self.state == "changed" and old == new and all(op == "same" for op, _words in self.heading)

    @property
    def number(self) -> int:
        return self.new_number or self.old_number

    @property
    def title(self) -> str:
        """The heading as the newer text has it."""
        return spelled(self.heading, "del" if self.new_number else "ins")

    @property
    def words(self) -> str:
        """The text as the newer text has it; of a clause that is gone, as it was."""
        return spelled(self.text, "del" if self.new_number else "ins")


@dataclass(frozen=True)
class Difference:
    """Something said otherwise; empty where a text does not say it."""

    label: str
    old: str
    new: str
    allowance: Allowance | None = field(default=None, compare=False, repr=False)

    @cached_property
    def redline(self) -> list[Run]:
        return redline(self.old, self.new, self.allowance)


@dataclass(frozen=True)
class Comparison:
    """Two texts side by side; `translations` pairs a language with its clauses, `amended` is of what a text amends."""

    facts: list[Difference]
    clauses: list[ClauseChange]
    answers: list[Difference]
    translations: list[tuple[str, list[ClauseChange]]]
    amended: list[ClauseChange]
    amended_answers: list[Difference]
    annexes: list[Difference]

    @property
    def is_same(self) -> bool:
        lists = [self.clauses, self.amended, *(clauses for _language, clauses in self.translations)]
        told = [self.facts, self.answers, self.amended_answers, self.annexes]
        return not any(told) and all(clause.is_unchanged for clauses in lists for clause in clauses)

    def count(self, state: str) -> int:
        """How many clauses are added, removed, changed, moved or the same."""
        if state == "moved":
            return sum(clause.is_moved for clause in self.clauses)
        if state == "same":
            return sum(clause.is_unchanged for clause in self.clauses)
        return sum(clause.state == state for clause in self.clauses)


def compare(old: Mapping[str, Any], new: Mapping[str, Any], *, with_annexes: bool = True) -> Comparison:
    """Compare two documents of any format; annexes only where both texts have their own."""
    before, after = as_of_today(old), as_of_today(new)
    shared = [code for code in before["languages"][1:] if code in after["languages"][1:]]
    amended = [[*document["amended"], {"profile": {}, "clauses": []}][0] for document in (before, after)]
    allowance = Allowance(STEPS_OF_A_PAGE)
    return Comparison(
        facts=_facts(before, after, allowance),
        clauses=compare_clauses(before["clauses"], after["clauses"], allowance),
        answers=compare_answers(before["profile"], after["profile"], allowance),
        translations=[
            (code, compare_clauses(translated(before, code), translated(after, code), allowance)) for code in shared
        ],
        amended=compare_clauses(amended[0]["clauses"], amended[1]["clauses"], allowance),
        amended_answers=compare_answers(amended[0]["profile"], amended[1]["profile"], allowance),
        annexes=_annexes(before, after, allowance) if with_annexes else [],
    )  # fmt: skip


def compare_clauses(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], allowance: Allowance | None = None
) -> list[ClauseChange]:
    """Pair clauses by their code; in the order of the newer text, what is gone after the clause that it followed."""
    before, after = ({clause["code"]: clause for clause in clauses} for clauses in (old, new))
    allowance = allowance or Allowance(STEPS_OF_A_PAGE)
    changes = []
    for step, code in arrangement(list(before), list(after)):
        if step == "moved_away":
            continue
        heading = redline(before.get(code, {}).get("heading", ""), after.get(code, {}).get("heading", ""))
        text = redline(before.get(code, {}).get("text", ""), after.get(code, {}).get("text", ""), allowance)
        differs = any(op != "same" for op, _words in (*heading, *text))
        state: State = step if step in ("added", "removed") else "changed" if differs else "same"  # type: ignore[assignment]
        old_number, new_number = (clauses.get(code, {}).get("number", 0) for clauses in (before, after))
        changes.append(ClauseChange(code, state, step == "moved_here", old_number, new_number, heading, text))
    return changes


def arrangement(old: Sequence[str], new: Sequence[str]) -> list[tuple[Step, str]]:
    """How one order of clauses becomes another; a clause that moved is named at both of its places."""
    places = {code: place for place, code in enumerate(old)}
    common = [code for code in new if code in places]
    kept = {common[index] for index in kept_in_order([places[code] for code in common])}
    result: list[tuple[Step, str]] = [
        ("kept" if code in kept else "moved_here" if code in places else "added", code) for code in new
    ]
    follows = 0
    for code in old:
        if code in kept:
            follows = result.index(("kept", code)) + 1
        else:
            result.insert(follows, ("moved_away" if code in common else "removed", code))
            follows += 1
    return result


def compare_answers(
    old: Mapping[str, Any], new: Mapping[str, Any], allowance: Allowance | None = None
) -> list[Difference]:
    """The questions that two profiles answer otherwise, in the words of the form."""
    keys = [key for key in answers_in_order({**old, **new}) if old.get(key) != new.get(key)]
    return [
        Difference(
            answer_in_words(key, new.get(key, old.get(key)))[0],
            answer_in_words(key, old[key])[1] if key in old else "",
            answer_in_words(key, new[key])[1] if key in new else "",
            allowance,
        )
        for key in keys
    ]


def translated(document: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    """The clauses in a further language, numbered as those of the text."""
    texts = (row["clauses"] for row in document["translations"] if row["language"] == language)
    found: list[dict[str, Any]] = next(texts, [])
    return [{**clause, "number": number} for number, clause in enumerate(found, start=1)]


def spelled(runs: Sequence[Run], without: str) -> str:
    return "".join(text for op, text in runs if op != without)


def _facts(old: Mapping[str, Any], new: Mapping[str, Any], allowance: Allowance) -> list[Difference]:
    pairs = zip(_told(old), _told(new), strict=True)
    return [
        Difference(label, before, after, allowance) for (label, before), (_label, after) in pairs if before != after
    ]


def _told(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    kinds = dict(InstrumentKind.choices)
    within = [f"{row['agreement']} {row['title']}\n{row['sha256']}" for row in document["within"]]
    titles = [f"{row['language']}: {row['title']}" for row in document["translations"]]
    return [
        (_("Title"), document["title"]),
        (_("Kind"), str(kinds.get(document["kind"], document["kind"]))),
        (_("Instrument above it"), "\n".join(within)),
        (_("Parties"), "\n".join(map(_party, document["parties"]))),
        (_("Depositary"), name_of_depositary(document)),
        (_("Entry into force"), rule_in_words(document)),
        (_("Authentic languages"), "\n".join(map(languages.name_of, document["languages"]))),
        (_("Titles in further languages"), "\n".join(titles)),
    ]


def _party(party: Mapping[str, Any]) -> str:
    parts = [party["legal_name"], party["native_name"], party["ref"], party["role"], party["bound_as"]]
    share = f"{party['share']} %" if party["share"] else ""
    return " · ".join(filter(None, [*parts, share]))


def _annexes(old: Mapping[str, Any], new: Mapping[str, Any], allowance: Allowance) -> list[Difference]:
    before, after = ({annex["letter"]: _lines(annex) for annex in document["annexes"]} for document in (old, new))
    return [
        Difference(_("Annex %(letter)s") % {"letter": letter}, before.get(letter, ""), after.get(letter, ""), allowance)
        for letter in sorted({*before, *after})
        if before.get(letter) != after.get(letter)
    ]


def _lines(annex: Mapping[str, Any]) -> str:
    keys = [column["key"] for column in annex["columns"]]
    rows = [" · ".join(str(row[key]) for key in keys if row[key] != "") for row in annex["rows"]]
    return "\n".join([annex["title"], *rows])
