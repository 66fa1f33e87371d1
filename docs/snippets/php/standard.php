<?php

/** $headers: keyed by lower-case name. $rawBody: file_get_contents('php://input'), before parsing. Afterwards, deduplicate by webhook-id: the event's id, the same in a replay. */
function verifyStandard(string $secret, array $headers, string $rawBody): bool
{
    $sentAt = $headers['webhook-timestamp'] ?? '';
    if (!ctype_digit($sentAt) || abs(time() - (int) $sentAt) > 300) {
        return false; // too old: a replayed request
    }
    $key = base64_decode(preg_replace('/^whsec_/', '', $secret));
    $signed = ($headers['webhook-id'] ?? '') . ".$sentAt.$rawBody";
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', $signed, $key, true));
    // A list: during a rotation it also contains a signature by the old secret.
    foreach (explode(' ', $headers['webhook-signature'] ?? '') as $one) {
        if (hash_equals($expected, $one)) {
            return true;
        }
    }
    return false;
}
