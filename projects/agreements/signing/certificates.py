"""What a certificate says of its holder; nothing of it is believed here."""

from __future__ import annotations

from typing import Any

from asn1crypto import core, pem, x509

# Statements of ETSI EN 319 412-5 that an issuer puts into a certificate.
STATEMENTS, QUALIFIED, ON_DEVICE, PURPOSE = "1.3.6.1.5.5.7.1.3", "0.4.0.1862.1.1", "0.4.0.1862.1.4", "0.4.0.1862.1.6"
FOR_SIGNATURES = "0.4.0.1862.1.6.1"


def says_qualified(certificate: x509.Certificate) -> bool:
    """Whether its issuer calls it a qualified certificate for electronic signatures, its key on a qualified device."""
    said: dict[str, Any] = {}
    for extension in certificate["tbs_certificate"]["extensions"]:
        if extension["extn_id"].dotted == STATEMENTS:
            for statement in core.SequenceOf.load(extension["extn_value"].contents, spec=core.Sequence):
                members = [statement[index] for index in range(len(statement))]
                said[members[0].dotted] = members[1] if len(members) > 1 else None
    purposes = said.get(PURPOSE)
    is_for_signatures = purposes is None or FOR_SIGNATURES in [purposes[at].dotted for at in range(len(purposes))]
    return QUALIFIED in said and ON_DEVICE in said and is_for_signatures


def certificates_in(written: bytes) -> list[x509.Certificate]:
    """The certificates of a PEM file, none for an empty one."""
    if not written:
        return []
    return [x509.Certificate.load(der) for _kind, _headers, der in pem.unarmor(written, multiple=True)]


def name_of(certificate: x509.Certificate) -> str:
    """The common name of its holder, or all that it says of them."""
    return str(certificate.subject.native.get("common_name", certificate.subject.human_friendly))[:300]
