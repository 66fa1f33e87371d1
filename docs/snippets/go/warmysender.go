package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// VerifyWarmySender verifies a delivery. rawBody: the received bytes, before parsing.
func VerifyWarmySender(secret string, headers http.Header, rawBody []byte) bool {
	// t=<unix milliseconds>,v1=<hex>; during a rotation there is a second v1, by the old secret.
	parts := strings.Split(headers.Get("x-warmy-signature"), ",")
	sentAt := strings.TrimPrefix(parts[0], "t=")
	ms, err := strconv.ParseInt(sentAt, 10, 64)
	if err != nil || time.Since(time.UnixMilli(ms)).Abs() > 5*time.Minute {
		return false // too old: a replayed request
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(sentAt + "."))
	mac.Write(rawBody)
	expected := "v1=" + hex.EncodeToString(mac.Sum(nil))
	for _, part := range parts {
		if hmac.Equal([]byte(expected), []byte(part)) {
			return true
		}
	}
	return false
}
