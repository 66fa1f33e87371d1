<?php

// Reads cases from stdin and writes each snippet's verdict to stdout. Argument: the folder of the snippets.
// A warning counts as a failure of the snippet.
set_error_handler(function (int $level, string $message): never {
    throw new ErrorException($message);
});
$verdicts = [];
foreach (json_decode(stream_get_contents(STDIN), true) as $case) {
    require_once "{$argv[1]}/{$case['dialect']}.php";
    // Function names are case-insensitive.
    $verdicts[] = "verify{$case['dialect']}"($case['secret'], $case['headers'], base64_decode($case['body']));
}
echo json_encode($verdicts);
