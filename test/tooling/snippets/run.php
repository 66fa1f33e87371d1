<?php

// Takes cases from stdin, gives what each dialect's snippet says of them to stdout; the folder of the snippets is the argument.
// A warning is a fault of the snippet.
set_error_handler(function (int $level, string $message): never {
    throw new ErrorException($message);
});
$verdicts = [];
foreach (json_decode(stream_get_contents(STDIN), true) as $case) {
    require_once "{$argv[1]}/{$case['dialect']}.php";
    // Functions' names do not mind case.
    $verdicts[] = "verify{$case['dialect']}"($case['secret'], $case['headers'], base64_decode($case['body']));
}
echo json_encode($verdicts);
