"""docs/witnesses.md keeps its word: its vectors are recomputed by hand, by the portal's code, and by witness.py."""

import re
from base64 import b64decode
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from portal.history import cosignatures, notes
from portal.history.cosignatures import BadCosignature, WitnessKey

DOCUMENT = (settings.BASE_DIR / "docs" / "witnesses.md").read_text(encoding="utf-8")
KEY, SIGNED, NOTE = re.findall(r"```text\n(.*?)```", DOCUMENT.partition("## Test vectors")[2], re.DOTALL)
VERIFIER = KEY.strip()
LINE = NOTE.split("\n")[7]


def test_the_vectors_are_true_by_hand():
    name, key_id, encoded = VERIFIER.split("+", 2)
    raw = b64decode(encoded)
    dash, signer, signature = LINE.split(" ")
    signed = b64decode(signature)

    assert raw[1:] == Ed25519PrivateKey.from_private_bytes(bytes(range(0x20, 0x40))).public_key().public_bytes_raw()
    assert key_id == signed[:4].hex() == sha256(name.encode() + b"\n" + raw).hexdigest()[:8]
    assert (dash, signer, len(signed)) == ("\u2014", name, 4 + 8 + 64)
    assert SIGNED.split("\n")[:2] == ["cosignature/v1", f"time {int.from_bytes(signed[4:12], 'big')}"]
    assert SIGNED.partition("\n")[2].partition("\n")[2] == NOTE.partition("\n\n")[0] + "\n"
    Ed25519PublicKey.from_public_bytes(raw[1:]).verify(signed[12:], SIGNED.encode())


def test_our_code_reads_the_same():
    key = cosignatures.parse_key(VERIFIER)
    cosigned = cosignatures.parse_line(LINE, [key])
    note = notes.parse(notes.unwitnessed(NOTE))

    assert cosigned.is_over(note.text)
    assert cosignatures.message(cosigned.time, note.text) == SIGNED.encode()
    assert str(note) + str(cosigned) == NOTE


def test_any_changed_character_of_a_line_or_a_key_is_refused():
    key = cosignatures.parse_key(VERIFIER)
    body = notes.parse(notes.unwitnessed(NOTE)).text

    for text, is_good in ((LINE, lambda line: cosignatures.parse_line(line, [key]).is_over(body)), (VERIFIER, is_this)):
        for position in range(len(text)):
            for letter in ("A", "b", "+", " ", "\n", ""):
                changed = text[:position] + letter + text[position + 1 :]
                if changed not in (text, text + "\n"):
                    assert not passes(is_good, changed), (position, letter)
    for number in range(len(body)):
        assert not cosignatures.parse_line(LINE, [key]).is_over(body[:number] + "~" + body[number + 1 :])


@pytest.mark.parametrize("value", sorted(cosignatures.SMALL_ORDER))
@pytest.mark.parametrize("sign", [0, 1 << 255])
def test_a_key_that_verifies_everything_is_refused(value, sign):
    raw = (value | sign).to_bytes(32, "little")

    with pytest.raises(BadCosignature):
        cosignatures.parse_key(WitnessKey("agency.example/witness", raw).verifier)


@pytest.mark.parametrize(
    "bad", ["", "+", "++", "a+b+c", VERIFIER + "\n", VERIFIER.upper(), "x" * 100_000, "é+00000000+AAAA", "a\x00+1+2"]
)
def test_what_is_no_verifier_key_is_refused(bad):
    with pytest.raises(BadCosignature):
        cosignatures.parse_key(bad)


def is_this(text):
    return cosignatures.parse_key(text) == cosignatures.parse_key(VERIFIER)


def passes(is_good, text):
    try:
        return is_good(text)
    except BadCosignature:
        return False
