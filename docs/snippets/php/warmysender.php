<?php

/** $headers: keyed by lower-case name. $rawBody: file_get_contents('php://input'), before parsing. */
function verifyWarmySender(string $secret, array $headers, string $rawBody): bool
{
    // t=<unix milliseconds>,v1=<hex>; during a rotation there is a second v1, by the old secret.
    $parts = explode(',', $headers['x-warmy-signature'] ?? '');
    $sentAt = preg_replace('/^t=/', '', $parts[0]);
    if (!ctype_digit($sentAt) || abs(microtime(true) * 1000 - (int) $sentAt) > 300_000) {
        return false; // too old: a replayed request
    }
    $expected = 'v1=' . hash_hmac('sha256', "$sentAt.$rawBody", $secret);
    foreach ($parts as $part) {
        if (hash_equals($expected, $part)) {
            return true;
        }
    }
    return false;
}
