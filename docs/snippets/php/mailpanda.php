<?php

/** $headers: keyed by lower-case name. $rawBody: file_get_contents('php://input'), before parsing. */
function verifyMailPanda(string $secret, array $headers, string $rawBody): bool
{
    $expected = hash_hmac('sha256', $rawBody, $secret);
    return hash_equals($expected, $headers['x-webhook-signature'] ?? '');
}
