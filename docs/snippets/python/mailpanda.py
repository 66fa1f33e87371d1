import hashlib
import hmac


def verify_mailpanda(secret: str, headers, raw_body: bytes) -> bool:
    """headers: by lower-case names. raw_body: the bytes as they came, before parsing."""
    expected = hmac.new(secret.encode(), raw_body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), headers.get("x-webhook-signature", "").encode())
