-- OAuth 2.0 client credentials of an endpoint: `oauth_client` is what the API shows, `oauth_secret_sealed` the client's secret.
ALTER TABLE endpoints ADD COLUMN oauth_client jsonb;
ALTER TABLE endpoints ADD COLUMN oauth_secret_sealed bytea;
