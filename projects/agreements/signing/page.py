"""What a signing page shows: the frozen text by sections, what changed, what was signed and asked, and what is confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agencies.languages import direction_of
from projects.agreements.compare import Comparison, compare
from projects.agreements.languages import readable
from projects.agreements.models import Agreement, Audience, Comment, Signature, TextVersion
from projects.agreements.paragraphs import paragraphs
from projects.agreements.policies import AgreementPolicy
from projects.agreements.printed import annex_tables, printed
from projects.agreements.redline import around_changes
from projects.agreements.signing import challenge, consent, passkey
from projects.agreements.signing.call import running_call
from projects.agreements.signing.levels import asks_for_a_key
from projects.agreements.signing.sections import sections
from projects.agreements.signing.signatures import signature_rows
from projects.agreements.versions import texts_shown


@dataclass(frozen=True)
class Changes:
    """What is new since the text that the party signed, or was asked to sign, before; `signed_at` is None where it did not."""

    before: TextVersion
    signed_at: Any
    comparison: Comparison

    @property
    def clauses(self) -> list[Any]:
        """Each with its redline around what differs."""
        changed = (clause for clause in self.comparison.clauses if not clause.is_unchanged)
        return [replace(clause, text=around_changes(clause.text)) for clause in changed]

    @property
    def others(self) -> list[Any]:
        """What differs around the clauses: facts, answers, annexes, and what an amendment leaves."""
        told = self.comparison
        return [*told.facts, *told.answers, *told.amended_answers, *told.annexes]

    @property
    def translations(self) -> list[str]:
        """The further languages in which a clause differs."""
        found = self.comparison.translations
        return [language for language, clauses in found if any(not clause.is_unchanged for clause in clauses)]


def signing_page(
    agreement: Agreement, policy: AgreementPolicy, language: str, before: str = "", *, ad_referendum: bool = False
) -> dict[str, Any]:
    """The context of the page; the challenge is issued only to somebody who may sign now.

    `before` is the challenge of the same page as it was sent, where it comes back.
    """
    text = agreement.text
    assert text is not None
    document = text.document
    refusal = policy.refusal("sign")
    return {
        "text": text,
        "document": document,
        "direction": direction_of(document["language"]),
        "clauses": [
            {"entry": entry, "paragraphs": paragraphs(entry["number"], entry["text"])} for entry in document["clauses"]
        ],
        "printed": printed(document),
        **_by_section(document),
        "changes": changes_since(agreement, policy),
        "mandate": policy.mandate,
        "call": running_call(agreement),
        "refusal": refusal,
        "questions": _questions(agreement, policy),
        "signatures": signature_rows(agreement, policy),
        **({} if refusal else confirmed(agreement, policy, language, before, ad_referendum=ad_referendum)),
    }


def changes_since(agreement: Agreement, policy: AgreementPolicy) -> Changes | None:
    """Since the last earlier text that was opened for signature; None when this is the first."""
    text = agreement.text
    assert text is not None
    before = texts_shown(agreement, policy.actor).filter(number__lt=text.number).order_by("-number").first()
    if before is None:
        return None
    signed = Signature.objects.filter(text=before, party=policy.party).first() if policy.party is not None else None
    return Changes(before, signed.signed_at if signed else None, compare(before.document, text.document))


def _by_section(document: Mapping[str, Any]) -> dict[str, Any]:
    """Each section beside what is drawn of it; the text itself comes first, the profile last."""
    parts = sections(document)
    tables = annex_tables(document)
    translated = readable(document)
    between = len(parts) - len(tables)
    return {
        "sections": parts,
        "text_section": parts[0],
        "translated": list(zip(parts[1:between], [[row] for row in translated], strict=True)),
        "annexed": list(zip(parts[between:], [[table] for table in tables], strict=True)),
    }


def confirmed(
    agreement: Agreement, policy: AgreementPolicy, language: str, before: str = "", *, ad_referendum: bool = False
) -> dict[str, Any]:
    """What is confirmed with the signature: the sentence, and the challenge that binds it, for a password and for a passkey.

    For somebody who may sign now.
    """
    assert agreement.text is not None
    assert policy.party is not None
    assert policy.mandate is not None
    actor, sha256 = policy.actor, agreement.text.sha256
    issued = challenge.issue(
        text_sha256=sha256, actor=actor, mandate=policy.mandate, language=language, before=before,
        ad_referendum=ad_referendum,
    )  # fmt: skip
    request = passkey.request_for(actor.person)
    sentence = consent.wording(agreement, policy.party, policy.mandate, language, ad_referendum=ad_referendum)
    bound = challenge.shown(
        agreement=agreement.ref, text_sha256=sha256, actor=actor, nonce=challenge.nonce_of(issued), mandate=policy.mandate,
        confirmed=sentence,
        read=[part.as_read() for part in sections(agreement.text.document)],
    )  # fmt: skip
    return {
        "challenge": issued,
        "needs_passkey": asks_for_a_key(agreement.text.document),
        "passkey_request": {"form": challenge.FORM, "request": request, "shown": bound} if request else {},
        "consent_language": language,
        "consent_version": sentence["version"],
        "consent_languages": consent.offered(),
        "wording": sentence["wording"],
    }


def _questions(agreement: Agreement, policy: AgreementPolicy) -> Sequence[Comment]:
    """What parties said to all since the text was frozen, with the answers."""
    assert agreement.text is not None
    said = agreement.comments.read_by(policy.actor.agency_id).filter(
        audience=Audience.SHARED, at__gte=agreement.text.frozen_at
    )
    return list(said.select_related("agency", "person")[:50])
