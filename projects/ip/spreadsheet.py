"""The exported register as a workbook: one sheet per list, every cell text, nothing that a program would run."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from projects.ip.export import LISTS

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet takes for the beginning of a formula, also after a round trip through CSV.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
LONGEST = 32_767


def workbook(document: dict[str, Any]) -> bytes:
    """The document as XLSX."""
    book = Workbook(write_only=True)
    about = book.create_sheet("about")
    project = document["project"]
    for label, value in (
        ("format", f"{document['format']} {document['version']}"),
        ("project", f"{project['ref']} {project['title']}"),
        ("exported at", document["exported_at"]),
        ("exported for", document["exported_for"]),
        *((f"agreement {one['ref']}", one["background_mode"]) for one in document["agreements"]),
    ):
        about.append([_cell(about, label), _cell(about, value)])
    for name in LISTS:
        _sheet(book, name, document[name])
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _sheet(book: Workbook, name: str, rows: list[dict[str, str]]) -> None:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    columns = list(rows[0]) if rows else ["nothing"]
    sheet.append([_cell(sheet, column, bold=True) for column in columns])
    for row in rows:
        sheet.append([_cell(sheet, row[column]) for column in columns])


def _cell(sheet: Any, text: str, *, bold: bool = False) -> WriteOnlyCell:
    """SECURITY: the type is set to text after the value, which would make a formula of `=…`."""
    safe = ILLEGAL_CHARACTERS_RE.sub("", text)[: LONGEST - 1]
    cell = WriteOnlyCell(sheet, value=f"'{safe}" if safe.startswith(RISKY) else safe)
    cell.data_type = "s"
    cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    return cell
