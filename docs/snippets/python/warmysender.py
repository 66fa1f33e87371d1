import hashlib
import hmac
import time


def verify_warmysender(secret: str, headers, raw_body: bytes) -> bool:
    """headers: keyed by lower-case name. raw_body: the received bytes, before parsing."""
    # t=<unix milliseconds>,v1=<hex>; during a rotation there is a second v1, by the old secret.
    parts = headers.get("x-warmy-signature", "").split(",")
    sent_at = next((part[2:] for part in parts if part.startswith("t=")), "")
    if not sent_at.isdecimal() or abs(time.time() * 1000 - int(sent_at)) > 300_000:
        return False  # too old: a replayed request
    signed = f"{sent_at}.".encode() + raw_body
    expected = "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return any(hmac.compare_digest(expected.encode(), part.encode()) for part in parts)
