import base64
import hashlib
import hmac
import time


def verify_standard(secret: str, headers, raw_body: bytes) -> bool:
    """headers: keyed by lower-case name. raw_body: the received bytes, before parsing.

    Afterwards, deduplicate by webhook-id: the event's id, the same in a replay.
    """
    sent_at = headers.get("webhook-timestamp", "")
    if not sent_at.isdecimal() or abs(time.time() - int(sent_at)) > 300:
        return False  # too old: a replayed request
    encoded = secret.removeprefix("whsec_")
    key = base64.b64decode(encoded + "=" * (-len(encoded) % 4))
    signed = f'{headers.get("webhook-id", "")}.{sent_at}.'.encode() + raw_body
    expected = b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    # A list: during a rotation it also contains a signature by the old secret.
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(expected, one.encode()) for one in given)
