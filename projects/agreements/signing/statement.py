"""What a signatory gives with a signature, checked whole: what they read and confirmed, and how they proved who they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from agencies.reauthentication import Proof
from portal.kit.refusals import NotNow
from projects.agreements.drafts import UNPRINTABLE
from projects.agreements.models import Level
from projects.agreements.policies import AgreementPolicy
from projects.agreements.signing import challenge, passkey
from projects.agreements.signing import consent as consents
from projects.agreements.signing.challenge import Opening
from projects.agreements.signing.evidence import Statement, identified_by, signatory_of
from projects.agreements.signing.levels import asks_for_a_key
from projects.agreements.signing.passkey import PasskeyAssertion
from projects.agreements.signing.sections import Section, sections

DECLARATION_LENGTH, NAME_LENGTH = 2000, 200


@dataclass(frozen=True)
class Consent:
    """What the signatory confirmed on the page that showed the text: its hash, the sentence, their name, every section.

    `assertion` is the answer of a passkey to the challenge of that page; it proves who they are by itself.
    """

    sha256: str
    challenge: str
    given: bool
    language: str = consents.DEFAULT
    typed_name: str = ""
    read: Sequence[str] = ()
    ad_referendum: bool = False
    declaration: str = ""
    assertion: PasskeyAssertion | None = None


def checked(given: Consent, proof: Proof | None, policy: AgreementPolicy) -> tuple[Statement, Opening]:
    """The statement of a signature that is made now, and the opening of the page that it came from.

    Raises ValidationError keyed by field, or NotNow for a page that is too old, was used, or showed another text.
    """
    agreement, actor = policy.agreement, policy.actor
    assert agreement.text is not None
    assert policy.party is not None
    assert policy.mandate is not None
    parts = sections(agreement.text.document)
    _require_whole(given, proof, actor.person, parts)
    declaration = given.declaration.replace("\r\n", "\n").strip()
    confirmed = consents.wording(
        agreement, policy.party, policy.mandate, given.language, ad_referendum=given.ad_referendum
    )
    read = [part.as_read() for part in parts]
    remarks = {"ad_referendum": given.ad_referendum, "declaration": declaration}
    opening = _opened_for(given, policy)
    key = None
    if given.assertion is not None:
        page = challenge.shown(
            agreement=agreement.ref, text_sha256=agreement.text.sha256, actor=actor, nonce=opening.nonce,
            mandate=policy.mandate, confirmed=confirmed, read=read,
        )  # fmt: skip
        asked = challenge.to_be_signed(page, typed_name=given.typed_name.strip(), remarks=remarks)
        key = passkey.verify(given.assertion, actor.person, asked)
        proof = _with_passkey(proof)
    elif asks_for_a_key(agreement.text.document):
        raise ValidationError(
            {"passkey": [_("This text asks for an advanced signature: sign with a passkey of yours.")]}
        )
    assert proof is not None
    statement = Statement(
        signatory=signatory_of(actor, given.typed_name.strip()),
        level=Level.ADVANCED if key else Level.SIMPLE,
        signed_at=timezone.now(),
        identified=identified_by(proof),
        mandate=policy.mandate.snapshot(),
        consent=confirmed,
        read=read,
        challenge={"sha256": opening.sha256, "nonce": opening.nonce, "opened_at": opening.at},
        passkey=key,
        remarks=remarks,
        viewed_at=opening.shown_at,
    )
    return statement, opening


def _require_whole(given: Consent, proof: Proof | None, person: Any, parts: Sequence[Section]) -> None:
    errors: dict[str, list[Any]] = {}
    unread = [part.title for part in parts if part.key not in given.read]
    if unread:
        errors["read"] = [_("Confirm that you have read: %(titles)s.") % {"titles": get_text_list(unread, _("and"))}]
    elif set(given.read) - {part.key for part in parts}:
        errors["read"] = [_("The text has no such section.")]
    if not given.given:
        errors["consent"] = [_("Tick the sentence to sign.")]
    if len(given.typed_name) > NAME_LENGTH or not consents.is_name_of(given.typed_name, person):
        names = get_text_list([name for name in (person.name, person.native_name) if name], _("or"))
        errors["typed_name"] = [_("Type your name as it stands here: %(names)s.") % {"names": names}]
    if len(given.declaration) > DECLARATION_LENGTH or UNPRINTABLE.search(given.declaration):
        errors["declaration"] = [_("At most 2,000 printable characters.")]
    if proof is None and given.assertion is None:
        errors["password"] = [_("Prove again that it is you.")]
    if errors:
        raise ValidationError(errors)


def _opened_for(given: Consent, policy: AgreementPolicy) -> Opening:
    agreement = policy.agreement
    assert agreement.text is not None
    opening = challenge.check(
        given.challenge, text_sha256=given.sha256, actor=policy.actor, mandate=policy.mandate, language=given.language,
        ad_referendum=given.ad_referendum,
    )  # fmt: skip
    if given.sha256 != agreement.text.sha256:
        raise NotNow(
            _("The text has changed since you opened it."),
            code="text-changed",
            unblock=_("Read the new text, then sign."),
        )
    # The agreement is locked, and the challenge is of this text alone: nobody else can use it meanwhile.
    if any(row.challenge_sha256 == opening.sha256 for row in agreement.signatures.all()):
        raise NotNow(
            _("You signed from this page before."), code="challenge-used", unblock=_("Open the signing page again.")
        )
    return opening


def _with_passkey(proof: Proof | None) -> Proof:
    """The passkey unlocked now is the proof; what was given a moment before is told with it."""
    at = timezone.now()
    earlier = proof or Proof((), at)
    events = earlier.events or tuple((method, earlier.at) for method in earlier.methods)
    return replace(
        earlier, methods=("webauthn", *(method for method in earlier.methods if method != "webauthn")), at=at,
        events=(*events, ("webauthn", at)),
    )  # fmt: skip
