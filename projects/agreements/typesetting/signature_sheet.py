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


def signature_sheet(
    blocks: Sequence[Block], told: Printed, digest: str, depositary: str, *, in_the_portal: bool
) -> dict[str, Any]:
    """Return what the template needs, as plain JSON; places of agencies that are no party of the text are left out.

    `in_the_portal` says whether the text takes signatures that are made there.
    """
    parties = {party["ref"]: party for party in told.parties}
    asked = [block for block in blocks if block["party"] in parties]
    # Before the first who sign there may be others, who approve or look at it.
    in_turn = any(block["order"] > 1 for block in asked)
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
            "name": _("Name"),
            "position": _("Position"),
            "place": _("Done at"),
            "date": _("Date"),
        },
        "languages": ", ".join(english_name_of(text.language) for text in told.texts),
        "running": _("Signatures under %(ref)s, version %(version)s") % text,
        "digest": digest,
        "rules": _rules(depositary, in_turn=in_turn, in_the_portal=in_the_portal),
        "blocks": [_block(block, parties[block["party"]], in_turn=in_turn) for block in asked],
    }


def _rules(depositary: str, *, in_turn: bool, in_the_portal: bool) -> list[str]:
    whom = _("the depositary, %(name)s,") % {"name": depositary} if depositary else _("the depositary")
    rules = [
        _(
            "By hand: sign on paper and hand in a scan of the pages signed. The signature counts once %(depositary)s has "
            "certified it and a second person has witnessed it."
        )
        % {"depositary": whom},
        _("With a certificate: sign this file itself, not a print of it."),
        _("By hand in the place of somebody named: strike that name and position out and write your own."),
    ]
    if in_the_portal:
        rules += [
            _("Ad referendum or with a declaration: sign in the portal. Words added by hand are not taken."),
            _("Whoever signs in the portal leaves the lines empty."),
        ]
    else:
        rules.append(_("Nothing is signed ad referendum or with a declaration. Words added by hand are not taken."))
    before_it_is_over = _(
        "It is to be certified and, by hand, witnessed before the last day for signing is over, where there is one."
    )
    taken = (
        _("“Order n” is the step in the plan of signing: a signature is taken when the steps before it are done.")
        if in_turn
        else _("A signature is taken while the text is open for signature.")
    )
    return [*rules, f"{taken} {before_it_is_over}"]


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
