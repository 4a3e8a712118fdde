"""Every version of a text: its revisions while it was open and the texts that were frozen, each as a document again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import override

from agencies.models import Agency, Person
from portal.history.models import Event
from portal.kit.actors import Actor
from projects.agreements.canonical import ClauseEntry
from projects.agreements.compare import arrangement, compare_answers
from projects.agreements.consolidation import alterations, answered_otherwise, text_in_force
from projects.agreements.document import draft_document
from projects.agreements.models import Agreement, ClauseWording, Part, Revision, TextVersion

KEY = re.compile(r"([rv])([1-9][0-9]{0,8})")


@dataclass(frozen=True)
class Version:
    """A revision ("r7") or a frozen text ("v1"), and who wrote it."""

    key: str
    number: int
    agency: Agency | None
    person: Person | None
    at: datetime | None
    text: TextVersion | None = None
    changes: list[str] = field(default_factory=list)
    superseded_by: int | None = None

    @property
    def is_frozen(self) -> bool:
        return self.text is not None

    @property
    def label(self) -> str:
        words = _("Version %(number)s, frozen") if self.is_frozen else _("Revision %(number)s")
        if self.superseded_by is not None:
            words = _("Version %(number)s, superseded by version %(next)s")
        return words % {"number": self.number, "next": self.superseded_by}


def document_at(agreement: Agreement, *, revision: int = 0, text: TextVersion | None = None) -> dict[str, Any]:
    """The document of a frozen text, or of a revision as it was written.

    A revision keeps its clauses, answers and rule of entry into force. Parties, title, depositary and annexes are those
    of today; what was translated is kept only for the words of today, so that an earlier revision has one language.
    """
    if text is not None:
        return text.document
    drafted = dict(draft_document(agreement))
    if revision == agreement.revision and agreement.is_open:
        return drafted
    row = agreement.revisions.filter(number=revision).first()
    words = {clause.code: clause for clause in agreement.wordings.filter(revision__lte=revision).order_by("revision")}
    own = row.codes if row else [clause.code for clause in agreement.clauses.all() if clause.part == Part.OWN]
    now = revision == agreement.revision
    return drafted | {
        "version": _number_of(agreement, row),
        "entry_rule": row.entry_rule if row else agreement.entry_rule,
        "profile": dict(row.profile if row else agreement.profile),
        "clauses": _entries(own, words),
        "languages": drafted["languages"] if now else [agreement.language],
        "translations": drafted["translations"] if now else [],
        "amended": _amended(agreement, row, words) if row and drafted["amended"] else drafted["amended"],
    }


def revisions_of(agreement: Agreement, actor: Actor) -> list[Version]:
    """The revisions that the actor may read, the newest first, each with what it changed."""
    first = first_shown(agreement, actor)
    rows = {row.number: row for row in agreement.revisions.select_related("agency", "person")}
    worded: dict[int, list[ClauseWording]] = {}
    for wording in agreement.wordings.select_related("agency", "person").defer("text").order_by("revision", "pk"):
        worded.setdefault(wording.revision, []).append(wording)
    headings: dict[str, str] = {}
    found: list[Version] = []
    before: Revision | None = None
    for number in sorted({*rows, *worded}):
        row, wordings = rows.get(number), worded.get(number, [])
        known = dict(headings)
        headings |= {wording.code: wording.heading for wording in wordings}
        # What is before the first that is shown is nobody else's business, also as "changed since".
        changes = _changes(before, row, wordings, known, headings) if number > first else []
        by = row or wordings[0]
        if number >= first:
            found.append(Version(f"r{number}", number, by.agency, by.person, by.at, changes=changes))
        before = row
    return found[::-1]


def texts_of(agreement: Agreement, actor: Actor) -> list[Version]:
    """The frozen texts that the actor may read, the newest first."""
    return [_frozen(row) for row in texts_shown(agreement, actor).order_by("-number")]


def find(agreement: Agreement, key: str, actor: Actor) -> Version:
    """The version of that name; ValidationError for what is no name, Http404 for one that the actor does not know."""
    match = KEY.fullmatch(key)
    if match is None:
        raise ValidationError(_("A version is named r7 (a revision) or v1 (a frozen text)."), code="version")
    number = int(match[2])
    if match[1] == "v":
        row = texts_shown(agreement, actor).filter(number=number).first()
        if row is None:
            raise Http404
        return _frozen(row)
    if not first_shown(agreement, actor) <= number <= agreement.revision:
        raise Http404
    rows = agreement.revisions.select_related("agency", "person").filter(number=number)
    wordings = agreement.wordings.select_related("agency", "person").filter(revision__lte=number)
    by: Revision | ClauseWording | None = rows.first() or wordings.order_by("-revision").first()
    return Version(key, number, by.agency if by else None, by.person if by else None, by.at if by else None)


def document_of(agreement: Agreement, version: Version) -> dict[str, Any]:
    return document_at(agreement, revision=version.number, text=version.text)


def current(agreement: Agreement, actor: Actor) -> Version:
    """The version that counts now: the frozen text, or the newest revision while the words may change."""
    return _frozen(agreement.text) if agreement.text else find(agreement, f"r{agreement.revision}", actor)


def first_shown(agreement: Agreement, actor: Actor) -> int:
    """The first revision that the actor may read: drafts before the text was shared are the drafter's own.

    SECURITY: how the parties came to the text that a reader was shown is between them.
    """
    if actor.agency_id == agreement.drafter_id:
        return 1
    shared = Event.objects.filter(verb="agreement.shared", target_ref=agreement.ref).order_by("pk").first()
    moments = [moment for moment in (shared.at if shared else None, _read_since(agreement, actor)) if moment]
    if not moments:
        return 1
    known = agreement.wordings.filter(at__lte=max(moments)).order_by("-revision").values_list("revision", flat=True)
    kept = agreement.revisions.filter(at__lte=max(moments)).order_by("-number").values_list("number", flat=True)
    return max([1, *known[:1], *kept[:1]])


def texts_shown(agreement: Agreement, actor: Actor) -> QuerySet[TextVersion]:
    """The frozen texts that the actor may read, with who froze them."""
    shown = agreement.texts.filter(number__gte=first_text_shown(agreement, actor))
    later = TextVersion.objects.filter(agreement=OuterRef("agreement"), number__gt=OuterRef("number")).order_by(
        "number"
    )
    following = Subquery(later.values("number")[:1])
    return shown.select_related("frozen_for", "frozen_by").annotate(superseded_by=following)


def first_text_shown(agreement: Agreement, actor: Actor) -> int:
    """The first frozen text that the actor may read: of a reader, the one that stood when it was let in."""
    since = _read_since(agreement, actor)
    if since is None:
        return 1
    stood = agreement.texts.filter(frozen_at__lte=since).order_by("-number").values_list("number", flat=True).first()
    return stood or 1


def wordings_shown(agreement: Agreement, code: str, actor: Actor) -> QuerySet[ClauseWording]:
    """The wordings of a clause that the actor may read, the newest first: that of the first revision shown, and later ones."""
    wordings = agreement.wordings.filter(code=code)
    first = first_shown(agreement, actor)
    stood = wordings.filter(revision__lte=first).order_by("-revision").values_list("revision", flat=True).first()
    return wordings.filter(revision__gte=stood or first).select_related("agency", "person").order_by("-revision")


def authors(agreement: Agreement, version: Version) -> dict[str, tuple[str, datetime]]:
    """Who gave each clause the words that it has in a version, and when; "" names who wrote the version."""
    wordings = agreement.wordings.select_related("agency").defer("text").order_by("revision")
    if version.text is not None:
        wordings = wordings.filter(at__lte=version.text.frozen_at)
    else:
        wordings = wordings.filter(revision__lte=version.number)
    found = {wording.code: (wording.agency.acronym, wording.at) for wording in wordings}
    if version.agency is not None and version.at is not None:
        found[""] = (version.agency.acronym, version.at)
    return found


def _read_since(agreement: Agreement, actor: Actor) -> datetime | None:
    """The moment from which an agency reads a text of which it is no party; None for a party."""
    if agreement.party_of(actor.agency_id) is not None:
        return None
    return agreement.readers.filter(agency=actor.agency_id).aggregate(since=Min("since"))["since"]


def _frozen(row: TextVersion) -> Version:
    return Version(
        f"v{row.number}", row.number, row.frozen_for, row.frozen_by, row.frozen_at, text=row,
        superseded_by=getattr(row, "superseded_by", None),
    )  # fmt: skip


def _number_of(agreement: Agreement, row: Revision | None) -> int:
    """The number of the text that a revision was on its way to."""
    frozen = agreement.texts.filter(frozen_at__lt=row.at) if row else agreement.texts.none()
    return frozen.count() + 1


def _entries(codes: list[str], words: Mapping[str, ClauseWording]) -> list[ClauseEntry]:
    known = [words[code] for code in codes if code in words]
    return [
        {"number": number, "code": clause.code, "heading": clause.heading, "text": clause.text}
        for number, clause in enumerate(known, start=1)
    ]


def _amended(agreement: Agreement, row: Revision, words: Mapping[str, ClauseWording]) -> list[dict[str, Any]]:
    """What an amendment changed as of a revision, against the text in force of today."""
    assert agreement.parent is not None
    base = text_in_force(agreement.parent)
    clauses = _entries(row.amended_codes, words)
    with override("en"):
        answers = answered_otherwise(base.profile, row.amended_profile)
    changed = [*alterations(base.entries, clauses), *answers]
    return [{"alterations": changed, "profile": dict(row.amended_profile), "clauses": clauses}]


def _changes(
    before: Revision | None,
    row: Revision | None,
    wordings: list[ClauseWording],
    known: Mapping[str, str],
    headings: Mapping[str, str],
) -> list[str]:
    """What a revision changed, in words; the first one wrote everything."""
    if not known:
        return []
    told = [
        (_("Words: %(heading)s") if wording.code in known else _("New: %(heading)s")) % {"heading": wording.heading}
        for wording in wordings
    ]
    if before is None or row is None:
        return told
    lists = [*before.codes, *before.amended_codes], [*row.codes, *row.amended_codes]
    for step, code in arrangement(*lists):
        if step in ("removed", "moved_here"):
            words = _("Left out: %(heading)s") if step == "removed" else _("Moved: %(heading)s")
            told.append(words % {"heading": headings.get(code, code)})
    for profiles in ((before.profile, row.profile), (before.amended_profile, row.amended_profile)):
        told += [f"{said.label}: {said.old or '–'} → {said.new or '–'}" for said in compare_answers(*profiles)]
    if before.entry_rule != row.entry_rule:
        told.append(_("Rule of entry into force"))
    return told
