"""Certificate authorities and certificates for loopback servers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes


@dataclass(frozen=True, slots=True)
class Authority:
    """Signs certificates; ``path`` holds its own, ``with_key`` the private key besides."""

    name: x509.Name
    key: CertificateIssuerPrivateKeyTypes
    path: Path
    with_key: Path

    def certificate(self, path: Path, *hosts: str) -> Path:
        """Write a certificate for ``hosts``, with its key, to ``path`` and return that."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
        made = _builder(_name(hosts[0]), self.name).public_key(key.public_key()).add_extension(names, critical=False)
        path.write_bytes(made.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM) + _pem(key))
        return path


def make_authority(directory: Path, title: str) -> Authority:
    """Return a new authority whose files lie in ``directory``."""
    # The proxy that signs anew speaks RSA by default.
    key = rsa.generate_private_key(65537, 2048)
    name = _name(title)
    constraint = x509.BasicConstraints(ca=True, path_length=None)
    builder = _builder(name, name).public_key(key.public_key()).add_extension(constraint, critical=True)
    pem = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    slug = title.lower().replace(" ", "-")
    path, with_key = directory / f"{slug}.pem", directory / f"{slug}-key.pem"
    path.write_bytes(pem)
    with_key.write_bytes(pem + _pem(key))
    return Authority(name, key, path, with_key)


def _name(title: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title)])


def _builder(subject: x509.Name, issuer: x509.Name) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
    )


def _pem(key: CertificateIssuerPrivateKeyTypes) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
