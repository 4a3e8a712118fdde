"""README.txt of a bundle: what is in it, what it proves and what not, and how to check it."""

from __future__ import annotations

from projects.agreements.bundle.collecting import Contents

README = """\
{title}
{ref}, version {number}
SHA-256 of the text  {sha256}

{standing}

To check all of this without a network and without an account (Python 3.9 or newer, nothing to install):

    python3 verify.py

in the folder into which this was unpacked, or python3 verify.py NAME.zip. With the key that you know from elsewhere, and a
checkpoint of the ledger that you kept from another day:

    python3 verify.py --key KEY --against checkpoint-of-another-day.txt

The exit code is 0 when it is proved, 1 when something is wrong, 2 when it cannot be read, 3 when it is proved as far as it
goes but something was not there to be checked. Nobody has to trust a script that came with what it checks:
docs/verifying.md of the portal says how to write one's own, with an example to try it on.

What it proves: that this text was signed for these parties by these people, in this order, under the mandate or the other
authority that each record names, as the portal identified them or, for what was signed outside it, as those vouched who are
named in the record; and that neither text, record nor PDF was changed since. What it does not prove: that the text is
binding under a given law, that what it says is true, or what happened since: whether it was amended, ended, or left. The
portal vouches for who somebody was, except where a passkey of their own signed or it was signed outside. Order is certain;
times are the portal's own.
{time_stamp}
agreement.pdf      the sealed PDF (if there is one); pdfsig agreement.pdf checks its PAdES seal
text.json          the text itself: the bytes whose SHA-256 was signed
evidence/          one record for each signature, and the portal's signature over it (.sig)
confirmations/     the same for what was signed ad referendum and confirmed later
outside/           what was signed outside the portal: scans, PDFs with signatures of their own
events.json        what the ledger says of it, each with its place and proof
checkpoint.txt     the signed state of the ledger; checkpoints.json older ones, with proofs that it only grew
witnesses.txt      who else signed a checkpoint
keys.json          the public keys of the portal and of witnesses; how each of the portal's followed the one before it
bundle.json        the SHA-256 of every file here; bundle.sig the portal's signature over it
"""
TIME_STAMP = """
time-stamp.tsr is the time stamp (RFC 3161) within the seal of agreement.pdf, by {authority}. It is over the value of the
seal's signature; with the certificates of that authority, pdfsig or any reader of PAdES checks it in place, and openssl
shows it:

    openssl ts -reply -in time-stamp.tsr -token_in -text
"""


def readme(contents: Contents) -> str:
    """The words, in English as the script is."""
    text, sealed = contents.text, contents.sealed
    stamped = TIME_STAMP.format(authority=sealed.time_stamp_authority) if sealed and sealed.time_stamped_at else ""
    return README.format(
        title=text.document["title"],
        ref=contents.agreement.ref,
        number=text.number,
        sha256=text.sha256,
        standing=_standing(contents),
        time_stamp=stamped,
    )


def _standing(contents: Contents) -> str:
    """Who signed, and what is missing."""
    counted = {row.party_id: row.party.agency_name for row in contents.signatures if row.counts_from is not None}
    document = contents.text.document
    named = {row.party.agency.ref for row in contents.signatures if row.counts_from is not None}
    lacking = [party["legal_name"] for party in document["parties"] if party["ref"] not in named]
    lines = [f"Signed for: {'; '.join(counted.values()) or 'nobody yet'}."]
    if lacking:
        lines.append(f"Not signed yet for: {'; '.join(lacking)}.")
    if contents.sealed is None:
        lines.append("There is no sealed PDF yet.")
    if any(row.index is None for row in contents.events):
        lines.append("Some events had no entry in the ledger yet; a bundle taken a little later has them.")
    return "\n".join(lines)
