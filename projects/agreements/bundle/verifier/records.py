"""The text, the record of every signature under it, confirmations, and what the ledger says of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from projects.agreements.bundle.verifier.bundle import CONFIRMATION, EVIDENCE_1, EVIDENCE_2, Bundle, Entry, Record
from projects.agreements.bundle.verifier.curves import is_ed25519
from projects.agreements.bundle.verifier.telling import tell_confirmation, tell_signature
from projects.ip.receipts.verify import FAILED, NOTED, PASSED, UNDECIDED, Finding, _, finding, sha256


def check_text(bundle: Bundle) -> Iterator[Finding]:
    """The text is the one that was frozen: its hash is in the ledger."""
    text = bundle.text
    if bundle.is_listed and bundle.named != (text["agreement"], text["version"], bundle.text_sha256):
        yield finding(FAILED, "another-text", _("The text is not the one that the bundle is of."))
        return
    frozen = [entry for entry in bundle.of_verb("frozen") if entry.facts.get("sha256") == bundle.text_sha256]
    if not frozen:
        yield finding(FAILED, "text-not-frozen", _("The ledger does not say that a text with this hash was frozen."))
        return
    words = _(
        "The text is version %(number)s of %(agreement)s, “%(title)s”; its SHA-256 %(sha256)s was frozen on %(at)s."
    )
    told = {"number": text["version"], "agreement": text["agreement"], "title": text["title"]}
    yield finding(PASSED, "text", words, **told, sha256=bundle.text_sha256, at=frozen[0].said["at"])


def check_records(bundle: Bundle) -> Iterator[Finding]:
    """Every signature in the ledger has its record here and the reverse; each is signed, and names those before it."""
    events = {entry.facts.get("evidence"): entry for entry in _signed_events(bundle)}
    hashes = [record.sha256 for record in bundle.records]
    for missing in sorted({str(named) for named in events} - set(hashes)):
        words = _("The ledger has a signature whose record is not in the bundle: %(sha256)s.")
        yield finding(FAILED, "record-missing", words, sha256=missing)
    if len(set(hashes)) != len(hashes) or len(events) != len(_signed_events(bundle)):
        yield finding(FAILED, "record-twice", _("A signature stands in the bundle twice."))
    for position, record in enumerate(bundle.records):
        event = events.get(record.sha256)
        problems = [*_of_record(bundle, record, (EVIDENCE_1, EVIDENCE_2), event), *_of_event(record, event)]
        problems += _of_chain(bundle, position, events)
        yield from _told(bundle, record, problems)


def _signed_events(bundle: Bundle) -> list[Entry]:
    return [entry for entry in bundle.of_verb("signed") if entry.facts.get("sha256") == bundle.text_sha256]


def _of_record(bundle: Bundle, record: Record, forms: tuple, event: Any) -> Iterator[str]:
    """What is wrong with a record by itself, and with the key that signed it for an event in this place."""
    said = record.said
    if said["format"] not in forms:
        yield _("it has a form that is not known here")
        return
    link = bundle.chain.link(said["key"]["id"])
    if link is None:
        yield _("it is signed by a key that is not proved to be the portal's")
    elif not is_ed25519(link.public, record.signature, said["format"].encode() + b"\n" + record.content):
        yield _("the portal's signature over it is not right")
    elif event is not None and not link.covers(event.place):
        yield _("it is signed by a key of another time than its place in the ledger")
    about = (said["agreement"], said["text"]["number"], said["text"]["sha256"])
    if about != (bundle.text["agreement"], bundle.text["version"], bundle.text_sha256):
        yield _("it is of another text")
    if said["party"]["ref"] not in {party["ref"] for party in bundle.text["parties"]}:
        yield _("it signs for somebody who is no party of the text")


def _of_event(record: Record, event: Any) -> Iterator[str]:
    """What the ledger says otherwise than the record, or not at all."""
    if event is None:
        yield _("the ledger has no such signature")
        return
    said, facts = record.said, event.facts
    same = {"text": said["text"]["number"], "level": said["level"], "party": said["party"]["ref"]}
    same["ad_referendum"] = said.get("remarks", {}).get("ad_referendum", False)
    if any(facts[name] != value for name, value in same.items() if name in facts):
        yield _("the ledger says otherwise of it")
    uid = said["signatory"]["uid"]
    # Who signed outside the portal may have no account there; the event is then of whoever took the signature in.
    if (uid is not None or not said.get("outside")) and event.said["person"] != uid:
        yield _("the ledger names another person")


def _of_chain(bundle: Bundle, position: int, events: dict) -> Iterator[str]:
    """Whether the record names all signatures that stood before it, and the one just before it."""
    record, earlier = bundle.records[position], bundle.records[:position]
    if record.said["format"] == EVIDENCE_1:
        if sorted(record.said["previous"]) != sorted(one.sha256 for one in earlier):
            yield _("it does not name the signatures before it")
        return
    event = events.get(record.sha256)
    standing = [one.sha256 for one in earlier if not _is_before(bundle.voiding_of(one.sha256), event)]
    if record.said["previous"] != standing:
        yield _("it does not name the signatures that stood before it")
    if earlier and record.said["previous_head"] != earlier[-1].sha256:
        yield _("it does not follow the record before it")


def _is_before(first: Any, second: Any) -> bool:
    if first is None or first.place is None or second is None:
        return False
    return second.place is None or bool(first.place < second.place)


def _told(bundle: Bundle, record: Record, problems: list[str]) -> Iterator[Finding]:
    for problem in problems:
        words = _("%(name)s, the record of a signature, is wrong: %(what)s.")
        yield finding(FAILED, "record-wrong", words, name=record.name, what=problem)
    if not problems:
        yield from tell_signature(bundle, record)


def check_confirmations(bundle: Bundle) -> Iterator[Finding]:
    """What was signed ad referendum counts from its confirmation on, which is signed and in the ledger as well."""
    by_hash = {record.sha256: record for record in bundle.records}
    events = {entry.facts.get("confirmation"): entry for entry in bundle.of_verb("signature_confirmed")}
    for missing in sorted(
        str(named)
        for named, entry in events.items()
        if entry.facts.get("evidence") in by_hash and named not in {one.sha256 for one in bundle.confirmations}
    ):
        words = _("The ledger has a confirmation whose record is not in the bundle: %(sha256)s.")
        yield finding(FAILED, "confirmation-missing", words, sha256=missing)
    for record in bundle.confirmations:
        confirmed, event = by_hash.get(record.said["confirms"]), events.get(record.sha256)
        problems = list(_of_record(bundle, record, (CONFIRMATION,), event))
        if confirmed is None or confirmed.said["party"]["ref"] != record.said["party"]["ref"]:
            problems.append(_("it confirms no signature of this bundle"))
        if event is None or event.facts.get("evidence") != record.said["confirms"]:
            problems.append(_("the ledger has no such confirmation"))
        elif event.said["person"] != record.said["signatory"]["uid"]:
            problems.append(_("the ledger names another person"))
        for problem in problems:
            words = _("%(name)s, a confirmation, is wrong: %(what)s.")
            yield finding(FAILED, "confirmation-wrong", words, name=record.name, what=problem)
        if not problems:
            yield tell_confirmation(bundle, record)


def counted(bundle: Bundle) -> dict[str, list[Record]]:
    """By party, the signatures that count: not taken back, and confirmed where they were ad referendum."""
    confirmed = {record.said["confirms"] for record in bundle.confirmations}
    found: dict[str, list[Record]] = {party["ref"]: [] for party in bundle.text["parties"]}
    for record in bundle.records:
        waits = record.said.get("remarks", {}).get("ad_referendum", False) and record.sha256 not in confirmed
        if bundle.voiding_of(record.sha256) is None and not waits:
            found.setdefault(record.said["party"]["ref"], []).append(record)
    return found


def check_parties(bundle: Bundle) -> Iterator[Finding]:
    """Whether everybody has signed; that a party needs several signatories is in the portal's word alone."""
    signed = counted(bundle)
    lacking = [party["legal_name"] for party in bundle.text["parties"] if not signed[party["ref"]]]
    fully = [entry for entry in bundle.of_verb("fully_signed") if entry.facts.get("sha256") == bundle.text_sha256]
    in_force = [
        entry for entry in bundle.of_verb("entered_into_force") if entry.facts.get("sha256") == bundle.text_sha256
    ]
    named = {"names": ", ".join(lacking), "count": len(signed)}
    if fully and lacking:
        yield finding(
            FAILED, "not-all-signed", _("The ledger says fully signed, yet nobody signed for: %(names)s."), **named
        )
    elif fully:
        yield finding(PASSED, "fully-signed", _("All %(count)s parties have signed."), **named)
    elif lacking and in_force:
        yield finding(NOTED, "not-joined", _("It is in force, without signatures yet for: %(names)s."), **named)
    elif lacking:
        yield finding(UNDECIDED, "partly-signed", _("Not fully signed: nobody signed yet for %(names)s."), **named)
    else:
        words = _(
            "Each party has signed, yet the ledger does not say that the text is fully signed: more signatures may be due."
        )
        yield finding(UNDECIDED, "not-complete", words)
    for entry in in_force:
        words = _("The depositary entered it into force on %(day)s; whether its rule allowed that is not checked here.")
        yield finding(NOTED, "in-force", words, day=entry.facts.get("on", ""))


def check_outside(bundle: Bundle) -> Iterator[Finding]:
    """Files of signatures made outside the portal are those that their records name."""
    files = {sha256(body).hex(): name for name, body in bundle.members.items() if name.startswith("outside/")}
    for record in bundle.records:
        outside = record.said.get("outside")
        if not outside:
            continue
        name = files.pop(outside["file_sha256"], "")
        if name:
            words = _("%(name)s is the file that was certified as the signature of %(person)s. Look at it yourself.")
            yield finding(NOTED, "outside", words, name=name, person=record.said["signatory"]["name"])
        else:
            words = _(
                "The file that was certified as the signature of %(person)s is not in the bundle; it was not looked at."
            )
            yield finding(NOTED, "outside-not-here", words, person=record.said["signatory"]["name"])
    for name in files.values():
        yield finding(FAILED, "outside-unknown", _("%(name)s belongs to no signature."), name=name)
