"""A signed directory of a global configuration, taken apart and judged without Causeway: MIME by
hand, digests by Python, certificates and the signature by openssl."""
import base64
import datetime
import hashlib
import pathlib
import re
import subprocess

SCHEMES = {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512": "sha512",
           "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512": "sha512"}
SHA512 = "http://www.w3.org/2001/04/xmlenc#sha512"


def openssl(*words, **options):
    return subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, timeout=60, **options).stdout


def headers_and_body(octets):
    head, _, body = octets.partition(b"\r\n\r\n")
    lines = (line.split(":", 1) for line in head.decode().split("\r\n") if line)
    return {name.strip().lower(): value.strip() for name, value in lines}, body


def boundary(headers):
    return re.search(r'boundary="?([^";]+)', headers["content-type"]).group(1).encode()


class SignedDirectory:
    def __init__(self, document):
        outer, body = headers_and_body(document)
        _, content, signature, end = body.split(b"--" + boundary(outer))
        assert end.startswith(b"--"), "the closing delimiter"
        inner, signed = headers_and_body(content[2:])
        self.signed = signed[:-2]  # the last line end belongs to the delimiter
        self.signature_headers, value = headers_and_body(signature[2:])
        self.signature = base64.b64decode(value)
        delimiter = b"--" + boundary(inner)
        blocks = [headers_and_body(block[2:]) for block in self.signed.split(delimiter)[1:-1]]
        self.version = int(blocks[0][0]["version"])
        self.expires = datetime.datetime.fromisoformat(blocks[0][0]["expire-date"].replace("Z", "+00:00"))
        self.parts = blocks[1:]

    def left(self):
        """Seconds until it expires."""
        return (self.expires - datetime.datetime.now(datetime.timezone.utc)).total_seconds()

    def identifiers(self):
        return [headers["content-identifier"] for headers, _ in self.parts]

    def signed_by(self, certificate, scratch):
        """Whether `certificate`, a PEM file, is named and its key made the signature."""
        der = openssl("x509", "-in", certificate, "-outform", "DER")
        named, parameter = self.signature_headers["verification-certificate-hash"].split(";")
        assert SHA512 in parameter
        if base64.b64decode(named) != hashlib.sha512(der).digest():
            return False
        scratch = pathlib.Path(scratch)
        (scratch / "key.pem").write_bytes(openssl("x509", "-in", certificate, "-pubkey", "-noout"))
        (scratch / "signature").write_bytes(self.signature)
        digest = SCHEMES[self.signature_headers["signature-algorithm-id"]]
        said = openssl("dgst", f"-{digest}", "-verify", scratch / "key.pem", "-signature", scratch / "signature",
                       input=self.signed)
        return said.strip() == b"Verified OK"

    def check_parts(self, fetch):
        """`fetch` gives the octets at a location. They have the digests that were signed."""
        for headers, body in self.parts:
            assert headers["content-type"] == "application/octet-stream"
            assert headers["content-transfer-encoding"] == "base64"
            assert headers["hash-algorithm-id"] == SHA512
            content = fetch(headers["content-location"])
            if hashlib.sha512(content).digest() != base64.b64decode(body):
                return False
        return True
