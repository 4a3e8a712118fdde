"""Runs of a Word file in any language, and changes that Word shows as tracked: who inserted or deleted what, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from agencies.languages import direction_of
from portal.kit.templatetags.kit import exposed
from projects.agreements.redline import Op, Run

# Word proofreads a language as a country writes it.
PROOFING = {
    "en": "en-GB", "fr": "fr-FR", "es": "es-ES", "ru": "ru-RU", "zh-hans": "zh-CN", "ar": "ar-SA", "ja": "ja-JP",
    "de": "de-DE", "it": "it-IT", "pt": "pt-PT", "ko": "ko-KR", "hi": "hi-IN",
}  # fmt: skip
EAST_ASIAN = {"zh-hans", "zh-hant", "ja", "ko"}
# What the schema of Word lets follow a mark of direction among the properties of a paragraph.
AFTER_BIDI = tuple(
    f"w:{name}"
    for name in (
        "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc",
        "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Author:
    """Who made a change, as Word names them, and when."""

    name: str
    at: datetime | None

    @property
    def attributes(self) -> dict[str, str]:
        moment = {"w:date": self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")} if self.at else {}
        return {"w:author": self.name or "Concord"} | moment


@dataclass
class Pen:
    """Writes runs in one language; changes are numbered through the whole file."""

    language: str
    author: Author
    numbers: Iterable[int] = field(default_factory=lambda: count(1))

    def write(self, paragraph: Paragraph, text: str, op: Op = "same", *, is_bold: bool = False) -> None:
        """Write words as a run, inside a mark of insertion or deletion unless they are the same."""
        if not text:
            return
        run = _run(text, self.language, is_deleted=op == "del", is_bold=is_bold)
        if op == "same":
            paragraph._p.append(run)
        else:
            paragraph._p.append(holder := self._mark(op))
            holder.append(run)

    def write_runs(self, paragraph: Paragraph, runs: Iterable[Run]) -> None:
        for op, text in runs:
            self.write(paragraph, text, op)

    def end(self, paragraph: Paragraph, op: Op) -> None:
        """Mark the end of a paragraph as inserted or deleted: accepting a deletion joins it to the next one."""
        if op == "same":
            return
        properties = paragraph._p.get_or_add_pPr()
        of_mark = properties.find(qn("w:rPr"))
        if of_mark is None:
            of_mark = OxmlElement("w:rPr")
            properties.append(of_mark)
        of_mark.insert(0, self._mark(op))

    def direct(self, paragraph: Paragraph) -> Paragraph:
        """Let a paragraph run as its language does."""
        if direction_of(self.language) == "rtl":
            paragraph._p.get_or_add_pPr().insert_element_before(OxmlElement("w:bidi"), *AFTER_BIDI)
        return paragraph

    def _mark(self, op: Op) -> Any:
        element = OxmlElement(f"w:{op}")
        element.set(qn("w:id"), str(next(iter(self.numbers))))
        for name, value in self.author.attributes.items():
            element.set(qn(name), printable(value))
        return element


def printable(text: str) -> str:
    """Text as XML may hold it: characters that it forbids, and those that hide or reorder letters, are shown by number."""
    return str(exposed(text)).replace("\r", "[U+000D]")


def _run(text: str, language: str, *, is_deleted: bool, is_bold: bool) -> Any:
    run, properties = OxmlElement("w:r"), OxmlElement("w:rPr")
    if is_bold:
        properties.append(OxmlElement("w:b"))
        properties.append(OxmlElement("w:bCs"))
    if direction_of(language) == "rtl":
        properties.append(OxmlElement("w:rtl"))
    tag = PROOFING.get(language, language)
    said = OxmlElement("w:lang")
    attribute = "w:bidi" if direction_of(language) == "rtl" else "w:eastAsia" if language in EAST_ASIAN else "w:val"
    said.set(qn(attribute), printable(tag))
    properties.append(said)
    run.append(properties)
    words = OxmlElement("w:delText" if is_deleted else "w:t")
    words.text = printable(text)
    words.set(qn("xml:space"), "preserve")
    run.append(words)
    return run
