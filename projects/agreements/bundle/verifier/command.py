"""Everything that is looked at, one after another, and the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from projects.agreements.bundle.verifier.archive import read_bundle
from projects.agreements.bundle.verifier.bundle import INDEX, Bundle
from projects.agreements.bundle.verifier.ledger import check_checkpoint, check_entries, check_list, check_witnesses
from projects.agreements.bundle.verifier.passkeys import check_passkeys
from projects.agreements.bundle.verifier.pdf import check_pdf, check_time_stamp
from projects.agreements.bundle.verifier.records import (
    check_confirmations,
    check_outside,
    check_parties,
    check_records,
    check_text,
    counted,
)
from projects.agreements.bundle.verifier.telling import spoken
from projects.ip.receipts.verify import (
    FAILED,
    NOTED,
    PASSED,
    UNDECIDED,
    Finding,
    Unreadable,
    _,
    check_keys,
    check_pinned,
    check_statements,
    finding,
    load,
    on_one_key,
    read_key,
    read_note,
)

MARKS = {PASSED: "ok ", FAILED: "NO ", UNDECIDED: "?? ", NOTED: " - "}
PROVED, WRONG, UNREADABLE, INCOMPLETE = range(4)
STEPS: tuple = (
    ("keys.json", check_keys),
    ("keys.json", check_statements),
    ("events.json", check_entries),
    ("text.json", check_text),
    ("evidence", check_records),
    ("confirmations", check_confirmations),
    ("evidence", check_passkeys),
    ("evidence", check_parties),
    ("witnesses.txt", check_witnesses),
)
OF_FILES: tuple = (("outside", check_outside), ("agreement.pdf", check_pdf), ("time-stamp.tsr", check_time_stamp))
MALFORMED = (KeyError, TypeError, AttributeError, ValueError, IndexError, RecursionError, OverflowError)


def check_bundle(
    members: dict[str, bytes],
    *,
    keys: dict[str, bytes] | None = None,
    against: Any = None,
    consistency: Any = None,
) -> list[Finding]:
    """Look at everything that a bundle claims; nothing is left out after the first thing that is wrong.

    `keys` are public keys that one knows, by their ids; `against` is a checkpoint that one kept, `consistency` the
    ledger's proof between that and the bundle's. Unreadable when it is no bundle at all.
    """
    bundle = Bundle(members)
    try:
        bundle.index  # noqa: B018  without its list it is no bundle
    except (Unreadable, *MALFORMED) as error:
        raise Unreadable(f"this is not a bundle: {error}") from None
    found = [*_guarded(INDEX, check_list(bundle, keys))]
    found += _guarded("keys.json", check_pinned(bundle, keys))
    found += _guarded("checkpoint.txt", check_checkpoint(bundle, keys, against, consistency))
    for name, step in (*STEPS, *OF_FILES):
        found += _guarded(name, step(bundle))
    return found


def check_proofs(members: dict[str, bytes]) -> list[Finding]:
    """The same of text, records and ledger alone, for who has made them from tables of its own: no list, no files, no keys."""
    bundle = Bundle(members)
    return [one for name, step in STEPS for one in _guarded(name, step(bundle))]


def _guarded(name: str, steps: Iterator[Finding]) -> Iterator[Finding]:
    """A part that has another form than it must have is wrong, and the rest is still looked at."""
    try:
        yield from steps
    except (Unreadable, *MALFORMED) as error:
        words = _("%(name)s has another form than it must have: %(why)s")
        yield finding(FAILED, "malformed", words, name=name, why=str(error)[:300])


def outcome_of_bundle(findings: list[Finding]) -> int:
    """The exit code: 0 proved, 1 something is wrong, 3 proved as far as it goes, but not everything could be checked."""
    outcomes = {one.outcome for one in findings}
    return WRONG if FAILED in outcomes else INCOMPLETE if UNDECIDED in outcomes else PROVED


PROVES = """\
This proves: the text with the SHA-256 %(sha256)s (%(agreement)s, version %(number)s) was signed for
%(signed)s
by the people named above, as the portal identified them or, for what was signed outside it, as those vouch who are named;
and neither text, record, order nor PDF was changed since checkpoint %(checkpoint)s was signed.
It does not prove that the text is binding under a given law, that what it says is true, that the portal identified people
rightly where no passkey signed, or what happened after the checkpoint: whether it was amended, ended or withdrawn since.
The order is certain; times are the portal's own except for what a time stamp or a witness confirms.
"""
OWN_KEY = """\
It rests on the key that came in the bundle, and whoever writes a bundle can bring a key of their own. Compare it with the
one that the ledger publishes, or that you were given otherwise, or give it with --key:
  %(keys)s
"""


def conclusion(bundle: Bundle, findings: list[Finding], keys: Any = None) -> str:
    """What it comes to, in words, for who knows `keys`."""
    code = outcome_of_bundle(findings)
    if code == WRONG:
        return "NOT PROVED. Do not rely on this bundle; see the lines with NO above.\n"
    words = (
        "PROVED.\n"
        if code == PROVED
        else "PROVED AS FAR AS IT GOES, but not everything could be checked: see ?? above.\n"
    )
    names = {party["ref"]: party["legal_name"] for party in bundle.text["parties"]}
    signed = [names.get(ref, ref) for ref, records in counted(bundle).items() if records]
    words += PROVES % {
        "sha256": bundle.text_sha256, "agreement": bundle.text["agreement"], "number": bundle.text["version"],
        "signed": "; ".join(signed) or "nobody yet", "checkpoint": bundle.note.number if bundle.note else "–",
    }  # fmt: skip
    if any(one.code == "key-from-receipt" for one in findings):
        verifiers = [row["key"] for row in bundle.read("keys.json")["ledger"]]
        return words + OWN_KEY % {"keys": "\n  ".join(verifiers)}
    return words + on_one_key(bundle, keys, [entry.place for entry in bundle.entries], findings)


def main(arguments: list[str]) -> int:
    """Check what is named and print every line of it; returns the exit code."""
    here = Path(globals().get("__file__", ".")).resolve().parent
    parser = argparse.ArgumentParser(prog="verify.py", description="Check a signed agreement without a network.")
    parser.add_argument("bundle", nargs="?", default=str(here), help="the ZIP, or the folder it was unpacked into")
    parser.add_argument(
        "--key", action="append", help="the verifier key of the portal that you know, or a file with it"
    )
    parser.add_argument("--against", metavar="FILE", help="a checkpoint that you kept")
    parser.add_argument(
        "--consistency", metavar="FILE", help="the ledger's proof between that checkpoint and the bundle's"
    )
    given = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        keys = dict(read_key(_given(key)) for key in given.key) if given.key else None
        members = read_bundle(given.bundle)
        findings = check_bundle(
            members,
            keys=keys,
            against=read_note(_text(given.against)) if given.against else None,
            consistency=load(_text(given.consistency)) if given.consistency else None,
        )
    except (Unreadable, OSError, UnicodeError) as error:
        print(f"CANNOT BE READ: {_shown(str(error))}")
        return UNREADABLE
    for one in findings:
        print(MARKS[one.outcome], _shown(spoken(one)))
    print()
    print(conclusion(Bundle(members), findings, keys), end="")
    return outcome_of_bundle(findings)


def _shown(words: str) -> str:
    """Without characters that hide or reorder what stands on a screen: names come from whoever wrote the bundle."""
    return "".join(letter if letter.isprintable() else f"[U+{ord(letter):04X}]" for letter in words)


def _given(key: str) -> str:
    return key if key.count("+") >= 2 else _text(key)


def _text(name: str) -> str:
    return Path(name).read_text(encoding="utf-8")
