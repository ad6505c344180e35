"""Tokens, signed here by an independent library."""

import base64
import hashlib
import hmac
import json
import time

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def claims(**more) -> dict:
    return {"sub": "u1", "exp": int(time.time()) + 3600} | more


def signed(header: dict, payload: dict, sign) -> str:
    text = ".".join(encoded(json.dumps(part).encode()) for part in (header, payload))
    return f"{text}.{encoded(sign(text.encode()))}"


def by_secret(secret: bytes, payload: dict, alg: str = "HS256", **header) -> str:
    digest = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}[alg]
    return signed({"alg": alg, "typ": "JWT"} | header, payload,
                  lambda text: hmac.new(secret, text, digest).digest())


def by_rsa(key: rsa.RSAPrivateKey, payload: dict, **header) -> str:
    return signed({"alg": "RS256"} | header, payload,
                  lambda text: key.sign(text, padding.PKCS1v15(), hashes.SHA256()))


def by_curve(key: ec.EllipticCurvePrivateKey, payload: dict, **header) -> str:
    def sign(text):
        r, s = decode_dss_signature(key.sign(text, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    return signed({"alg": "ES256"} | header, payload, sign)


def pem(key) -> bytes:
    """The public part."""
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def jwk(key: ec.EllipticCurvePrivateKey, kid: str) -> dict:
    """The public part."""
    numbers = key.public_key().public_numbers()
    return {"kty": "EC", "crv": "P-256", "kid": kid, "use": "sig",
            "x": encoded(numbers.x.to_bytes(32, "big")), "y": encoded(numbers.y.to_bytes(32, "big"))}
