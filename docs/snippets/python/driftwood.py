import hashlib
import hmac


def verify_driftwood(secret: str, headers, raw_body: bytes) -> bool:
    """headers: keyed by lower-case name. raw_body: the received bytes, before parsing."""
    expected = "sha256=" + hmac.new(secret.encode(), raw_body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), headers.get("x-driftwood-signature", "").encode())
