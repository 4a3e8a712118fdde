"""What was found in a file that was signed elsewhere, in words: why it is refused, or what its signatures say and do not say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.agreements.signing.pades import TRUSTED, Unacceptable

REFUSED: dict[str, str | Promise] = {
    "unreadable": gettext_lazy("The file cannot be read as a PDF."),
    "too-much": gettext_lazy("There is more in this file than the portal examines."),
    "encrypted": gettext_lazy("The file is encrypted. Hand it in without a password."),
    "active": gettext_lazy("The file runs or opens something when it is read. Hand it in without scripts and actions."),
    "another-text": gettext_lazy(
        "This is not the text that is open for signature: the PDF does not carry its words. Download the PDF to be signed"
        " on the page before, and sign that file."
    ),
    "pages-differ": gettext_lazy(
        "It cannot be shown that the pages are those of the frozen text (%(part)s differs). Download the PDF to be signed,"
        " and sign that file without saving it anew."
    ),
    "unsigned": gettext_lazy("There is no signature in this PDF."),
    "which": gettext_lazy("There are several signatures in it: %(fields)s. Name the one that counts."),
    "no-such-field": gettext_lazy("There is no such signature in it; there is: %(fields)s."),
    "appended": gettext_lazy("Something was added to the file after it was signed."),
    "part": gettext_lazy("The signature %(field)s covers only a part of the file."),
    "broken": gettext_lazy("The signature %(field)s does not verify: the file was changed, or the signature was."),
    "stamp": gettext_lazy("The time stamp of %(field)s does not belong to it."),
    "expired": gettext_lazy("The certificate of %(field)s was not valid when it was made."),
    "weak": gettext_lazy("The signature %(field)s uses a method that is no longer safe."),
    "old-form": gettext_lazy("The signature %(field)s has a form that is not accepted (%(form)s). PAdES is."),
    "untrusted": gettext_lazy("Its certificate leads to none of the roots that this portal trusts: %(issuer)s."),
}
LEVELS: dict[str, str | Promise] = {
    "B-B": gettext_lazy("PAdES B-B: a signature without a time of an authority"),
    "B-T": gettext_lazy("PAdES B-T: an authority confirms when it existed"),
    "B-LT": gettext_lazy("PAdES B-LT: with what is needed to check the certificate later"),
    "B-LTA": gettext_lazy("PAdES B-LTA: with what is needed to check it for many years"),
    "": gettext_lazy("No PAdES level: an older form of signature"),
}


@dataclass(frozen=True)
class Found:
    """One signature of a file, as a page says it."""

    told: Mapping[str, Any]

    @property
    def level(self) -> str | Promise:
        return LEVELS.get(self.told["level"], self.told["level"])

    @property
    def signed_at(self) -> datetime | None:
        return _moment(self.told["signed_at"])

    @property
    def stamped_at(self) -> datetime | None:
        return _moment((self.told["time_stamp"] or {}).get("at"))

    @property
    def valid_from(self) -> datetime | None:
        return _moment(self.told["valid_from"])

    @property
    def valid_until(self) -> datetime | None:
        return _moment(self.told["valid_until"])

    @property
    def is_trusted(self) -> bool:
        return bool(self.told["trust"] == TRUSTED)


def found_in(findings: Mapping[str, Any]) -> list[Found]:
    return [Found(told) for told in findings.get("signatures", [])]


def that_counts(findings: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The signature that the uploader named."""
    return next((told for told in findings.get("signatures", []) if told["counts"]), None)


def in_words(error: Unacceptable) -> ValidationError:
    """The refusal of a file, beside the field that mends it."""
    values = {name: ", ".join(value) if isinstance(value, list) else value for name, value in error.values.items()}
    words = REFUSED.get(error.code)
    said = str(words) % values if words is not None else _("The file is not accepted.")
    return ValidationError({"field" if error.code in ("which", "no-such-field") else "file": [said]})


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
