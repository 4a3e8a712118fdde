"""The receipt on paper: the same facts, set as PDF/A with the JSON attached."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse

from portal.typesetting import set_pages, visible
from projects.ip.receipts import verify
from projects.ip.receipts.bundle import as_json

TEMPLATE = Path(__file__).with_name("receipt.typ")


def render_receipt(receipt: dict[str, Any]) -> bytes:
    """The PDF of a receipt; the same receipt gives the same bytes. Its words are English, as those of the script are."""
    read = verify.read_receipt(receipt)
    deposit, note, after = receipt["deposit"], read.note, verify.bounds(read)[1]
    stamp, opening = receipt["time_stamp"], receipt["opening"]
    url = settings.SITE_URL + reverse("verify")
    sheet = {
        "title": f"Receipt of deposit {deposit['ref']}",
        "reference": deposit["ref"],
        "number": str(deposit["number"]),
        "agency": visible(deposit["agency_name"]),
        "deposited": _moment(deposit["deposited_at"]),
        "commitment": deposit["commitment"],
        "previous": deposit["previous"] or "",
        "entry": _grouped(read.index),
        "covering": _grouped(after.number),
        "sealed": _moment(after.at),
        "checkpoint": _grouped(note.number),
        "size": _grouped(note.size),
        "checkpointed": _moment(note.at),
        "root": note.root.hex(),
        "key": next(key for key in receipt["keys"] if f"+{note.key_id}+" in key),
        "stamp": f"{visible(stamp['authority'])}, {_moment(stamp['at'])}"
        if stamp
        else "None: the order of the ledger counts",
        "url": visible(url),
        "qr": segno.make(url, error="m").svg_inline(border=0, dark="#14202e", omitsize=True),
        "manifest_title": visible(opening["manifest"]["title"]) if opening else "",
        "salt": opening["salt"] if opening else "",
        "files": [_file(entry) for entry in opening["manifest"]["files"]] if opening else [],
    }
    return set_pages(TEMPLATE, sheet, at=_read(note.at), attached=as_json(receipt))


def _file(entry: dict[str, Any]) -> dict[str, str]:
    size = "–" if entry["size"] is None else _grouped(entry["size"])
    return {"name": visible(entry["name"]) or "–", "size": size, "sha256": entry["sha256"]}


def _read(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def _moment(text: str) -> str:
    return f"{text[:10]} {text[11:19]} UTC"


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")
