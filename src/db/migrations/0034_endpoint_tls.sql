-- The client certificate and the authorities of an endpoint. `tls` is what the API shows, `tls_sealed` the PEM texts with the private key.
ALTER TABLE endpoints ADD COLUMN tls jsonb;
ALTER TABLE endpoints ADD COLUMN tls_sealed bytea;
ALTER TABLE endpoints ADD COLUMN tls_expires_at timestamptz;

-- Few endpoints have a certificate; those that end soon are counted for /metrics.
CREATE INDEX endpoints_tls_expiry ON endpoints (tls_expires_at) WHERE tls_expires_at IS NOT NULL;
