// Reads cases from stdin and writes each snippet's verdict to stdout.
package main

import (
	"encoding/json"
	"net/http"
	"os"

	"snippets/webhook"
)

type testCase struct {
	Dialect, Secret string
	Headers         map[string]string
	Body            []byte
}

var verifiers = map[string]func(string, http.Header, []byte) bool{
	"defrost":     webhook.VerifyDefrost,
	"standard":    webhook.VerifyStandard,
	"foxreach":    webhook.VerifyFoxReach,
	"mailpanda":   webhook.VerifyMailPanda,
	"warmysender": webhook.VerifyWarmySender,
	"driftwood":   webhook.VerifyDriftwood,
}

func main() {
	var cases []testCase
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		panic(err)
	}
	verdicts := make([]bool, len(cases))
	for i, each := range cases {
		headers := http.Header{}
		for name, value := range each.Headers {
			headers.Set(name, value)
		}
		verdicts[i] = verifiers[each.Dialect](each.Secret, headers, each.Body)
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdicts); err != nil {
		panic(err)
	}
}
