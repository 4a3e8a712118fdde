"""A time-stamp authority (RFC 3161) of the tests, on a free port of this machine: DER written by hand, no program needed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SHA256 = "2.16.840.1.101.3.4.2.1"
RSA = "1.2.840.113549.1.1.1"
SIGNED_DATA = "1.2.840.113549.1.7.2"
TST_INFO = "1.2.840.113549.1.9.16.1.4"
SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.47"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"


def tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def sequence(*parts: bytes) -> bytes:
    return tlv(0x30, b"".join(parts))


def set_of(*parts: bytes) -> bytes:
    return tlv(0x31, b"".join(sorted(parts)))


def integer(value: int) -> bytes:
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    out = [first * 40 + second]
    for number in rest:
        parts = [number & 0x7F]
        while number := number >> 7:
            parts.append(0x80 | number & 0x7F)
        out += reversed(parts)
    return tlv(0x06, bytes(out))


def algorithm(dotted: str) -> bytes:
    return sequence(oid(dotted), tlv(0x05, b""))


def read(data: bytes) -> list[tuple[int, bytes, bytes]]:
    """Tag, content and the whole of each element."""
    found, at = [], 0
    while at < len(data):
        size, head = data[at + 1], 2
        if size & 0x80:
            head = 2 + (size & 0x7F)
            size = int.from_bytes(data[at + 2 : at + head], "big")
        found.append((data[at], data[at + head : at + head + size], data[at : at + head + size]))
        at += head + size
    return found


@dataclass
class Authority:
    """A root, and a certificate for time stamping under it; `lies` says how an answer is spoiled."""

    lies: str = ""
    asked: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.root_key, self.key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
        self.root = _certificate("Test root", self.root_key, "Test root", self.root_key, is_root=True)
        self.certificate = _certificate("Test time stamps", self.key, "Test root", self.root_key)

    def write_roots(self, folder: Path) -> Path:
        path = folder / "roots.pem"
        path.write_bytes(self.root.public_bytes(serialization.Encoding.PEM))
        return path

    def answer(self, query: bytes) -> bytes:
        self.asked.append(query)
        if self.lies == "refusal":
            return sequence(sequence(integer(2), sequence(tlv(0x0C, b"no such policy"))))
        if self.lies == "nonsense":
            return b"<html>"
        parts = read(read(query)[0][1])
        imprint = parts[1][2]
        nonce = next(whole for tag, _content, whole in parts[2:] if tag == 2)
        if self.lies == "another imprint":
            imprint = sequence(algorithm(SHA256), tlv(0x04, bytes(32)))
        if self.lies == "another nonce":
            nonce = integer(7)
        late = timedelta(hours=1) if self.lies == "another time" else timedelta()
        now = (datetime.now(UTC) - late).strftime("%Y%m%d%H%M%SZ").encode()
        info = sequence(integer(1), oid("1.2.3.4.1"), imprint, integer(len(self.asked)), tlv(0x18, now), nonce)
        return sequence(sequence(integer(0)), self._signed(info))

    def _signed(self, info: bytes) -> bytes:
        """SignedData (RFC 5652 §5) over the TSTInfo."""
        der = self.certificate.public_bytes(serialization.Encoding.DER)
        attributes = [
            sequence(oid(CONTENT_TYPE), set_of(oid(TST_INFO))),
            sequence(oid(MESSAGE_DIGEST), set_of(tlv(0x04, sha256(info).digest()))),
            # ESSCertIDv2 (RFC 5816): which certificate signed, SHA-256 by default.
            sequence(oid(SIGNING_CERTIFICATE), set_of(sequence(sequence(sequence(tlv(0x04, sha256(der).digest())))))),
        ]
        signature = self.key.sign(set_of(*attributes), padding.PKCS1v15(), hashes.SHA256())
        if self.lies == "wrong signature":
            signature = signature[:-1] + bytes([signature[-1] ^ 1])
        issuer = self.certificate.issuer.public_bytes()
        signer = sequence(
            integer(1), sequence(issuer, integer(self.certificate.serial_number)), algorithm(SHA256),
            tlv(0xA0, b"".join(sorted(attributes))), algorithm(RSA), tlv(0x04, signature),
        )  # fmt: skip
        content = sequence(oid(TST_INFO), tlv(0xA0, tlv(0x04, info)))
        certificates = tlv(0xA0, der)
        data = sequence(integer(3), set_of(algorithm(SHA256)), content, certificates, set_of(signer))
        return sequence(oid(SIGNED_DATA), tlv(0xA0, data))


@contextmanager
def served(authority: Authority) -> Iterator[str]:
    """The address at which the authority answers."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
            if authority.lies == "no status":
                self.wfile.write(b"220 mail.example ready\r\n\r\n")
                return
            if authority.lies == "trickle":
                self.trickle(body)
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            if authority.lies == "cut off":
                self.send_header("Transfer-Encoding", "chunked")
                body = b"%x\r\n%s" % (len(body), body[:20])
            self.end_headers()
            self.wfile.write(body)

        def trickle(self, body: bytes) -> None:
            """A byte now and then: never silent, never done."""
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                for byte in body:
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.05)

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _certificate(
    name: str, key: rsa.RSAPrivateKey, issuer: str, issuer_key: rsa.RSAPrivateKey, *, is_root: bool = False
) -> x509.Certificate:
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(1 if is_root else 2)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
    )
    if not is_root:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        built = built.add_extension(usage, critical=True)
    return built.sign(issuer_key, hashes.SHA256())
