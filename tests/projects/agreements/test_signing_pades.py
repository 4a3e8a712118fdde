"""PDFs that were signed elsewhere: what is taken for our text under a signature, what is found in it, and what is refused."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter

from projects.agreements.canonical import canonical_bytes
from projects.agreements.signing import apart
from projects.agreements.signing.pades import Unacceptable, examine, require_still
from projects.agreements.typesetting import render_pdf
from tests.portal.seals import attacks
from tests.projects.agreements import documents, foreign
from tests.projects.agreements.foreign import name, signed

FROZEN_AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def ours() -> bytes:
    """The PDF to be signed."""
    return render_pdf(documents.document(), frozen_at=FROZEN_AT)


def refusal(content: bytes, ours: bytes, **options) -> str:
    """The code of the refusal; empty where the file is taken."""
    try:
        examine(content, ours, **options)
    except Unacceptable as error:
        return error.code
    return ""


def only(content: bytes, ours: bytes, **options):
    (told,) = examine(content, ours, **options)["signatures"]
    return told


def test_what_the_certificate_says_is_reported_and_what_was_not_checked_is_said(ours):
    findings = examine(signed(ours), ours)

    (told,) = findings["signatures"]
    assert (findings["pages"], findings["field"]) == ("appended", "Signature1")
    assert (findings["trust"], findings["revocation"], told["trust"]) == ("not_checked",) * 3
    assert (told["level"], told["covers"], told["counts"]) == ("B-B", "file", True)
    assert (told["name"], told["subject"]) == ("Ingrid Polarsen", "Common Name: Ingrid Polarsen")
    assert told["issuer"] == "Common Name: Ministry Root"
    assert told["valid_from"] < told["signed_at"] < told["valid_until"]
    assert told["serial"] == f"{foreign.certified().signing_cert.serial_number:x}"
    assert (told["time_stamp"], told["says_qualified"], told["visible_on_page"]) == (None, False, None)


def test_the_level_is_what_the_file_shows_and_never_more(ours):
    archived = foreign.archived(ours)
    older = signed(ours, subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED)
    files = [older, signed(ours), signed(ours, stamped=True), archived, foreign.time_stamped(archived)]

    assert [only(content, ours)["level"] for content in files] == ["", "B-B", "B-T", "B-LT", "B-LTA"]
    assert only(files[2], ours)["time_stamp"]["authority"] == "Ministry Clock"


def test_a_qualified_certificate_and_a_picture_on_a_page_are_reported(ours):
    told = only(signed(ours, foreign.certified("Hana", qualified=foreign.QUALIFIED), box=(90, 90, 300, 190)), ours)

    seal = only(signed(ours, foreign.certified("Ministry", qualified=foreign.FOR_SEALS)), ours)

    assert (told["says_qualified"], told["visible_on_page"]) == (True, 1)
    assert (seal["says_qualified"], seal["visible_on_page"]) == (False, None)


def test_trust_is_judged_only_by_roots_that_are_given(ours):
    content = signed(ours)

    assert only(content, ours, roots=foreign.root_pem())["trust"] == "trusted"
    assert refusal(content, ours, roots=foreign.other_root_pem()) == "untrusted"


def test_of_several_signatures_each_is_reported_and_the_uploader_names_the_one_that_counts(ours):
    both = signed(signed(ours), foreign.certified("Hana Tsukino"), field="Signature2")

    assert refusal(both, ours) == "which"
    assert refusal(both, ours, field="Signature3") == "no-such-field"
    told = examine(both, ours, field="Signature1")["signatures"]
    assert [(row["name"], row["counts"], row["covers"]) for row in told] == [
        ("Ingrid Polarsen", True, "revision"),
        ("Hana Tsukino", False, "file"),
    ]


def test_a_file_written_anew_is_taken_where_every_page_can_be_shown_to_be_ours(ours):
    assert examine(signed(foreign.rewritten(ours)), ours)["pages"] == "rewritten"
    assert refusal(signed(foreign.rewritten(foreign.with_other_words(ours))), ours) == "pages-differ"


def test_a_pdf_to_be_signed_that_carries_another_text_than_the_frozen_one_is_nothing_to_sign(ours):
    assert refusal(signed(ours), ours, text=canonical_bytes(documents.document())) == ""
    assert refusal(signed(ours), ours, text=b"{}") == "another-text"


def test_what_is_not_our_text_under_an_intact_signature_is_refused(ours):
    other = render_pdf(documents.document(title="Another study"), frozen_at=FROZEN_AT)
    files = {
        "nothing": (b"", "unreadable"),
        "no PDF": (b"%PDF-1.7\nhello", "unreadable"),
        "another text": (signed(other), "another-text"),
        "unsigned": (ours, "unsigned"),
        "encrypted": (foreign.encrypted(ours), "encrypted"),
        "other words, then signed": (signed(foreign.with_other_words(ours)), "pages-differ"),
        "a note, then signed": (signed(foreign.with_note(ours)), "pages-differ"),
        "a field to fill, then signed": (
            signed(foreign.with_note(ours, **{"/Subtype": name("/Widget"), "/FT": name("/Tx")})),
            "pages-differ",
        ),
        "a script, then signed": (signed(foreign.with_action(ours)), "active"),
        "signed, then other words": (foreign.with_other_words(signed(ours)), "pages-differ"),
        "signed, then a note": (foreign.with_note(signed(ours)), "pages-differ"),
        "signed, then a word at the end": (signed(ours) + b"% approved\n", "appended"),
        "an old hash": (signed(ours, md_algorithm="sha1"), "weak"),
        "a certificate of the past": (signed(ours, foreign.certified("Old", days=9, ago=30)), "expired"),
    }

    assert {label: refusal(content, ours) for label, (content, _code) in files.items()} == {
        label: code for label, (_content, code) in files.items()
    }


def test_no_file_of_the_attack_corpus_is_taken(ours):
    certified = signed(ours, field="Seal", certify=True, docmdp_permissions=MDPPerm.NO_CHANGES, name="Seal")
    assert refusal(certified, ours) == ""
    sealed = attacks.Sealed(certified)
    families = (attacks.appended, attacks.forged, attacks.stuffed)

    files = {label: content for family in families for label, content in family(sealed).items()}
    # Small letters are as good as capitals; PAdES allows attributes and long-term material that nobody signs.
    harmless = {"small letters", "an unsigned attribute", "an update: material for long-term validation"}

    assert {label for label, content in files.items() if not refusal(content, ours)} == harmless
    assert len(files) > 30


def test_no_flipped_bit_of_what_is_signed_goes_unseen(ours):
    sealed = attacks.Sealed(signed(ours))
    _start, before, resumed, _after = sealed.ranges
    taken = []

    for at in (at for at in range(11, len(sealed.content), 997) if not before <= at < resumed):
        flipped = bytearray(sealed.content)
        flipped[at] ^= 4
        if not refusal(bytes(flipped), ours):
            taken.append(at)

    assert taken == []


def test_a_scan_that_does_something_or_cannot_be_read_is_refused(ours):
    require_still(ours)

    for content, code in (
        (foreign.with_action(ours), "active"),
        (foreign.encrypted(ours), "encrypted"),
        (b"%PDF-1.4 no", "unreadable"),
    ):
        with pytest.raises(Unacceptable) as caught:
            require_still(content)
        assert caught.value.code == code


def test_a_file_that_unpacks_to_far_more_harms_only_the_process_that_examines_it(ours):
    writer = IncrementalPdfFileWriter(BytesIO(ours))
    packed = {name("/Filter"): name("/FlateDecode")}
    bomb = generic.StreamObject(encoded_data=zlib.compress(bytes(1 << 27), 9), dict_data=packed)
    page = writer.root["/Pages"]["/Kids"][0]
    page[name("/Contents")] = writer.add_object(bomb)
    writer.update_container(page)
    output = BytesIO()
    writer.write(output)

    with pytest.raises(Unacceptable) as caught:
        apart.examine_apart(signed(output.getvalue()), ours)

    assert caught.value.code == "too-much"
    assert apart.examine_apart(signed(ours), ours)["pages"] == "appended"
