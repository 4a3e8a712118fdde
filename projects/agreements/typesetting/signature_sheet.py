"""The sheet for signatures made outside the portal, as its template reads it: whose text it is, and lines for each party."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from django.utils.translation import gettext as _

from agencies.languages import english_name_of
from portal.typesetting import visible

from ..printed import Printed


class Named(TypedDict):
    """Somebody whom a party named to sign; what is not known is empty, and written by hand."""

    name: str
    native_name: str
    position: str


class Block(TypedDict):
    """A place in which a party signs: its reference in the text, its order, how many sign there, and who is named."""

    party: str
    order: int
    needed: int
    named: Sequence[Named]


NOBODY = Named(name="", native_name="", position="")


def signature_sheet(blocks: Sequence[Block], told: Printed, digest: str, depositary: str) -> dict[str, Any]:
    """Return what the template needs, as plain JSON; places of agencies that are no party of the text are left out."""
    parties = {party["ref"]: party for party in told.parties}
    asked = [block for block in blocks if block["party"] in parties]
    in_turn = len({block["order"] for block in asked}) > 1
    text = {"ref": told.reference, "version": told.version, "title": visible(told.title)}
    return {
        "heading": _("Signatures"),
        "belongs": _(
            "Whoever signs here signs the text %(ref)s, version %(version)s, “%(title)s”, by its SHA-256 as it stands on "
            "this sheet. The sheet belongs to that text and to no other."
        )
        % text,
        "labels": {
            "text": _("Text, SHA-256"),
            "languages": _("Authentic in"),
            "originals": _("Number of originals"),
            "name": _("Name"),
            "position": _("Position"),
            "place": _("Done at"),
            "date": _("Date"),
        },
        "languages": ", ".join(english_name_of(text.language) for text in told.texts),
        "running": _("Signatures under %(ref)s, version %(version)s") % text,
        "digest": digest,
        "rules": [
            _(
                "By hand: sign on paper and hand in a scan of every page. The signature counts once %(depositary)s has "
                "certified it and a second person has witnessed it."
            )
            % {
                "depositary": _("the depositary, %(name)s,") % {"name": depositary}
                if depositary
                else _("the depositary")
            },
            _("With a certificate: sign this file itself, not a print of it."),
            _("Whoever signs in the portal leaves the lines empty."),
            _("By hand in the place of somebody named: strike that name and position out and write your own."),
        ],
        "blocks": [_block(block, parties[block["party"]], in_turn=in_turn) for block in asked],
    }


def _block(block: Block, party: Any, *, in_turn: bool) -> dict[str, Any]:
    named, needed = list(block["named"]), block["needed"]
    told = [_("Order %(order)s") % {"order": block["order"]}] if in_turn else []
    if needed > 1:
        told.append(_("%(count)s signatures") % {"count": needed})
    # Of several named of whom not all sign, nobody knows yet which.
    several = len(named) > needed
    if several:
        told.append(_("to be signed by %(count)s of those named") % {"count": needed})
    lines = [NOBODY] * needed if several else [*named, *[NOBODY] * (needed - len(named))]
    return {
        "legal_name": visible(party["legal_name"]),
        "native_name": visible(party["native_name"]),
        "more": visible(party["more"]),
        "ref": visible(party["ref"]),
        "told": " · ".join(told),
        "named": [_line(one) for one in named] if several else [],
        "lines": [
            _line(one) | {"signature": _for_party(party["legal_name"], number, needed)}
            for number, one in enumerate(lines, start=1)
        ],
    }


def _for_party(name: str, number: int, needed: int) -> str:
    """Whose signature a line takes, said at each: the head of its party may stand on another page."""
    if needed == 1:
        return _("Signature for %(party)s") % {"party": visible(name)}
    return _("Signature for %(party)s, %(number)s of %(needed)s") % {
        "party": visible(name),
        "number": number,
        "needed": needed,
    }


def _line(named: Named) -> dict[str, str]:
    native = named["native_name"] if named["native_name"] != named["name"] else ""
    return {"name": visible(named["name"]), "native": visible(native), "position": visible(named["position"])}
