"""What a record that is right says, in the words of findings: when and where, what was remarked, and what became of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from projects.agreements.bundle.verifier.bundle import Bundle, Record
from projects.ip.receipts.verify import NOTED, PASSED, Finding, _, finding

MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(?:Z|\+00:00))?")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def tell_signature(bundle: Bundle, record: Record) -> Iterator[Finding]:
    """That it was signed, or signed outside and accepted; what was said with it only while it was not taken back."""
    said, outside = record.said, _object(record.said.get("outside"))
    named = {
        "person": said["signatory"]["name"], "position": said["signatory"]["position"], "at": said["signed_at"],
        "party": said["party"]["legal_name"],
    }  # fmt: skip
    is_void = bundle.voiding_of(record.sha256) is not None
    if outside:
        named |= {"day": outside.get("signed_on", ""), "place": outside.get("place", "")}
    if outside and is_void:
        words = _(
            "%(person)s signed for %(party)s outside the portal; accepted on %(at)s, that signature was taken back and "
            "does not count."
        )
    elif is_void:
        words = _("%(person)s signed for %(party)s on %(at)s; that signature was taken back and does not count.")
    elif outside and outside.get("place"):
        words = _(
            "%(person)s, %(position)s, signed for %(party)s outside the portal, by that party's word on %(day)s as days "
            "are counted in %(place)s; the signature was accepted on %(at)s."
        )
    elif outside:
        words = _(
            "%(person)s, %(position)s, signed for %(party)s outside the portal, by that party's word on %(day)s as days "
            "are counted where it was signed; the signature was accepted on %(at)s."
        )
    else:
        words = _("%(person)s, %(position)s, signed for %(party)s on %(at)s.")
    yield finding(NOTED if is_void else PASSED, "voided" if is_void else "signature", words, **named)
    if not is_void:
        yield from _remarks(record, bundle)


def _remarks(record: Record, bundle: Bundle) -> Iterator[Finding]:
    said, remarks = record.said, _object(record.said.get("remarks"))
    person = said["signatory"]["name"]
    is_confirmed = any(one.said["confirms"] == record.sha256 for one in bundle.confirmations)
    if remarks.get("ad_referendum"):
        words = (
            _("%(person)s signed ad referendum: it counts since it was confirmed, see below.")
            if is_confirmed
            else _("%(person)s signed ad referendum, and that is not confirmed: it does not count yet.")
        )
        yield finding(NOTED, "ad-referendum", words, person=person)
    if remarks.get("declaration"):
        words = _("%(person)s signed with a declaration: “%(declaration)s”")
        yield finding(NOTED, "declaration", words, person=person, declaration=remarks["declaration"])
    outside = _object(said.get("outside"))
    for one in _object(outside.get("findings")).get("signatures") or []:
        if one["counts"]:
            words = _("The certificate with which %(person)s signed is in the name of %(certificate)s.")
            yield finding(NOTED, "certificate", words, person=person, certificate=one["name"])
    for act, words in (
        ("certified", _("%(by)s, who certified the signature of %(person)s, remarked: “%(remark)s”")),
        ("witnessed", _("%(by)s, who witnessed the signature of %(person)s, remarked: “%(remark)s”")),
    ):
        by = _object(outside.get(act))
        if by.get("remark"):
            yield finding(NOTED, "remark", words, by=by["person"]["name"], person=person, remark=by["remark"])


def tell_confirmation(bundle: Bundle, record: Record) -> Finding:
    """That it was confirmed, by whom and on what ground; or that what was confirmed was taken back since."""
    said, mandate = record.said, _object(record.said.get("mandate"))
    named = {
        "person": said["signatory"]["name"], "party": said["party"]["legal_name"], "at": said["signed_at"],
        "mandate": mandate.get("ref", ""), "approval": said.get("approval") or "",
    }  # fmt: skip
    if bundle.voiding_of(said["confirms"]) is not None:
        words = _(
            "%(person)s confirmed the signature for %(party)s on %(at)s; that signature was taken back and does not count."
        )
        return finding(NOTED, "confirmation-voided", words, **named)
    if named["mandate"] and named["approval"]:
        words = _(
            "%(person)s confirmed the signature for %(party)s on %(at)s, under the mandate %(mandate)s, by the approval: "
            "%(approval)s"
        )
    elif named["approval"]:
        words = _("%(person)s confirmed the signature for %(party)s on %(at)s, by the approval: %(approval)s")
    else:
        words = _("%(person)s confirmed the signature for %(party)s on %(at)s, under the mandate %(mandate)s.")
    return finding(PASSED, "confirmation", words, **named)


def _object(value: Any) -> dict:
    """What a record has where an object may stand, or nothing: words about it are no reason to refuse it."""
    return value if isinstance(value, dict) else {}


def spoken(one: Finding) -> str:
    """A finding with its instants and days in words."""
    return one.text % {name: _in_words(value) for name, value in one.values.items()}


def _in_words(value: Any) -> Any:
    match = MOMENT.fullmatch(value) if isinstance(value, str) else None
    if match is None or not 1 <= int(match[2]) <= 12:
        return value
    day = f"{int(match[3])} {MONTHS[int(match[2]) - 1]} {match[1]}"
    return f"{day}, {match[4]} UTC" if match[4] else day
