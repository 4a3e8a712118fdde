"""An open text as the database keeps it: read into drafts, and written back as the next revision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from portal.kit.actors import Actor
from projects.agreements.drafts import Draft
from projects.agreements.entry import acronyms_of, clause_words, parties_of, rule_from
from projects.agreements.library import Alternate, Library
from projects.agreements.library import Clause as ModelText
from projects.agreements.models import Agreement, Clause, ClauseWording, ModelClause, Part, Revision, Status
from projects.agreements.models.library import offered, with_rows
from projects.agreements.profile import Answer, ClauseText


def draft_of(agreement: Agreement, part: str = Part.OWN, added: Iterable[ModelClause] | None = None) -> Draft:
    """One part of the text as it stands; the clauses are read along with the agreement, if they were.

    `added` is what the operators offer beside the clauses of the portal, where it has been read already.
    """
    rows = [clause for clause in agreement.clauses.all() if clause.part == part]
    kind, profile = _source(agreement, part)
    outline = agreement.outlines.get(part, {})
    own = [row for row in rows if row.is_added]
    library = offered(kind) if added is None else with_rows(kind, added)
    left_out = tuple(outline.get("left_out", ()))
    return Draft(
        kind=kind,
        profile=profile,
        library=pinned(library, rows, profile, left_out),
        custom={row.code: row.template for row in rows if row.departs and not row.is_added},
        added=tuple(ClauseText(row.code, row.alternate, 0, row.heading, "", row.group, row.template) for row in own),
        order=tuple(outline.get("order", ())),
        left_out=left_out,
        facts=facts_of(agreement),
    )


def pinned(
    library: Library, rows: Sequence[Clause], profile: Mapping[str, Answer], left_out: Sequence[str] = ()
) -> Library:
    """The library as the text was drawn from it: what has been written since, or worded otherwise, does not slip in.

    An alternate that another answer chooses comes from the library of today.
    """
    drawn = {row.code: row for row in rows if not row.is_added}
    clauses = []
    for clause in library.clauses:
        row = drawn.pop(clause.code, None)
        if row is not None:
            clauses.append(_as_drawn(clause, row))
        elif clause.code in left_out or clause.alternate_for(profile) is None:
            clauses.append(clause)
    gone = [ModelText(row.code, row.heading, row.group, (_always(row),)) for row in drawn.values()]
    return replace(library, clauses=(*clauses, *gone))


def _as_drawn(clause: ModelText, row: Clause) -> ModelText:
    """The clause with the heading and the words that were taken from it."""
    if row.departs:
        return replace(clause, heading=row.heading)
    alternates = tuple(
        replace(one, text=row.template) if one.code == row.alternate else one for one in clause.alternates
    )
    if row.alternate not in [one.code for one in clause.alternates]:
        alternates = (_always(row),)
    return replace(clause, heading=row.heading, alternates=alternates)


def _always(row: Clause) -> Alternate:
    """The words of a clause that the library does not have any more."""
    return Alternate(row.alternate, row.heading, {}, row.template, "", is_added=True)


def facts_of(agreement: Agreement) -> dict[str, str]:
    """What the clauses may name that no question asks."""
    facts = {"project_title": agreement.project.title, "project_ref": agreement.project.ref}
    facts["entry_rule"] = clause_words(agreement)
    if agreement.parent is not None:
        parent = agreement.parent
        facts |= {"parent_title": parent.title, "parent_ref": parent.ref}
        facts["parent"] = f"the agreement titled “{parent.title}”, recorded under {parent.ref}"
    if agreement.newcomer is not None:
        facts["newcomer"] = agreement.newcomer.legal_name
    return facts


def parts_of(agreement: Agreement) -> list[str]:
    return [Part.OWN, Part.AMENDED] if agreement.amends else [Part.OWN]


def begin(agreement: Agreement, drafts: Mapping[str, Draft], *, actor: Actor) -> None:
    """Write the first revision of a text, with the rule of entry into force that its answers describe."""
    agreement.entry_rule = _rule_from(agreement, drafts[Part.OWN].profile)
    own = replace(drafts[Part.OWN], facts=facts_of(agreement))
    _write(agreement, {**drafts, Part.OWN: own}, actor=actor)


def next_revision(agreement: Agreement, drafts: Mapping[str, Draft], *, actor: Actor) -> None:
    """Write the parts that changed as the next revision; the caller has locked the agreement.

    Whoever agreed, agreed to other words: their hash no longer matches, so nobody has to be reset.
    """
    agreement.revision += 1
    agreement.changed_by = actor.agency
    if agreement.status == Status.TEXT_AGREED:
        agreement.move_to(Status.NEGOTIATING)
    agreement.bump()
    if (own := drafts.get(Part.OWN)) is not None:
        agreement.entry_rule = rule_after(agreement, Part.OWN, agreement.profile, own.profile)
        # The clause that says the rule follows at once.
        drafts = {**drafts, Part.OWN: replace(own, facts=facts_of(agreement))}
    _write(agreement, drafts, actor=actor)


def rule_after(
    agreement: Agreement, part: str, before: Mapping[str, Answer], after: Mapping[str, Answer]
) -> dict[str, Any]:
    """The rule of entry into force under other answers; ValidationError for one that these parties can never satisfy."""
    if part != Part.OWN or all(before.get(key) == after[key] for key in after if key.startswith("entry_")):
        rule: dict[str, Any] = agreement.entry_rule
        return rule
    return _rule_from(agreement, after)


def _rule_from(agreement: Agreement, answers: Mapping[str, Answer]) -> dict[str, Any]:
    refs = {acronym: ref for ref, acronym in acronyms_of(agreement).items()}
    return rule_from(answers, parties_of(agreement), acronyms=refs, stored=agreement.entry_rule)


def _source(agreement: Agreement, part: str) -> tuple[str, Mapping[str, Answer]]:
    """The kind whose library the part is drawn from, and its answers."""
    if part == Part.AMENDED:
        assert agreement.parent is not None
        return agreement.parent.kind, agreement.amended_profile
    return agreement.kind, agreement.profile


def _write(agreement: Agreement, drafts: Mapping[str, Draft], *, actor: Actor) -> None:
    codes: dict[str, list[str]] = {}
    for part in parts_of(agreement):
        draft = drafts.get(part) or draft_of(agreement, part)
        codes[part] = [clause.code for clause in draft.clauses]
        if part == Part.AMENDED:
            agreement.amended_profile = dict(draft.profile)
        else:
            agreement.profile = dict(draft.profile)
        agreement.outlines = {
            **agreement.outlines, part: {"order": list(draft.order), "left_out": list(draft.left_out)},
        }  # fmt: skip
        _write_clauses(agreement, draft, part, actor)
    agreement.save()
    Revision.objects.create(
        agreement=agreement, number=agreement.revision, profile=agreement.profile, entry_rule=agreement.entry_rule,
        codes=codes[Part.OWN], amended_profile=agreement.amended_profile, amended_codes=codes.get(Part.AMENDED, []),
        agency=actor.agency, person=actor.person,
    )  # fmt: skip


def _write_clauses(agreement: Agreement, draft: Draft, part: str, actor: Actor) -> None:
    """Write the rows that differ, and keep each wording that is new."""
    stored = {clause.code: clause for clause in Clause.objects.filter(agreement=agreement, part=part)}
    drawn = draft.clauses
    gone = set(stored) - {text.code for text in drawn}
    if gone:
        Clause.objects.filter(agreement=agreement, part=part, code__in=gone).delete()
    added = {own.code for own in draft.added}
    fresh: list[Clause] = []
    moved: list[Clause] = []
    wordings: list[ClauseWording] = []
    for text in drawn:
        clause = stored.get(text.code) or Clause(agreement=agreement, part=part, code=text.code)
        before = (clause.heading, clause.template, clause.text)
        is_new = clause.pk is None or before != (text.heading, text.template, text.text)
        clause.position, clause.group, clause.alternate, clause.heading = (
            text.number, text.group, text.alternate, text.heading,
        )  # fmt: skip
        clause.template, clause.text = text.template, text.text
        clause.departs, clause.is_added = draft.departs(text.code), text.code in added
        if is_new:
            clause.revision, clause.changed_by = agreement.revision, actor.agency
            wordings.append(
                ClauseWording(
                    agreement=agreement, code=text.code, revision=agreement.revision, heading=text.heading,
                    text=text.text, agency=actor.agency, person=actor.person,
                )
            )  # fmt: skip
        (fresh if clause.pk is None else moved).append(clause)
    Clause.objects.bulk_update(
        moved,
        [
            "position",
            "group",
            "alternate",
            "heading",
            "template",
            "text",
            "departs",
            "is_added",
            "revision",
            "changed_by",
        ],
    )
    Clause.objects.bulk_create(fresh)
    ClauseWording.objects.bulk_create(wordings)
    # What was read before is not what stands now.
    getattr(agreement, "_prefetched_objects_cache", {}).pop("clauses", None)
