"""What a party hands in of a signature that was made outside: the file and the words about it, checked whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from agencies.zones import today
from portal.files.media_types import JPEG, PDF, PNG, Refused, sniff
from portal.files.storage import MAX_SIZE
from portal.kit.lines import required_line
from projects.agreements.models import Agreement, ExternalKind
from projects.agreements.policies import AgreementPolicy
from projects.agreements.signing.apart import examine_apart, require_still_apart
from projects.agreements.signing.found import in_words, that_counts
from projects.agreements.signing.levels import asks_for_qualified
from projects.agreements.signing.names import is_among
from projects.agreements.signing.outside import pdf_to_sign
from projects.agreements.signing.pades import Unacceptable

SCANS = (PDF, PNG, JPEG)


@dataclass(frozen=True)
class Handed:
    """What a party says of a signature that was made outside, with the file that shows it.

    `field` names the signature that counts in a PDF with several; `effect` the law that gives one without a qualified
    certificate the effect of a signature by hand, where the text asks for that.
    """

    kind: str
    content: bytes
    name: str
    sha256: str
    signatory_name: str
    signatory_position: str
    authority: str
    signed_on: date
    signatory_native_name: str = ""
    place: str = ""
    field: str = ""
    effect: str = ""


def checked(handed: Handed, policy: AgreementPolicy) -> dict[str, str]:
    """The words as they are kept; ValidationError keyed by field for all that is wrong at once."""
    assert policy.party is not None
    errors: dict[str, list[Any]] = {}
    words: dict[str, str] = {}
    for name, missing, longest in (
        ("signatory_name", _("Say who signed."), 200),
        ("signatory_position", _("Say in which position."), 200),
        ("authority", _("Say what allows this person to sign, and where it is written."), 500),
        ("signatory_native_name", "", 200),
        ("place", "", 200),
    ):
        typed = getattr(handed, name)
        try:
            words[name] = _line(name, typed, missing, longest)
        except ValidationError as error:
            errors |= error.message_dict
    if handed.kind not in ExternalKind.values:
        errors["kind"] = [_("Choose one of the two ways.")]
    errors |= _day_errors(handed.signed_on, policy)
    if errors:
        raise ValidationError(errors)
    return words


def findings_of(handed: Handed, agreement: Agreement) -> dict[str, Any]:
    """What is found in the file; a scan is looked at by people, so of it only that nothing in it runs."""
    assert agreement.text is not None
    if len(handed.content) > MAX_SIZE:
        raise ValidationError({"file": [_("The file is larger than %(limit)s MB.") % {"limit": MAX_SIZE // 1024**2}]})
    try:
        media_type = sniff(handed.content)
    except Refused:
        media_type = ""
    if handed.kind == ExternalKind.WET_INK:
        if media_type not in SCANS:
            raise ValidationError({"file": [_("A scan is a PDF, a PNG or a JPEG.")]})
        if media_type == PDF:
            _in_words(lambda: require_still_apart(handed.content))
        return {}
    if media_type != PDF:
        raise ValidationError({"file": [_("This is no PDF.")]})
    pdf, roots, text = pdf_to_sign(agreement.text), _roots(), bytes(agreement.text.canonical)
    findings: dict[str, Any] = _in_words(
        lambda: examine_apart(handed.content, pdf, field=handed.field.strip(), roots=roots, text=text)
    )
    return findings | _effect(handed, agreement, findings)


def require_new(policy: AgreementPolicy, words: dict[str, str], findings: dict[str, Any]) -> None:
    """One person signs once for a party, whichever way; what was refused or taken back is no obstacle."""
    assert policy.party is not None
    own = policy.own_signatures
    waiting = [row for row in policy.externals if row.party_id == policy.party.pk]
    taken = [row.record["signatory"][name] for row in own for name in ("name", "native_name")]
    taken += [name for row in waiting for name in (row.signatory_name, row.signatory_native_name)]
    if any(is_among(words[name], taken) for name in ("signatory_name", "signatory_native_name")):
        raise ValidationError(
            {"signatory_name": [_("This person has signed the text already, or waits to be certified.")]}
        )
    told = that_counts(findings)
    if told is None:
        return
    earlier = [row.findings for row in waiting] + [
        (row.record.get("outside") or {}).get("findings") or {} for row in own
    ]
    used = {(that_counts(found) or {}).get("certificate_sha256") for found in earlier}
    if told["certificate_sha256"] in used:
        raise ValidationError({"file": [_("A signature with this certificate was handed in already.")]})


def _line(name: str, typed: str, missing: str, longest: int) -> str:
    if not missing and not typed.strip():
        return ""
    return required_line(name, typed, missing, longest)


def _day_errors(day: date, policy: AgreementPolicy) -> dict[str, list[Any]]:
    """Signed on a day on which the text was frozen already; zones differ, so a day either way is nobody's mistake."""
    text, party = policy.agreement.text, policy.party
    assert text is not None
    assert party is not None
    if day > today(party.agency.zone) + timedelta(days=1):
        return {"signed_on": [_("This day is still to come.")]}
    if day < (text.frozen_at - timedelta(days=1)).date():
        return {"signed_on": [_("The text was not frozen yet on that day.")]}
    return {}


def _effect(handed: Handed, agreement: Agreement, findings: dict[str, Any]) -> dict[str, str]:
    """Where the text asks for a qualified signature: by its certificate, or by the law that the party names."""
    told = that_counts(findings)
    if not asks_for_qualified(agreement) or (told is not None and told["says_qualified"]):
        return {}
    missing = _(
        "The certificate does not say that it is qualified. Name the law that gives this signature the same effect."
    )
    return {"effect": _line("effect", handed.effect, missing, 500)}


def _in_words(examined: Callable[[], Any]) -> Any:
    try:
        return examined()
    except Unacceptable as error:
        raise in_words(error) from error


def _roots() -> bytes:
    """The roots that the installation trusts, in PEM; nobody's trust is judged without."""
    if not settings.TRUST_ROOTS:
        return b""
    try:
        return Path(settings.TRUST_ROOTS).read_bytes()
    except OSError as error:
        words = _("The portal cannot read its list of trusted roots; its operators must mend that. Nothing was kept.")
        raise ValidationError({"file": [words]}) from error
