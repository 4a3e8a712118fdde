"""The seal as verify.py reads it, with the standard library alone: what it covers, its digest, its signature."""

from __future__ import annotations

import random

import pytest

from portal.seals import seal_pdf
from portal.seals.keys import seal_key
from tests.portal.seals import attacks
from tests.portal.seals.pages import TEMPLATE, pages
from tests.portal.seals.test_attacks import corpus
from tests.verifiers import changing

SEED = 20261124
# In these nothing that was signed is another, and the script does not read what is not: the hash in the ledger does.
NOT_OF_THE_SEAL = {"an unsigned attribute", "small letters", "words behind the signature"}


@pytest.fixture(scope="module")
def script():
    return changing.as_module()


@pytest.fixture
def _own_key(settings, tmp_path):
    settings.SEAL_KEY_FILE = settings.SEAL_CERTIFICATE_FILE = tmp_path / "seal.pem"
    settings.TSA_URL = ""


def codes(script, content):
    return {one.code: one.values for one in script.check_seal(content)}


def is_ours(script, content):
    return codes(script, content).get("seal", {}).get("certificate") == seal_key().fingerprint


@pytest.mark.usefixtures("_own_key")
def test_a_seal_of_ours_is_right_to_the_script(script):
    content = seal_pdf(pages(), reason="A test")[0]

    assert codes(script, content).keys() == {"seal", "pades"}
    assert is_ours(script, content)
    assert codes(script, pages()).keys() == {"no-seal"}


@pytest.mark.usefixtures("_own_key")
@pytest.mark.parametrize("place", ['"Agreement"', '"ESA"'])
def test_words_in_a_title_or_a_name_are_no_second_signature(script, place):
    words = "Survey of the /ByteRange [0 1 2 3] pole /Contents <00>"
    content = seal_pdf(pages(TEMPLATE.replace(place, f'"{words}"')), reason="A test")[0]

    assert content.count(b"/ByteRange") >= 2
    assert is_ours(script, content)
    assert script.seal_signature(content)


@pytest.mark.usefixtures("_own_key")
def test_no_file_of_the_attack_corpus_is_right_to_the_script(script):
    found = {label for label, content in corpus().items() if is_ours(script, content)}

    assert found == NOT_OF_THE_SEAL


@pytest.mark.usefixtures("_own_key")
def test_of_a_kind_of_key_that_the_script_does_not_know_it_says_what_it_left_unchecked(script, monkeypatch):
    content = seal_pdf(pages(), reason="A test")[0]
    monkeypatch.setattr(script, "P256_KEY", b"another curve")

    found = {one.code: str(one) for one in script.check_seal(content)}

    assert found.keys() == {"seal-digest", "pades"}
    assert "was not checked" in found["pades"]


@pytest.mark.usefixtures("_own_key")
def test_every_changed_byte_that_the_seal_covers_is_found_by_the_script(script):
    content, chance = seal_pdf(pages(), reason="A test")[0], random.Random(SEED)
    _start, first, second, _rest = attacks.Sealed(content).ranges
    places = [place for place in range(len(content)) if not first <= place < second]

    for place in chance.sample(places, 300):
        changed = bytearray(content)
        changed[place] ^= 1 << chance.randrange(8)

        assert not is_ours(script, bytes(changed)), place
    assert "seal-wrong" in codes(script, content + b"\n")
