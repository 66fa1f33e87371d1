import base64
import hashlib
import hmac
import time


def verify_standard(secret: str, headers, raw_body: bytes) -> bool:
    """headers: by lower-case names. raw_body: the bytes as they came, before parsing.

    If true, deduplicate by webhook-id: the event's id, the same in a replay.
    """
    sent_at = headers.get("webhook-timestamp", "")
    if not sent_at.isdecimal() or abs(time.time() - int(sent_at)) > 300:
        return False  # an old request, sent again
    encoded = secret.removeprefix("whsec_")
    key = base64.b64decode(encoded + "=" * (-len(encoded) % 4))
    signed = f'{headers.get("webhook-id", "")}.{sent_at}.'.encode() + raw_body
    expected = b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    # A list: during a rotation the old secret's signature is there too.
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(expected, one.encode()) for one in given)
