// Generated from docs/openapi.json. Run: npm run generate

/**
 * Request body of `PATCH /v1/organization`.
 *
 * @example
 * ```ts
 * import type { UpdateOrganizationBody } from '@outrider/sdk';
 *
 * const body: UpdateOrganizationBody = { alert_email: 'ops@example.com' };
 * ```
 */
export interface UpdateOrganizationBody {
  /** A bare address on the public internet; null: alerts are kept and not mailed. */
  alert_email: string | null;
}

/**
 * Request body of `POST /v1/keys`.
 *
 * @example
 * ```ts
 * import type { CreateKeyBody } from '@outrider/sdk';
 *
 * const body: CreateKeyBody = { name: 'billing service', scopes: ['events:write', 'webhooks:read'] };
 * ```
 */
export interface CreateKeyBody {
  name: string;
  /** Default: the scopes of the calling key. */
  scopes?: (
    | '*'
    | 'read'
    | 'write'
    | 'campaigns:read'
    | 'campaigns:write'
    | 'contacts:read'
    | 'contacts:write'
    | 'crm:read'
    | 'crm:write'
    | 'events:read'
    | 'events:write'
    | 'inbound:read'
    | 'inbound:write'
    | 'keys:read'
    | 'keys:write'
    | 'leads:read'
    | 'leads:write'
    | 'mailboxes:read'
    | 'mailboxes:write'
    | 'members:read'
    | 'members:write'
    | 'organization:read'
    | 'organization:write'
    | 'replies:read'
    | 'replies:write'
    | 'suppressions:read'
    | 'suppressions:write'
    | 'tracking:read'
    | 'tracking:write'
    | 'warmup:read'
    | 'warmup:write'
    | 'webhooks:read'
    | 'webhooks:write'
    | 'workspaces:read'
    | 'workspaces:write'
  )[];
  /** Binds the key to this workspace. */
  workspace_id?: string;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
  /** Creates a key of the sandbox; the sandbox is created with its first key. */
  sandbox?: boolean;
  /** When the key expires. Default: the expiry of the calling key. */
  expires_at?: string;
}

/**
 * Request body of `POST /v1/workspaces`.
 *
 * @example
 * ```ts
 * import type { CreateWorkspaceBody } from '@outrider/sdk';
 *
 * const body: CreateWorkspaceBody = { name: 'Agency client A', external_id: 'customer-42' };
 * ```
 */
export interface CreateWorkspaceBody {
  name: string;
  /** Your own id of it, such as the id of your customer. Unique within the organization. */
  external_id?: string;
  limits?: { endpoints?: number | null };
}

/**
 * Request body of `PATCH /v1/workspaces/{id}`.
 *
 * @example
 * ```ts
 * import type { UpdateWorkspaceBody } from '@outrider/sdk';
 *
 * const body: UpdateWorkspaceBody = { name: 'Agency client B', limits: { endpoints: 20 } };
 * ```
 */
export interface UpdateWorkspaceBody {
  name?: string;
  /** Can be set once, on a workspace that has none. */
  external_id?: string;
  limits?: { endpoints?: number | null };
}

/**
 * Request body of `POST /v1/sessions`.
 *
 * @example
 * ```ts
 * import type { SignInBody } from '@outrider/sdk';
 *
 * const body: SignInBody = { email: 'ada@example.com', password: 'correct horse battery staple' };
 * ```
 */
export interface SignInBody {
  email: string;
  password: string;
  /** A one-time password or a recovery code, for an account that has a second factor. */
  code?: string;
}

/**
 * Request body of `POST /v1/invitations/accept`.
 *
 * @example
 * ```ts
 * import type { AcceptInvitationBody } from '@outrider/sdk';
 *
 * const body: AcceptInvitationBody = {
 *   token: 'q2Zs0nJxq8o1eQh0S4mVw7yTtq3nT2c5bK9dLr6fUe0',
 *   name: 'Ada Lovelace',
 *   password: 'correct horse battery staple',
 * };
 * ```
 */
export interface AcceptInvitationBody {
  /** Of the link. */
  token: string;
  /** Required for the link of an operator, which names no address. */
  email?: string;
  /** Of a new account; a person who has an account keeps the name. */
  name: string;
  password: string;
  /** A one-time password or a recovery code, for an account that has a second factor. */
  code?: string;
}

/**
 * Request body of `PUT /v1/me/password`.
 *
 * @example
 * ```ts
 * import type { ChangePasswordBody } from '@outrider/sdk';
 *
 * const body: ChangePasswordBody = {
 *   current_password: 'correct horse battery staple',
 *   new_password: 'seven lean herons at dusk',
 * };
 * ```
 */
export interface ChangePasswordBody {
  current_password: string;
  new_password: string;
}

/**
 * Request body of `POST /v1/me/totp`.
 *
 * @example
 * ```ts
 * import type { EnrollTotpBody } from '@outrider/sdk';
 *
 * const body: EnrollTotpBody = { password: 'correct horse battery staple' };
 * ```
 */
export interface EnrollTotpBody {
  password: string;
}

/**
 * Request body of `POST /v1/me/totp/confirm`.
 *
 * @example
 * ```ts
 * import type { ConfirmTotpBody } from '@outrider/sdk';
 *
 * const body: ConfirmTotpBody = { code: '287082' };
 * ```
 */
export interface ConfirmTotpBody {
  code: string;
}

/**
 * Request body of `POST /v1/me/recovery-codes`.
 *
 * @example
 * ```ts
 * import type { RenewRecoveryCodesBody } from '@outrider/sdk';
 *
 * const body: RenewRecoveryCodesBody = { password: 'correct horse battery staple' };
 * ```
 */
export interface RenewRecoveryCodesBody {
  password: string;
}

/**
 * Request body of `POST /v1/me/totp/disable`.
 *
 * @example
 * ```ts
 * import type { DisableTotpBody } from '@outrider/sdk';
 *
 * const body: DisableTotpBody = { password: 'correct horse battery staple' };
 * ```
 */
export interface DisableTotpBody {
  password: string;
}

/**
 * Request body of `POST /v1/me/passkeys`.
 *
 * @example
 * ```ts
 * import type { AddPasskeyBody } from '@outrider/sdk';
 *
 * const body: AddPasskeyBody = {
 *   name: 'Laptop',
 *   credential: {
 *     id: 'mCq2sWm3',
 *     rawId: 'mCq2sWm3',
 *     type: 'public-key',
 *     response: {
 *       clientDataJSON:
 *         'eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoicTJaczBuSnhxOG8xZVFoMFM0bVZ3N3lUdHEzblQyYzViSzlkTHI2ZlVlMCIsIm9yaWdpbiI6Imh0dHBzOi8vb3V0cmlkZXIuZXhhbXBsZS5jb20ifQ',
 *       attestationObject: 'o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVg',
 *       transports: ['internal'],
 *     },
 *   },
 * };
 * ```
 */
export interface AddPasskeyBody {
  /** Which device or password manager has it. */
  name: string;
  credential: {
    id: string;
    rawId: string;
    type: 'public-key';
    response: { clientDataJSON: string; attestationObject: string; transports?: string[]; [name: string]: unknown };
    [name: string]: unknown;
  };
}

/**
 * Request body of `POST /v1/me/passkeys/options`.
 *
 * @example
 * ```ts
 * import type { GetPasskeyCreationOptionsBody } from '@outrider/sdk';
 *
 * const body: GetPasskeyCreationOptionsBody = { password: 'correct horse battery staple' };
 * ```
 */
export interface GetPasskeyCreationOptionsBody {
  password: string;
}

/**
 * Request body of `PATCH /v1/me/passkeys/{id}`.
 *
 * @example
 * ```ts
 * import type { UpdatePasskeyBody } from '@outrider/sdk';
 *
 * const body: UpdatePasskeyBody = { name: 'Old laptop' };
 * ```
 */
export interface UpdatePasskeyBody {
  /** Which device or password manager has it. */
  name: string;
}

/**
 * Request body of `POST /v1/sessions/passkey`.
 *
 * @example
 * ```ts
 * import type { SignInWithPasskeyBody } from '@outrider/sdk';
 *
 * const body: SignInWithPasskeyBody = {
 *   credential: {
 *     id: 'mCq2sWm3',
 *     rawId: 'mCq2sWm3',
 *     type: 'public-key',
 *     response: {
 *       clientDataJSON:
 *         'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoicTJaczBuSnhxOG8xZVFoMFM0bVZ3N3lUdHEzblQyYzViSzlkTHI2ZlVlMCIsIm9yaWdpbiI6Imh0dHBzOi8vb3V0cmlkZXIuZXhhbXBsZS5jb20ifQ',
 *       authenticatorData: 'SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MdAAAAAQ',
 *       signature: 'MEUCIQDm',
 *       userHandle: 'AZnJ8F9OjB6aMwpvL58cQA',
 *     },
 *   },
 * };
 * ```
 */
export interface SignInWithPasskeyBody {
  credential: {
    id: string;
    rawId: string;
    type: 'public-key';
    response: {
      clientDataJSON: string;
      authenticatorData: string;
      signature: string;
      userHandle?: string | null;
      [name: string]: unknown;
    };
    [name: string]: unknown;
  };
}

/**
 * Request body of `POST /v1/password-resets`.
 *
 * @example
 * ```ts
 * import type { RequestPasswordResetBody } from '@outrider/sdk';
 *
 * const body: RequestPasswordResetBody = { email: 'ada@example.com' };
 * ```
 */
export interface RequestPasswordResetBody {
  email: string;
}

/**
 * Request body of `POST /v1/password-resets/accept`.
 *
 * @example
 * ```ts
 * import type { AcceptPasswordResetBody } from '@outrider/sdk';
 *
 * const body: AcceptPasswordResetBody = {
 *   token: 'q2Zs0nJxq8o1eQh0S4mVw7yTtq3nT2c5bK9dLr6fUe0',
 *   password: 'seven lean herons at dusk',
 * };
 * ```
 */
export interface AcceptPasswordResetBody {
  /** Of the link. */
  token: string;
  password: string;
  /** A one-time password or a recovery code, for an account that has a second factor. */
  code?: string;
}

/**
 * Request body of `PATCH /v1/members/{id}`.
 *
 * @example
 * ```ts
 * import type { UpdateMemberBody } from '@outrider/sdk';
 *
 * const body: UpdateMemberBody = { role: 'viewer' };
 * ```
 */
export interface UpdateMemberBody {
  role?: 'owner' | 'admin' | 'member' | 'viewer';
  /** The workspace that the person is limited to, as a key bound to it, with the role `member` or `viewer`; null: none. */
  workspace_id?: string | null;
}

/**
 * Request body of `POST /v1/invitations`.
 *
 * @example
 * ```ts
 * import type { CreateInvitationBody } from '@outrider/sdk';
 *
 * const body: CreateInvitationBody = { email: 'grace@example.com', role: 'member' };
 * ```
 */
export interface CreateInvitationBody {
  email: string;
  role: 'owner' | 'admin' | 'member' | 'viewer';
  /** The workspace that the person is limited to, as a key bound to it, with the role `member` or `viewer`; null: none. */
  workspace_id?: string | null;
}

/**
 * Request body of `POST /v1/workspaces/{id}/portal-links`.
 *
 * @example
 * ```ts
 * import type { CreatePortalLinkBody } from '@outrider/sdk';
 *
 * const body: CreatePortalLinkBody = { expires_in: 600, session_expires_in: 3600 };
 * ```
 */
export interface CreatePortalLinkBody {
  /** Seconds in which the link can be opened. */
  expires_in?: number;
  /** Seconds that the session lasts once it is opened. */
  session_expires_in?: number;
}

/**
 * Request body of `POST /v1/portal-sessions`.
 *
 * @example
 * ```ts
 * import type { OpenPortalSessionBody } from '@outrider/sdk';
 *
 * const body: OpenPortalSessionBody = { token: 'q2Zs0nJxq8o1eQh0S4mVw7yTtq3nT2c5bK9dLr6fUe0' };
 * ```
 */
export interface OpenPortalSessionBody {
  token: string;
}

/**
 * Request body of `PUT /v1/portal-brand`.
 *
 * @example
 * ```ts
 * import type { SetPortalBrandBody } from '@outrider/sdk';
 *
 * const body: SetPortalBrandBody = { name: 'Acme', color: '#3b5bdb', logo: null };
 * ```
 */
export interface SetPortalBrandBody {
  name: string;
  /** `#rrggbb`, for buttons; the page writes on it in black or white, whichever has more contrast. */
  color: string;
  /** A PNG, JPEG or WebP image as a `data:` URL of at most 48 KiB: the page loads nothing from elsewhere. */
  logo: string | null;
}

/**
 * Request body of `POST /v1/webhooks`.
 *
 * @example
 * ```ts
 * import type { CreateWebhookBody } from '@outrider/sdk';
 *
 * const body: CreateWebhookBody = {
 *   target_url: 'https://receiver.example/hooks/outrider',
 *   events: ['reply.*', 'meeting.booked'],
 *   description: 'CRM',
 * };
 * ```
 */
export interface CreateWebhookBody {
  /** The URL that receives deliveries by POST. https, without credentials, and not a private address. */
  target_url: string;
  /** `*`, names such as `reply.received`, and prefixes such as `email.*`: built-in types, the dialect's names for them, or types that you publish yourself. */
  events: string[];
  description?: string;
  /** How deliveries are formatted: `defrost` (the default), `standard` (Standard Webhooks) or another vendor's format. */
  dialect?: 'defrost' | 'standard' | 'foxreach' | 'mailpanda' | 'warmysender' | 'driftwood';
  /** Additional request headers, such as credentials for your receiver; at most 20. Values are stored encrypted and shown as `***`; sending `***` keeps the stored value. */
  headers?: Record<string, string>;
  /** Exact waits before the second, third, … attempt. null: the dialect's schedule (usually 1 m, 5 m, 30 m, 2 h, 12 h), with each wait up to 10 % longer at random. */
  retry_schedule_seconds?: number[] | null;
  /** Timeout of a whole exchange. null: the dialect's timeout (15 s; 5 s for foxreach and warmysender). */
  timeout_ms?: number | null;
  /** Maximum number of concurrent deliveries. Default: 32. */
  max_in_flight?: number;
  /** At most so many deliveries a second, over all processes; 0.1 is one in ten seconds. null: no limit. */
  rate_limit_per_second?: number | null;
  /** `fifo`: deliveries are sent one at a time, in the order of publishing; a failed or held delivery blocks later ones. */
  ordering?: 'none' | 'fifo';
  /** Only events whose `data` matches. Maps dotted paths to a value, to a list of allowed values, or to operators: `$eq`, `$ne`, `$in`, `$nin`, `$gt`, `$gte`, `$lt`, `$lte`, `$exists`, `$startsWith`, `$not`. All must match; `$or` takes an array of filters, `$not` one. A list in the data matches if any of its items does, and paths lead through lists of objects. At most 50 conditions. */
  filter?: object | null;
  /** `ed25519` (dialect `standard` only) adds a `v1a` signature, verified with `public_key`. */
  signing?: 'hmac' | 'ed25519';
  /** false: events are held until the endpoint is enabled. */
  is_active?: boolean;
  /** A Liquid template of the body, instead of the dialect's body (dialect `standard` only), with the variables `data`, `type`, `id`, `occurred_at`, `organization_id`, `workspace_id` and `sandbox`. The filter `json` prints a value as JSON. It is tried with examples of the event types. The signature is over the rendered body. */
  body_template?: string | null;
  /** The media type of the template's bodies; null: `application/json`. JSON bodies are checked. */
  content_type?: string | null;
  /** A client certificate (mTLS), and authorities of your own. Only with https. The whole object is replaced; null removes it. To move the endpoint to another origin, send it again. */
  tls?: {
    /** The certificate that Outrider presents to the receiver, as PEM, followed by its intermediate certificates; at most 5. */
    client_certificate?: string;
    /** The certificate's private key, as PEM without a passphrase: RSA of 2,048 to 4,096 bits, P-256, P-384, P-521 or Ed25519. Stored encrypted, and never shown. */
    client_key?: string;
    /** The authorities that may have issued the receiver's certificate, as PEM; at most 10. They are trusted for this endpoint instead of the public ones. */
    ca?: string;
  } | null;
  /** Each delivery carries an access token that Outrider gets by OAuth 2.0 client credentials. The whole object is replaced; null removes it. */
  oauth2?: {
    /** The token endpoint of the authorization server: https, and not a private address. */
    token_url: string;
    client_id: string;
    /** Stored encrypted and shown as `***`; sending `***` keeps the stored one. */
    client_secret: string;
    /** The scopes to request, separated by spaces. null: none. */
    scope?: string | null;
    /** The parameter `audience`, which some servers require. null: none. */
    audience?: string | null;
    /** Whether the client id and secret are sent in the header `authorization` (`basic`) or in the body. */
    client_authentication?: 'basic' | 'body';
  } | null;
  /** Default: the workspace that the key is bound to, if any. */
  workspace_id?: string;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
  /** Your own signing secret, 16 to 256 characters. A secret that starts with `whsec_` must continue with 24 to 64 bytes in base64, as the Standard Webhooks signature requires. Default: a generated secret. */
  secret?: string;
}

/**
 * Request body of `PATCH /v1/webhooks/{id}`.
 *
 * @example
 * ```ts
 * import type { UpdateWebhookBody } from '@outrider/sdk';
 *
 * const body: UpdateWebhookBody = { events: ['reply.*'], max_in_flight: 8 };
 * ```
 */
export interface UpdateWebhookBody {
  /** The URL that receives deliveries by POST. https, without credentials, and not a private address. */
  target_url?: string;
  /** `*`, names such as `reply.received`, and prefixes such as `email.*`: built-in types, the dialect's names for them, or types that you publish yourself. */
  events?: string[];
  description?: string;
  /** How deliveries are formatted: `defrost` (the default), `standard` (Standard Webhooks) or another vendor's format. */
  dialect?: 'defrost' | 'standard' | 'foxreach' | 'mailpanda' | 'warmysender' | 'driftwood';
  /** Additional request headers, such as credentials for your receiver; at most 20. Values are stored encrypted and shown as `***`; sending `***` keeps the stored value. */
  headers?: Record<string, string>;
  /** Exact waits before the second, third, … attempt. null: the dialect's schedule (usually 1 m, 5 m, 30 m, 2 h, 12 h), with each wait up to 10 % longer at random. */
  retry_schedule_seconds?: number[] | null;
  /** Timeout of a whole exchange. null: the dialect's timeout (15 s; 5 s for foxreach and warmysender). */
  timeout_ms?: number | null;
  /** Maximum number of concurrent deliveries. Default: 32. */
  max_in_flight?: number;
  /** At most so many deliveries a second, over all processes; 0.1 is one in ten seconds. null: no limit. */
  rate_limit_per_second?: number | null;
  /** `fifo`: deliveries are sent one at a time, in the order of publishing; a failed or held delivery blocks later ones. */
  ordering?: 'none' | 'fifo';
  /** Only events whose `data` matches. Maps dotted paths to a value, to a list of allowed values, or to operators: `$eq`, `$ne`, `$in`, `$nin`, `$gt`, `$gte`, `$lt`, `$lte`, `$exists`, `$startsWith`, `$not`. All must match; `$or` takes an array of filters, `$not` one. A list in the data matches if any of its items does, and paths lead through lists of objects. At most 50 conditions. */
  filter?: object | null;
  /** `ed25519` (dialect `standard` only) adds a `v1a` signature, verified with `public_key`. */
  signing?: 'hmac' | 'ed25519';
  /** false: events are held until the endpoint is enabled. */
  is_active?: boolean;
  /** A Liquid template of the body, instead of the dialect's body (dialect `standard` only), with the variables `data`, `type`, `id`, `occurred_at`, `organization_id`, `workspace_id` and `sandbox`. The filter `json` prints a value as JSON. It is tried with examples of the event types. The signature is over the rendered body. */
  body_template?: string | null;
  /** The media type of the template's bodies; null: `application/json`. JSON bodies are checked. */
  content_type?: string | null;
  /** A client certificate (mTLS), and authorities of your own. Only with https. The whole object is replaced; null removes it. To move the endpoint to another origin, send it again. */
  tls?: {
    /** The certificate that Outrider presents to the receiver, as PEM, followed by its intermediate certificates; at most 5. */
    client_certificate?: string;
    /** The certificate's private key, as PEM without a passphrase: RSA of 2,048 to 4,096 bits, P-256, P-384, P-521 or Ed25519. Stored encrypted, and never shown. */
    client_key?: string;
    /** The authorities that may have issued the receiver's certificate, as PEM; at most 10. They are trusted for this endpoint instead of the public ones. */
    ca?: string;
  } | null;
  /** Each delivery carries an access token that Outrider gets by OAuth 2.0 client credentials. The whole object is replaced; null removes it. */
  oauth2?: {
    /** The token endpoint of the authorization server: https, and not a private address. */
    token_url: string;
    client_id: string;
    /** Stored encrypted and shown as `***`; sending `***` keeps the stored one. */
    client_secret: string;
    /** The scopes to request, separated by spaces. null: none. */
    scope?: string | null;
    /** The parameter `audience`, which some servers require. null: none. */
    audience?: string | null;
    /** Whether the client id and secret are sent in the header `authorization` (`basic`) or in the body. */
    client_authentication?: 'basic' | 'body';
  } | null;
}

/**
 * Request body of `POST /v1/webhooks/{id}/enable`.
 *
 * @example
 * ```ts
 * import type { EnableWebhookBody } from '@outrider/sdk';
 *
 * const body: EnableWebhookBody = { release_held: true };
 * ```
 */
export interface EnableWebhookBody {
  /** true: held deliveries are sent now. false: they stay held; with `ordering: fifo`, newer deliveries wait for them. */
  release_held?: boolean;
}

/**
 * Request body of `POST /v1/webhooks/{id}/rotate-secret`.
 *
 * @example
 * ```ts
 * import type { RotateWebhookSecretBody } from '@outrider/sdk';
 *
 * const body: RotateWebhookSecretBody = { overlap_seconds: 86400 };
 * ```
 */
export interface RotateWebhookSecretBody {
  overlap_seconds?: number;
  /** Your own signing secret, 16 to 256 characters. A secret that starts with `whsec_` must continue with 24 to 64 bytes in base64, as the Standard Webhooks signature requires. Default: a generated secret. */
  secret?: string;
  /** The secret that signs headers with room for a single signature during the overlap. */
  sign_with?: 'old' | 'new';
}

/**
 * Request body of `POST /v1/webhooks/{id}/test`.
 *
 * @example
 * ```ts
 * import type { TestWebhookBody } from '@outrider/sdk';
 *
 * const body: TestWebhookBody = { event: 'reply.received' };
 * ```
 */
export interface TestWebhookBody {
  /** The event type whose example is sent. Default: `webhook.test`. */
  event?: string;
}

/**
 * Request body of `POST /v1/events`.
 *
 * @example
 * ```ts
 * import type { PublishEventBody } from '@outrider/sdk';
 *
 * const body: PublishEventBody = {
 *   event: 'invoice.paid',
 *   data: { invoice_id: 'in_1042', amount: 4200, currency: 'EUR' },
 * };
 * ```
 */
export interface PublishEventBody {
  /** The event type: a built-in one, or one of your own, registered or not. */
  event: string;
  /** Delivered byte for byte as written here. */
  data: object;
  /** When it happened, with a time zone. Default: now. */
  occurred_at?: string;
  /** Deliver it at this time, with a time zone, at most 30 days from now and less than the retention; a time in the past means now. Until then, erase its data to cancel it. */
  deliver_at?: string;
  /** Default: the workspace that the key is bound to, if any. */
  workspace_id?: string;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
}

/**
 * Request body of `POST /v1/events/batch`.
 *
 * @example
 * ```ts
 * import type { PublishEventsBody } from '@outrider/sdk';
 *
 * const body: PublishEventsBody = {
 *   events: [
 *     { event: 'invoice.paid', data: { invoice_id: 'in_1042', amount: 4200, currency: 'EUR' } },
 *     {
 *       event: 'invoice.paid',
 *       data: { invoice_id: 'in_1042', amount: 4200, currency: 'EUR' },
 *       idempotency_key: 'in_1042',
 *     },
 *   ],
 * };
 * ```
 */
export interface PublishEventsBody {
  events: {
    /** The event type: a built-in one, or one of your own, registered or not. */
    event: string;
    /** Delivered byte for byte as written here. */
    data: object;
    /** When it happened, with a time zone. Default: now. */
    occurred_at?: string;
    /** Deliver it at this time, with a time zone, at most 30 days from now and less than the retention; a time in the past means now. Until then, erase its data to cancel it. */
    deliver_at?: string;
    /** Default: the workspace that the key is bound to, if any. */
    workspace_id?: string;
    /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
    workspace?: {
      /** Your own id of the workspace. */
      external_id: string;
      /** Of a new workspace. Default: the external id. */
      name?: string;
    };
    /** This event's own key; overrides the header's. */
    idempotency_key?: string;
  }[];
}

/**
 * Request body of `PUT /v1/event-retention`.
 *
 * @example
 * ```ts
 * import type { SetEventRetentionBody } from '@outrider/sdk';
 *
 * const body: SetEventRetentionBody = { retention: { 'email.opened': 7, 'order.*': 14 } };
 * ```
 */
export interface SetEventRetentionBody {
  /** Days, by type or prefix such as `order.*`; at most 50 entries. */
  retention: Record<string, number>;
}

/**
 * Request body of `POST /v1/event-types`.
 *
 * @example
 * ```ts
 * import type { CreateEventTypeBody } from '@outrider/sdk';
 *
 * const body: CreateEventTypeBody = {
 *   name: 'invoice.paid',
 *   description: 'An invoice was paid in full.',
 *   schema: {
 *     type: 'object',
 *     required: ['invoice_id', 'amount'],
 *     properties: {
 *       invoice_id: { type: 'string', pattern: '^in_[0-9]+$' },
 *       amount: { type: 'integer', minimum: 0 },
 *       currency: { type: 'string', minLength: 3, maxLength: 3 },
 *     },
 *   },
 *   example: { invoice_id: 'in_1042', amount: 4200, currency: 'EUR' },
 * };
 * ```
 */
export interface CreateEventTypeBody {
  name: string;
  description?: string;
  /** JSON Schema (draft 2020-12) that `data` must satisfy, up to 32 KiB. References must be paths within the schema, such as `#/$defs/address`, not anchors. Patterns are matched by RE2 in linear time: look-around, back references and repetitions over 1,000 are rejected. `x-…` keywords are ignored. */
  schema?: object;
  /** An example of `data`, which must satisfy the schema. Test events use it. */
  example?: object;
}

/**
 * Request body of `PATCH /v1/event-types/{name}`.
 *
 * @example
 * ```ts
 * import type { UpdateEventTypeBody } from '@outrider/sdk';
 *
 * const body: UpdateEventTypeBody = { description: 'An invoice was paid, in full or in part.' };
 * ```
 */
export interface UpdateEventTypeBody {
  description?: string;
  schema?: object | null;
  example?: object | null;
}

/**
 * Request body of `POST /v1/replays`.
 *
 * @example
 * ```ts
 * import type { CreateReplayBody } from '@outrider/sdk';
 *
 * const body: CreateReplayBody = {
 *   endpoint_id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00',
 *   since: '2026-01-04T00:00:00.000Z',
 *   status: 'failed',
 *   event_types: ['reply.*'],
 * };
 * ```
 */
export interface CreateReplayBody {
  endpoint_id: string;
  /** Inclusive. Compared with the delivery's creation, or the event's if the status is `all`. */
  since: string;
  /** Exclusive. Default and maximum: now. */
  until?: string;
  /** Types, or patterns such as `contact.*`. Default: all. */
  event_types?: string[];
  status?: 'failed' | 'delivered' | 'all';
  /** Maximum number of deliveries queued per second. */
  rate_per_second?: number;
}

/**
 * Request body of `POST /v1/replays/preview`.
 *
 * @example
 * ```ts
 * import type { PreviewReplayBody } from '@outrider/sdk';
 *
 * const body: PreviewReplayBody = {
 *   endpoint_id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00',
 *   since: '2026-01-04T00:00:00.000Z',
 *   status: 'failed',
 *   event_types: ['reply.*'],
 * };
 * ```
 */
export interface PreviewReplayBody {
  endpoint_id: string;
  /** Inclusive. Compared with the delivery's creation, or the event's if the status is `all`. */
  since: string;
  /** Exclusive. Default and maximum: now. */
  until?: string;
  /** Types, or patterns such as `contact.*`. Default: all. */
  event_types?: string[];
  status?: 'failed' | 'delivered' | 'all';
}

/**
 * Request body of `POST /v1/listeners`.
 *
 * @example
 * ```ts
 * import type { CreateListenerBody } from '@outrider/sdk';
 *
 * const body: CreateListenerBody = { events: ['reply.*'] };
 * ```
 */
export interface CreateListenerBody {
  /** Default: the workspace that the key is bound to, if any. */
  workspace_id?: string;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
  /** `*`, names such as `reply.received`, and prefixes such as `email.*`: built-in types, the dialect's names for them, or types that you publish yourself. */
  events?: string[];
  /** Only events whose `data` matches. Maps dotted paths to a value, to a list of allowed values, or to operators: `$eq`, `$ne`, `$in`, `$nin`, `$gt`, `$gte`, `$lt`, `$lte`, `$exists`, `$startsWith`, `$not`. All must match; `$or` takes an array of filters, `$not` one. A list in the data matches if any of its items does, and paths lead through lists of objects. At most 50 conditions. */
  filter?: object | null;
  description?: string;
  /** `fifo`: deliveries are sent one at a time, in the order of publishing; a failed or held delivery blocks later ones. */
  ordering?: 'none' | 'fifo';
  /** Default: `defrost`. */
  dialect?: 'defrost' | 'standard' | 'foxreach' | 'mailpanda' | 'warmysender' | 'driftwood';
  /** The listener is deleted when nobody fetches from it for this long; null: never. */
  expires_in_seconds?: number | null;
}

/**
 * Request body of `POST /v1/listeners/{id}/pull`.
 *
 * @example
 * ```ts
 * import type { PullListenerBody } from '@outrider/sdk';
 *
 * const body: PullListenerBody = { max: 10, wait_seconds: 20 };
 * ```
 */
export interface PullListenerBody {
  max?: number;
  wait_seconds?: number;
}

/**
 * Request body of `POST /v1/listeners/{id}/settle`.
 *
 * @example
 * ```ts
 * import type { SettleListenerBody } from '@outrider/sdk';
 *
 * const body: SettleListenerBody = {
 *   results: [{ delivery_id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d02', attempt: 1, status_code: 200, duration_ms: 12 }],
 * };
 * ```
 */
export interface SettleListenerBody {
  results: {
    delivery_id: string;
    attempt: number;
    duration_ms: number;
    /** The receiver's status code. 2xx: delivered. */
    status_code?: number;
    /** Why the receiver did not answer. */
    error?: string;
    /** The response, kept with the attempt. */
    response?: { headers?: Record<string, string>; body?: string };
  }[];
}

/**
 * Request body of `POST /v1/inbound-sources`.
 *
 * @example
 * ```ts
 * import type { CreateInboundSourceBody } from '@outrider/sdk';
 *
 * const body: CreateInboundSourceBody = { provider: 'generic', name: 'Relay in Frankfurt' };
 * ```
 */
export interface CreateInboundSourceBody {
  provider: 'resend' | 'sendgrid' | 'mailgun' | 'postmark' | 'ses' | 'brevo' | 'calcom' | 'calendly' | 'generic';
  name: string;
  /** `resend`: the signing secret, `whsec_…`. `mailgun`: the HTTP webhook signing key. */
  secret?: string;
  /** `sendgrid`: the verification key, base64 or PEM. */
  public_key?: string;
  /** `postmark`, `brevo`: of basic authentication. Default: `outrider`. */
  username?: string;
  /** `postmark`, `brevo`: of basic authentication. Default: one that Outrider makes. */
  password?: string;
  /** `ses`: the ARN of the SNS topic. */
  topic_arn?: string;
  /** Default: the workspace that the key is bound to, if any. */
  workspace_id?: string;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
}

/**
 * Request body of `POST /v1/inbound-sources/{id}/rotate-secret`.
 *
 * @example
 * ```ts
 * import type { RotateInboundSecretBody } from '@outrider/sdk';
 *
 * const body: RotateInboundSecretBody = { overlap_seconds: 86400 };
 * ```
 */
export interface RotateInboundSecretBody {
  overlap_seconds?: number;
  /** `resend`: the signing secret, `whsec_…`. `mailgun`: the HTTP webhook signing key. */
  secret?: string;
  /** `sendgrid`: the verification key, base64 or PEM. */
  public_key?: string;
  /** `postmark`, `brevo`: of basic authentication. Default: `outrider`. */
  username?: string;
  /** `postmark`, `brevo`: of basic authentication. Default: one that Outrider makes. */
  password?: string;
  /** `ses`: the ARN of the SNS topic. */
  topic_arn?: string;
}

/**
 * Request body of `POST /v1/mailboxes`.
 *
 * @example
 * ```ts
 * import type { CreateMailboxBody } from '@outrider/sdk';
 *
 * const body: CreateMailboxBody = {
 *   email: 'grace@hopper.example',
 *   display_name: 'Grace Hopper',
 *   smtp: { host: 'smtp.hopper.example', port: 465, security: 'tls', username: 'grace@hopper.example', password: '…' },
 *   imap: { host: 'imap.hopper.example', port: 993, security: 'tls', username: 'grace@hopper.example', password: '…' },
 *   timezone: 'Europe/Berlin',
 * };
 * ```
 */
export interface CreateMailboxBody {
  /** `seed`: it only receives, and measures where warm-up messages of the organization arrive (`GET /v1/mailboxes/{id}/placement`). Default: `sender`. */
  role?: 'sender' | 'seed';
  /** The name before the address in `From`. */
  display_name?: string | null;
  /** Messages in any 24 hours, and in a local day. Default: 50, or 30 for gmail.com. At most what the provider allows: 500 for gmail.com, 2,000 for Google Workspace, 10,000 for others. */
  daily_limit?: number;
  /** Time between two messages of campaigns. Default: 90 to 420. */
  gap_seconds?: { min: number; max: number };
  /** Messages per hour to one recipient domain. Default: 5. */
  max_hourly_per_domain?: number;
  /** IANA name, such as `Europe/Berlin`. Default: `UTC`. */
  timezone?: string;
  /** When campaigns send, in `timezone`. Default: Monday to Friday, 09:00 to 17:00. */
  work_hours?: {
    /** 1 is Monday. */
    days: number[];
    start: string;
    /** Up to `24:00`. */
    end: string;
  };
  signature?: string | null;
  /** Address for replies, if it is not the mailbox. */
  reply_to?: string | null;
  /** Host of its links, once it is verified (`/v1/tracking-domains`). Null: one of the verified ones is chosen. */
  tracking_domain?: string | null;
  email: string;
  /** `smtp`: `smtp` and, to read replies, `imap`. `capture`: sends into the capture box of the installation. `google` and `microsoft`: start at `GET /v1/oauth/{provider}/start`. */
  provider?: 'smtp' | 'google' | 'microsoft' | 'capture';
  smtp?: {
    host: string;
    port: number;
    /** `tls`: from the first byte, as on 465 and 993. `starttls`: refused unless the server upgrades, as on 587 and 143. `none`: only to addresses that the operator allows (OUTRIDER_EGRESS_ALLOW). */
    security: 'tls' | 'starttls' | 'none';
    username: string;
    /** Password, or app password. Stored encrypted, and never returned. */
    password: string;
  };
  /** Without it, the mailbox is not read: replies and bounces stay unknown. */
  imap?: {
    host: string;
    port: number;
    /** `tls`: from the first byte, as on 465 and 993. `starttls`: refused unless the server upgrades, as on 587 and 143. `none`: only to addresses that the operator allows (OUTRIDER_EGRESS_ALLOW). */
    security: 'tls' | 'starttls' | 'none';
    username: string;
    /** Password, or app password. Stored encrypted, and never returned. */
    password: string;
  };
  /** Default: the workspace that the key is bound to, if any. */
  workspace_id?: string;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
}

/**
 * Request body of `POST /v1/mailboxes/check`.
 *
 * @example
 * ```ts
 * import type { TestMailboxSettingsBody } from '@outrider/sdk';
 *
 * const body: TestMailboxSettingsBody = {
 *   email: 'grace@hopper.example',
 *   display_name: 'Grace Hopper',
 *   smtp: { host: 'smtp.hopper.example', port: 465, security: 'tls', username: 'grace@hopper.example', password: '…' },
 *   imap: { host: 'imap.hopper.example', port: 993, security: 'tls', username: 'grace@hopper.example', password: '…' },
 *   timezone: 'Europe/Berlin',
 * };
 * ```
 */
export interface TestMailboxSettingsBody {
  /** `seed`: it only receives, and measures where warm-up messages of the organization arrive (`GET /v1/mailboxes/{id}/placement`). Default: `sender`. */
  role?: 'sender' | 'seed';
  /** The name before the address in `From`. */
  display_name?: string | null;
  /** Messages in any 24 hours, and in a local day. Default: 50, or 30 for gmail.com. At most what the provider allows: 500 for gmail.com, 2,000 for Google Workspace, 10,000 for others. */
  daily_limit?: number;
  /** Time between two messages of campaigns. Default: 90 to 420. */
  gap_seconds?: { min: number; max: number };
  /** Messages per hour to one recipient domain. Default: 5. */
  max_hourly_per_domain?: number;
  /** IANA name, such as `Europe/Berlin`. Default: `UTC`. */
  timezone?: string;
  /** When campaigns send, in `timezone`. Default: Monday to Friday, 09:00 to 17:00. */
  work_hours?: {
    /** 1 is Monday. */
    days: number[];
    start: string;
    /** Up to `24:00`. */
    end: string;
  };
  signature?: string | null;
  /** Address for replies, if it is not the mailbox. */
  reply_to?: string | null;
  /** Host of its links, once it is verified (`/v1/tracking-domains`). Null: one of the verified ones is chosen. */
  tracking_domain?: string | null;
  email: string;
  /** `smtp`: `smtp` and, to read replies, `imap`. `capture`: sends into the capture box of the installation. `google` and `microsoft`: start at `GET /v1/oauth/{provider}/start`. */
  provider?: 'smtp' | 'google' | 'microsoft' | 'capture';
  smtp?: {
    host: string;
    port: number;
    /** `tls`: from the first byte, as on 465 and 993. `starttls`: refused unless the server upgrades, as on 587 and 143. `none`: only to addresses that the operator allows (OUTRIDER_EGRESS_ALLOW). */
    security: 'tls' | 'starttls' | 'none';
    username: string;
    /** Password, or app password. Stored encrypted, and never returned. */
    password: string;
  };
  /** Without it, the mailbox is not read: replies and bounces stay unknown. */
  imap?: {
    host: string;
    port: number;
    /** `tls`: from the first byte, as on 465 and 993. `starttls`: refused unless the server upgrades, as on 587 and 143. `none`: only to addresses that the operator allows (OUTRIDER_EGRESS_ALLOW). */
    security: 'tls' | 'starttls' | 'none';
    username: string;
    /** Password, or app password. Stored encrypted, and never returned. */
    password: string;
  };
  /** Default: the workspace that the key is bound to, if any. */
  workspace_id?: string;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
}

/**
 * Request body of `PATCH /v1/mailboxes/{id}`.
 *
 * @example
 * ```ts
 * import type { UpdateMailboxBody } from '@outrider/sdk';
 *
 * const body: UpdateMailboxBody = { daily_limit: 40, signature: 'Grace' };
 * ```
 */
export interface UpdateMailboxBody {
  /** `seed`: it only receives, and measures where warm-up messages of the organization arrive (`GET /v1/mailboxes/{id}/placement`). Default: `sender`. */
  role?: 'sender' | 'seed';
  /** The name before the address in `From`. */
  display_name?: string | null;
  /** Messages in any 24 hours, and in a local day. Default: 50, or 30 for gmail.com. At most what the provider allows: 500 for gmail.com, 2,000 for Google Workspace, 10,000 for others. */
  daily_limit?: number;
  /** Time between two messages of campaigns. Default: 90 to 420. */
  gap_seconds?: { min: number; max: number };
  /** Messages per hour to one recipient domain. Default: 5. */
  max_hourly_per_domain?: number;
  /** IANA name, such as `Europe/Berlin`. Default: `UTC`. */
  timezone?: string;
  /** When campaigns send, in `timezone`. Default: Monday to Friday, 09:00 to 17:00. */
  work_hours?: {
    /** 1 is Monday. */
    days: number[];
    start: string;
    /** Up to `24:00`. */
    end: string;
  };
  signature?: string | null;
  /** Address for replies, if it is not the mailbox. */
  reply_to?: string | null;
  /** Host of its links, once it is verified (`/v1/tracking-domains`). Null: one of the verified ones is chosen. */
  tracking_domain?: string | null;
  /** Tested again. The password must be sent again when host, port or security changes. */
  smtp?: {
    host?: string;
    port?: number;
    /** `tls`: from the first byte, as on 465 and 993. `starttls`: refused unless the server upgrades, as on 587 and 143. `none`: only to addresses that the operator allows (OUTRIDER_EGRESS_ALLOW). */
    security?: 'tls' | 'starttls' | 'none';
    username?: string;
    /** Password, or app password. Stored encrypted, and never returned. */
    password?: string;
  };
  /** As `smtp`. null: the mailbox is no longer read. */
  imap?: {
    host?: string;
    port?: number;
    /** `tls`: from the first byte, as on 465 and 993. `starttls`: refused unless the server upgrades, as on 587 and 143. `none`: only to addresses that the operator allows (OUTRIDER_EGRESS_ALLOW). */
    security?: 'tls' | 'starttls' | 'none';
    username?: string;
    /** Password, or app password. Stored encrypted, and never returned. */
    password?: string;
  } | null;
}

/**
 * Request body of `PATCH /v1/mailboxes/{id}/warmup`.
 *
 * @example
 * ```ts
 * import type { UpdateWarmupBody } from '@outrider/sdk';
 *
 * const body: UpdateWarmupBody = { enabled: true, target_daily_volume: 30, strategy: 'gentle' };
 * ```
 */
export interface UpdateWarmupBody {
  /** false: nothing is exchanged or governed. The ramp begins again if it was off for more than 7 days. */
  enabled?: boolean;
  /** Messages a day at the end of the ramp. Default: 20 of `gentle`, 40 of `normal`, 50 of `fast`. */
  target_daily_volume?: number;
  /** How fast the daily volume grows: `gentle` from 3 by one in two days, `normal` from 5 by 1, `fast` from 10 by 2 a day. */
  strategy?: 'gentle' | 'normal' | 'fast';
  /** Another name of `strategy`. */
  ramp?: 'gentle' | 'normal' | 'fast';
  /** Share of received warm-up messages that are answered, in per cent. */
  reply_rate?: number;
  /** Of the messages of warm-up. To a mailbox with another language they are in English. */
  language?: 'en' | 'de' | 'es' | 'fr' | 'it' | 'pt';
  /** Exchange messages with mailboxes of the organization that allow it, too. Default: false. */
  allow_same_organization?: boolean;
  /** Exchange messages with mailboxes of other organizations of this installation whose owners allow it, too: they see the address and the name of this mailbox. Default: false. */
  allow_other_organizations?: boolean;
}

/**
 * Request body of `POST /v1/messages`.
 *
 * @example
 * ```ts
 * import type { SendMessageBody } from '@outrider/sdk';
 *
 * const body: SendMessageBody = {
 *   mailbox_id: '0199c9f3-4c18-7a9b-8d27-5e0b6c3f8a30',
 *   to: 'ada@lovelace.example',
 *   subject: 'Spring launch',
 *   text: 'Hi Ada,\n\nthe launch is in April.',
 * };
 * ```
 */
export interface SendMessageBody {
  mailbox_id: string;
  /** One address. */
  to: string;
  /** Required, unless `reply_to_message_id` is set: then the default is its subject after `Re: `. */
  subject?: string;
  text: string;
  /** Sent beside the text. */
  html?: string;
  /** A message of the mailbox, sent or received, whose thread this one continues. */
  reply_to_message_id?: string;
}

/**
 * Request body of `PATCH /v1/organization/sending-limits`.
 *
 * @example
 * ```ts
 * import type { UpdateSendingLimitsBody } from '@outrider/sdk';
 *
 * const body: UpdateSendingLimitsBody = { daily_limit: 2000 };
 * ```
 */
export interface UpdateSendingLimitsBody {
  /** Messages of all mailboxes in one day (UTC); null: no limit. */
  daily_limit: number | null;
}

/**
 * Request body of `POST /v1/campaigns`.
 *
 * @example
 * ```ts
 * import type { CreateCampaignBody } from '@outrider/sdk';
 *
 * const body: CreateCampaignBody = {
 *   name: 'Spring launch',
 *   sequence: [{ subject: 'Hello {{first_name}}', body: 'Hi {{first_name}}, …' }],
 * };
 * ```
 */
export interface CreateCampaignBody {
  name: string;
  goal?: string | null;
  /** What a person or a model should know to write for this campaign. */
  context?: string | null;
  /** Default: the workspace that the key is bound to, if any. */
  workspace_id?: string | null;
  /** Whom the campaign is for; `{}` is everybody. Members replace those of the ICP of the workspace. The result is kept as it is now; it may have further members. */
  icp?: {
    /** Words of the industry of the company. */
    industries?: string[];
    /** Employees of the company: ranges such as `11-50`, or `1000+`. */
    sizes?: string[];
    /** Of the person, otherwise of the company: ISO 3166 codes, or names in English. */
    countries?: string[];
    /** Words of the job title. `CEO`, `VP` and the like also match what they stand for. */
    titles?: string[];
    /** As the source says, otherwise read from the job title. */
    seniorities?: (
      | 'owner'
      | 'founder'
      | 'c_suite'
      | 'partner'
      | 'vp'
      | 'head'
      | 'director'
      | 'manager'
      | 'senior'
      | 'entry'
      | 'intern'
    )[];
    /** Any of these in the job title, the name, industry or description of the company, or the tags. */
    keywords?: string[];
    /** Any of these that the company uses. */
    technologies?: string[];
    /** People and companies that match any of these are never accepted. */
    exclude?: {
      /** Of the address or the company, and domains below them. Also written as URLs or with `www`; stored without. */
      domains?: string[];
      keywords?: string[];
    };
    /** Verdicts on the address that are accepted. An address without a verdict is accepted: the `verification` of the campaign decides before anything is sent. */
    require?: { email_status?: ('deliverable' | 'risky' | 'undeliverable' | 'unknown')[] };
    /** The lowest score, of 0 to 100, that is accepted. Default: 60. */
    threshold?: number;
    [name: string]: unknown;
  };
  mailbox_ids?: string[];
  sequence?: {
    /** Of a step that stays; a step without an id is new. */
    id?: string;
    name?: string | null;
    /** Null or empty: answers in the thread of the step before. Liquid and spintax. */
    subject?: string | null;
    /** Liquid and spintax. */
    body: string;
    format?: 'text' | 'html';
    /** Since the step before was accepted by a server. Default: 0 for the first step, 1 for others. */
    delay_days?: number;
    delay_hours?: number;
    /** `delay_days` counts Monday to Friday, without holidays. */
    business_days?: boolean;
    /** Not sent to a lead that has replied. */
    send_only_if_no_reply?: boolean;
    /** A/B texts. Each lead gets one, and keeps it. */
    variants?: {
      /** Of a variant that stays; a variant without an id is new. */
      id?: string;
      /** Null or empty: the subject of the step. */
      subject?: string | null;
      /** Null or empty: the body of the step. */
      body?: string | null;
      /** Its share among the enabled variants. */
      weight?: number;
      /** A disabled one keeps its figures. */
      enabled?: boolean;
    }[];
  }[];
  /** When it sends. Default: Monday to Friday, 09:00 to 17:00, in UTC. */
  schedule?: {
    /** IANA name, such as `Europe/Oslo`. */
    timezone?: string;
    /** Windows and holidays are those of each lead's time zone and country, where they are known. */
    use_lead_timezone?: boolean;
    /** 1 is Monday. Default: Monday to Friday. */
    days?: number[];
    /** Default: `09:00`. */
    start?: string;
    /** Up to `24:00`. Default: `17:00`. */
    end?: string;
    /** Several windows, instead of `days`, `start` and `end`. */
    windows?: {
      /** 1 is Monday. */
      days: number[];
      start: string;
      /** Up to `24:00`. */
      end: string;
    }[];
    /** Countries whose public holidays are left out, such as `NO`, or with a region, `DE-BY`. */
    holidays?: string[];
    /** Other days on which nothing is sent. */
    dates?: string[];
  };
  /** Messages in a day of `schedule.timezone`. Null: only the limits of mailboxes. */
  daily_limit?: number | null;
  /** Of these, to leads that were not contacted before. */
  new_leads_limit?: number | null;
  /** Default: off. */
  tracking?: {
    /** Adds a pixel to HTML messages. */
    opens?: boolean;
    /** Leads links over the tracking host. */
    clicks?: boolean;
  };
  /** What stops a lead, beside an unsubscribe, a bounce and a complaint, which always do. */
  stop?: {
    /** A reply by a person stops the lead. */
    on_reply?: boolean;
    /** Whether a reply or a meeting stops the other leads of the company, too, and where. */
    company?: 'off' | 'campaign' | 'workspace';
  };
  /** Where recipients can unsubscribe. `body`: the texts contain `{{unsubscribe_url}}`. Default: `header`. */
  unsubscribe?: 'header' | 'body' | 'both';
  /** The topic of its mail, of the same workspace or of the organization: recipients who unsubscribe leave the topic, and can stop all mail on the page. Null: they stop all mail. */
  topic_id?: string | null;
  /** Which addresses are contacted: verified ones, those at risk too, or any without a check. Default: `risky`. */
  verification?: 'deliverable' | 'risky' | 'off';
  /** A person whom another campaign wrote to is not contacted for so many days. 0: no rule. Default: 30. */
  cooldown_days?: number;
  /** Leads of one company that are contacted at the same time. 0: no rule. Default: 3. */
  company_max?: number;
  /** New leads come before follow-ups. Default: false. */
  new_leads_first?: boolean;
  /** A launch before that time waits for it. */
  starts_at?: string | null;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
  contact_ids?: string[];
  /** Contacts that match every field. They are added in the background. */
  contact_filter?: {
    tag?: string;
    company_id?: string;
    source_id?: string;
    status?: 'active' | 'bounced' | 'unsubscribed' | 'replied';
    /** Values by key, all of them. */
    custom_fields?: Record<string, string | number | boolean>;
    /** Contacts that an import created or changed. */
    import_id?: string;
  };
  /** Contacts of this segment. They are added in the background. */
  segment_id?: string;
  /** Also add the contacts that enter the segment later. The campaign is then not completed by itself. */
  keep_adding?: boolean;
  /** Searches for people who match the `icp`, and adds them: as `POST /v1/leads/discover`. */
  discover?: {
    /** Whom to search for. Default: the ICP of the campaign, otherwise of the workspace. */
    icp?: Icp;
    /** How many people it accepts. */
    limit?: number;
    /** Where to search, in this order. Default: own contacts. */
    sources?: (
      | {
          /** Own contacts that are not in the campaign, and never were. */
          type: 'crm';
        }
      | {
          /** Pages on which companies say who they are: home, contact, team, imprint. */
          type: 'website';
          /** Of the companies, such as `lovelace.example`. */
          domains?: string[];
          /** Instead of `domains`: own companies that have a domain and do not contradict the profile. */
          from_companies?: true;
        }
      | {
          /** An HTTP API: `POST /v1/discovery-providers`. */
          type: 'provider';
          provider_id: string;
        }
    )[];
    /** Why you may process the data of the people who are found (GDPR article 6). Contacts that have a lawful basis keep theirs. Without it, people who have none are stored as contacts, but do not become leads. */
    lawful_basis?:
      | 'consent'
      | 'contract'
      | 'legal_obligation'
      | 'vital_interests'
      | 'public_task'
      | 'legitimate_interests';
    /** How the lawful basis was obtained. */
    lawful_basis_source?: string;
  };
}

export interface Icp {
  /** Words of the industry of the company. */
  industries?: string[];
  /** Employees of the company: ranges such as `11-50`, or `1000+`. */
  sizes?: string[];
  /** Of the person, otherwise of the company: ISO 3166 codes, or names in English. */
  countries?: string[];
  /** Words of the job title. `CEO`, `VP` and the like also match what they stand for. */
  titles?: string[];
  /** As the source says, otherwise read from the job title. */
  seniorities?: (
    | 'owner'
    | 'founder'
    | 'c_suite'
    | 'partner'
    | 'vp'
    | 'head'
    | 'director'
    | 'manager'
    | 'senior'
    | 'entry'
    | 'intern'
  )[];
  /** Any of these in the job title, the name, industry or description of the company, or the tags. */
  keywords?: string[];
  /** Any of these that the company uses. */
  technologies?: string[];
  /** People and companies that match any of these are never accepted. */
  exclude?: {
    /** Of the address or the company, and domains below them. Also written as URLs or with `www`; stored without. */
    domains?: string[];
    keywords?: string[];
  };
  /** Verdicts on the address that are accepted. An address without a verdict is accepted: the `verification` of the campaign decides before anything is sent. */
  require?: { email_status?: ('deliverable' | 'risky' | 'undeliverable' | 'unknown')[] };
  /** The lowest score, of 0 to 100, that is accepted. Default: 60. */
  threshold?: number;
}

/**
 * Request body of `PATCH /v1/campaigns/{id}`.
 *
 * @example
 * ```ts
 * import type { UpdateCampaignBody } from '@outrider/sdk';
 *
 * const body: UpdateCampaignBody = {
 *   daily_limit: 80,
 *   schedule: { timezone: 'Europe/Oslo', start: '08:00', end: '16:00' },
 * };
 * ```
 */
export interface UpdateCampaignBody {
  name?: string;
  goal?: string | null;
  /** What a person or a model should know to write for this campaign. */
  context?: string | null;
  mailbox_ids?: string[];
  sequence?: {
    /** Of a step that stays; a step without an id is new. */
    id?: string;
    name?: string | null;
    /** Null or empty: answers in the thread of the step before. Liquid and spintax. */
    subject?: string | null;
    /** Liquid and spintax. */
    body: string;
    format?: 'text' | 'html';
    /** Since the step before was accepted by a server. Default: 0 for the first step, 1 for others. */
    delay_days?: number;
    delay_hours?: number;
    /** `delay_days` counts Monday to Friday, without holidays. */
    business_days?: boolean;
    /** Not sent to a lead that has replied. */
    send_only_if_no_reply?: boolean;
    /** A/B texts. Each lead gets one, and keeps it. */
    variants?: {
      /** Of a variant that stays; a variant without an id is new. */
      id?: string;
      /** Null or empty: the subject of the step. */
      subject?: string | null;
      /** Null or empty: the body of the step. */
      body?: string | null;
      /** Its share among the enabled variants. */
      weight?: number;
      /** A disabled one keeps its figures. */
      enabled?: boolean;
    }[];
  }[];
  /** When it sends. Default: Monday to Friday, 09:00 to 17:00, in UTC. */
  schedule?: {
    /** IANA name, such as `Europe/Oslo`. */
    timezone?: string;
    /** Windows and holidays are those of each lead's time zone and country, where they are known. */
    use_lead_timezone?: boolean;
    /** 1 is Monday. Default: Monday to Friday. */
    days?: number[];
    /** Default: `09:00`. */
    start?: string;
    /** Up to `24:00`. Default: `17:00`. */
    end?: string;
    /** Several windows, instead of `days`, `start` and `end`. */
    windows?: {
      /** 1 is Monday. */
      days: number[];
      start: string;
      /** Up to `24:00`. */
      end: string;
    }[];
    /** Countries whose public holidays are left out, such as `NO`, or with a region, `DE-BY`. */
    holidays?: string[];
    /** Other days on which nothing is sent. */
    dates?: string[];
  };
  /** Messages in a day of `schedule.timezone`. Null: only the limits of mailboxes. */
  daily_limit?: number | null;
  /** Of these, to leads that were not contacted before. */
  new_leads_limit?: number | null;
  /** Default: off. */
  tracking?: {
    /** Adds a pixel to HTML messages. */
    opens?: boolean;
    /** Leads links over the tracking host. */
    clicks?: boolean;
  };
  /** What stops a lead, beside an unsubscribe, a bounce and a complaint, which always do. */
  stop?: {
    /** A reply by a person stops the lead. */
    on_reply?: boolean;
    /** Whether a reply or a meeting stops the other leads of the company, too, and where. */
    company?: 'off' | 'campaign' | 'workspace';
  };
  /** Where recipients can unsubscribe. `body`: the texts contain `{{unsubscribe_url}}`. Default: `header`. */
  unsubscribe?: 'header' | 'body' | 'both';
  /** The topic of its mail, of the same workspace or of the organization: recipients who unsubscribe leave the topic, and can stop all mail on the page. Null: they stop all mail. */
  topic_id?: string | null;
  /** Which addresses are contacted: verified ones, those at risk too, or any without a check. Default: `risky`. */
  verification?: 'deliverable' | 'risky' | 'off';
  /** A person whom another campaign wrote to is not contacted for so many days. 0: no rule. Default: 30. */
  cooldown_days?: number;
  /** Leads of one company that are contacted at the same time. 0: no rule. Default: 3. */
  company_max?: number;
  /** New leads come before follow-ups. Default: false. */
  new_leads_first?: boolean;
  /** A launch before that time waits for it. */
  starts_at?: string | null;
  /** Leads of a mailbox that is removed continue from this one, in a new thread. */
  reassign_to?: string;
  /** Leads of a mailbox that is removed get nothing more. */
  finish?: true;
  /** Leads that have finished get the steps that this change appends. */
  reopen_finished?: true;
}

/**
 * Request body of `POST /v1/campaigns/{id}/leads`.
 *
 * @example
 * ```ts
 * import type { AddLeadsBody } from '@outrider/sdk';
 *
 * const body: AddLeadsBody = { contact_ids: ['0199c9f1-7b20-7d02-8f11-3c5a7e90b410'] };
 * ```
 */
export interface AddLeadsBody {
  contact_ids?: string[];
  /** Contacts that match every field. They are added in the background. */
  contact_filter?: {
    tag?: string;
    company_id?: string;
    source_id?: string;
    status?: 'active' | 'bounced' | 'unsubscribed' | 'replied';
    /** Values by key, all of them. */
    custom_fields?: Record<string, string | number | boolean>;
    /** Contacts that an import created or changed. */
    import_id?: string;
  };
  /** Contacts of this segment. They are added in the background. */
  segment_id?: string;
  /** Also add the contacts that enter the segment later. The campaign is then not completed by itself. */
  keep_adding?: boolean;
}

/**
 * Request body of `POST /v1/leads/{id}/replies`.
 *
 * @example
 * ```ts
 * import type { ReplyToLeadBody } from '@outrider/sdk';
 *
 * const body: ReplyToLeadBody = { body: 'Hi Ada,\n\nTuesday at ten works.' };
 * ```
 */
export interface ReplyToLeadBody {
  body: string;
  format?: 'text' | 'html';
}

/**
 * Request body of `PATCH /v1/replies/{id}`.
 *
 * @example
 * ```ts
 * import type { UpdateReplyBody } from '@outrider/sdk';
 *
 * const body: UpdateReplyBody = { classification: 'interested', is_read: true };
 * ```
 */
export interface UpdateReplyBody {
  /** What the reply means. `unknown`: nothing was certain enough. */
  classification?:
    | 'interested'
    | 'meeting_request'
    | 'question'
    | 'not_now'
    | 'not_interested'
    | 'wrong_person'
    | 'left_company'
    | 'unsubscribe_request'
    | 'out_of_office'
    | 'auto_reply'
    | 'hostile'
    | 'unknown';
  is_read?: boolean;
  is_starred?: boolean;
}

/**
 * Request body of `PUT /v1/assistant`.
 *
 * @example
 * ```ts
 * import type { SetAssistantBody } from '@outrider/sdk';
 *
 * const body: SetAssistantBody = {
 *   url: 'https://llm.example.com/v1',
 *   model: 'small-1',
 *   key: 'secret',
 *   daily_budget: 500,
 * };
 * ```
 */
export interface SetAssistantBody {
  /** Of the API, without `/chat/completions`. It is returned, so send the secret in `key`. */
  url: string;
  model: string;
  /** Sent as a bearer token; null: none is sent. */
  key?: string | null;
  /** Requests in one UTC day. */
  daily_budget?: number;
}

/**
 * Request body of `POST /v1/assistant/check`.
 *
 * @example
 * ```ts
 * import type { CheckAssistantBody } from '@outrider/sdk';
 *
 * const body: CheckAssistantBody = { text: 'Could be something for the autumn, who knows.' };
 * ```
 */
export interface CheckAssistantBody {
  text: string;
}

/**
 * Request body of `POST /v1/campaigns/{id}/preview`.
 *
 * @example
 * ```ts
 * import type { PreviewCampaignMessageBody } from '@outrider/sdk';
 *
 * const body: PreviewCampaignMessageBody = { lead_id: '0199c9f2-0a44-7e55-b0c3-91d2e7a6f521', step: 1 };
 * ```
 */
export interface PreviewCampaignMessageBody {
  lead_id: string;
  step?: number;
}

/**
 * Request body of `POST /v1/captured-messages/{id}/reply`.
 *
 * @example
 * ```ts
 * import type { ReplyToCapturedMessageBody } from '@outrider/sdk';
 *
 * const body: ReplyToCapturedMessageBody = { text: 'Tell me more.' };
 * ```
 */
export interface ReplyToCapturedMessageBody {
  text: string;
  /** Who replies; the recipient by default. */
  from?: string;
}

/**
 * Request body of `POST /v1/captured-messages/{id}/bounce`.
 *
 * @example
 * ```ts
 * import type { BounceCapturedMessageBody } from '@outrider/sdk';
 *
 * const body: BounceCapturedMessageBody = { kind: 'hard' };
 * ```
 */
export interface BounceCapturedMessageBody {
  kind: 'hard' | 'soft' | 'block';
}

/**
 * Request body of `POST /v1/sandbox/clock`.
 *
 * @example
 * ```ts
 * import type { AdvanceSandboxClockBody } from '@outrider/sdk';
 *
 * const body: AdvanceSandboxClockBody = { advance_seconds: 604800 };
 * ```
 */
export interface AdvanceSandboxClockBody {
  advance_seconds: number;
}

/**
 * Request body of `POST /v1/tracking-domains`.
 *
 * @example
 * ```ts
 * import type { CreateTrackingDomainBody } from '@outrider/sdk';
 *
 * const body: CreateTrackingDomainBody = { host: 'links.hopper.example' };
 * ```
 */
export interface CreateTrackingDomainBody {
  host: string;
  /** Default: the workspace that the key is bound to, if any. */
  workspace_id?: string;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
}

/**
 * Request body of `POST /v1/mailboxes/autoconfig`.
 *
 * @example
 * ```ts
 * import type { FindMailboxSettingsBody } from '@outrider/sdk';
 *
 * const body: FindMailboxSettingsBody = { email: 'ada@gmail.com' };
 * ```
 */
export interface FindMailboxSettingsBody {
  email: string;
}

/**
 * Request body of `POST /v1/dkim-keys`.
 *
 * @example
 * ```ts
 * import type { CreateDkimKeyBody } from '@outrider/sdk';
 *
 * const body: CreateDkimKeyBody = { domain: 'hopper.example' };
 * ```
 */
export interface CreateDkimKeyBody {
  domain: string;
  /** Default: the workspace that the key is bound to, if any. */
  workspace_id?: string;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
}

/**
 * Request body of `POST /v1/templates`.
 *
 * @example
 * ```ts
 * import type { CreateTemplateBody } from '@outrider/sdk';
 *
 * const body: CreateTemplateBody = {
 *   name: 'First message',
 *   subject: '{Question|A question} about {{ company | default: "your team" }}',
 *   body: '{Hello|Hi} {{ first_name | default: "there" }},\n\nhow do you find compilers?',
 * };
 * ```
 */
export interface CreateTemplateBody {
  name: string;
  /** May contain variables and spintax, as `body`. One line. */
  subject?: string | null;
  /** Liquid, such as `{{ first_name | default: "there" }}`, and spintax, such as `{Hello|Hi}`. Up to 256 KiB. */
  body: string;
  /** Default: `email`. */
  category?: string;
  /** `html`: values are escaped, and a text part is made from it. Default: `text`. */
  format?: 'text' | 'html';
  /** Default: the workspace that the key is bound to, if any. */
  workspace_id?: string;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
}

/**
 * Request body of `PATCH /v1/templates/{id}`.
 *
 * @example
 * ```ts
 * import type { UpdateTemplateBody } from '@outrider/sdk';
 *
 * const body: UpdateTemplateBody = { name: 'First message, shorter' };
 * ```
 */
export interface UpdateTemplateBody {
  name?: string;
  /** May contain variables and spintax, as `body`. One line. */
  subject?: string | null;
  /** Liquid, such as `{{ first_name | default: "there" }}`, and spintax, such as `{Hello|Hi}`. Up to 256 KiB. */
  body?: string;
  /** Default: `email`. */
  category?: string;
  /** `html`: values are escaped, and a text part is made from it. Default: `text`. */
  format?: 'text' | 'html';
}

/**
 * Request body of `PUT /v1/verifier`.
 *
 * @example
 * ```ts
 * import type { SetVerifierBody } from '@outrider/sdk';
 *
 * const body: SetVerifierBody = {
 *   url: 'https://api.verifier.example/v1/check?email={email}',
 *   auth: { header: 'X-Api-Key', value: 'secret' },
 *   answer: { field: 'result.status', deliverable: ['valid'], risky: ['catch_all'], undeliverable: ['invalid'] },
 * };
 * ```
 */
export interface SetVerifierBody {
  /** `{email}` is replaced with the address, encoded. The URL is returned, so send the secret in `auth`. */
  url: string;
  method?: 'GET' | 'POST';
  /** Of POST: the member of the JSON body that has the address. */
  email_field?: string;
  /** A header field or a parameter of the query, with its secret. Without it, none is sent. */
  auth?: { header: string; value: string } | { query: string; value: string } | null;
  /** Which values mean what, in any letter case. Every other value means `unknown`. */
  answer: { field: string; deliverable: string[]; risky?: string[]; undeliverable: string[] };
  /** Requests in one UTC day. */
  daily_budget?: number;
  requests_per_minute?: number;
  timeout_seconds?: number;
}

/**
 * Request body of `POST /v1/verifier/check`.
 *
 * @example
 * ```ts
 * import type { CheckVerifierBody } from '@outrider/sdk';
 *
 * const body: CheckVerifierBody = { email: 'ada@lovelace.example' };
 * ```
 */
export interface CheckVerifierBody {
  email: string;
}

/**
 * Request body of `POST /v1/workspaces/{id}/icp`.
 *
 * @example
 * ```ts
 * import type { SetWorkspaceIcpBody } from '@outrider/sdk';
 *
 * const body: SetWorkspaceIcpBody = {
 *   industries: ['Manufacturing'],
 *   sizes: ['11-50', '51-200'],
 *   countries: ['GB', 'NO'],
 *   titles: ['Head of Research', 'CTO'],
 *   exclude: { domains: ['competitor.example'] },
 *   threshold: 60,
 * };
 * ```
 */
export type SetWorkspaceIcpBody = Icp;

/**
 * Request body of `POST /v1/leads/discover`.
 *
 * @example
 * ```ts
 * import type { DiscoverLeadsBody } from '@outrider/sdk';
 *
 * const body: DiscoverLeadsBody = { icp: { countries: ['GB', 'NO'], titles: ['Head of Research'] }, limit: 200 };
 * ```
 */
export interface DiscoverLeadsBody {
  /** People become leads of this campaign. */
  campaign_id?: string;
  /** Whom to search for. Default: the ICP of the campaign, otherwise of the workspace. */
  icp?: Icp;
  /** How many people it accepts. */
  limit?: number;
  /** Where to search, in this order. Default: own contacts. */
  sources?: (
    | {
        /** Own contacts that are not in the campaign, and never were. */
        type: 'crm';
      }
    | {
        /** Pages on which companies say who they are: home, contact, team, imprint. */
        type: 'website';
        /** Of the companies, such as `lovelace.example`. */
        domains?: string[];
        /** Instead of `domains`: own companies that have a domain and do not contradict the profile. */
        from_companies?: true;
      }
    | {
        /** An HTTP API: `POST /v1/discovery-providers`. */
        type: 'provider';
        provider_id: string;
      }
  )[];
  /** Why you may process the data of the people who are found (GDPR article 6). Contacts that have a lawful basis keep theirs. Without it, people who have none are stored as contacts, but do not become leads. */
  lawful_basis?:
    | 'consent'
    | 'contract'
    | 'legal_obligation'
    | 'vital_interests'
    | 'public_task'
    | 'legitimate_interests';
  /** How the lawful basis was obtained. */
  lawful_basis_source?: string;
  /** Default: the workspace that the key is bound to, if any. */
  workspace_id?: string;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
}

/**
 * Request body of `POST /v1/discovery-providers`.
 *
 * @example
 * ```ts
 * import type { CreateDiscoveryProviderBody } from '@outrider/sdk';
 *
 * const body: CreateDiscoveryProviderBody = {
 *   name: 'People search',
 *   url: 'https://api.people.example/v1/search?titles={titles}&countries={countries}',
 *   auth: { header: 'X-Api-Key', value: 'secret' },
 *   paging: { kind: 'page', parameter: 'page', first: 1, size: 100, size_parameter: 'per_page' },
 *   items: 'people',
 *   fields: {
 *     external_id: 'id',
 *     email: 'email',
 *     first_name: 'first_name',
 *     job_title: 'title',
 *     company_name: 'organization.name',
 *     employees: 'organization.size',
 *   },
 * };
 * ```
 */
export interface CreateDiscoveryProviderBody {
  /** Shown as the source of the people whom it names. */
  name: string;
  /** With the criteria of the profile in braces, encoded and joined by commas: `{titles}`, `{seniorities}`, `{countries}`, `{industries}`, `{sizes}`, `{keywords}`, `{technologies}`. The URL is returned, so send the secret in `auth`. */
  url: string;
  method?: 'GET' | 'POST';
  /** Of POST: a JSON object. A text such as `{titles}` is replaced with the list; inside other text, the values are joined by commas. Braces around anything but a word, such as `{ id }`, stay. */
  body?: object;
  /** A header field or a parameter of the query, with its secret. It is stored encrypted and never returned. */
  auth?: { header: string; value: string } | { query: string; value: string } | null;
  /** How the next page is asked for: its number, the offset of its first record, a cursor of the answer, or a URL of the answer, which must have the same origin. Of POST, parameters are members of the body. An empty page is the last one, and so is one with fewer records than `size`. */
  paging?:
    | { kind: 'none' }
    | { kind: 'page'; parameter?: string; first?: number; size?: number; size_parameter?: string }
    | { kind: 'offset'; parameter?: string; size: number; size_parameter?: string }
    | {
        kind: 'cursor';
        parameter?: string;
        /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
        next: string;
        size?: number;
        size_parameter?: string;
      }
    | {
        kind: 'next_url';
        /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
        next: string;
      };
  /** The path of the list of people in the answer. Empty: the answer is the list. */
  items?: string;
  /** The path of each field in a record. `external_id` is the id of the provider for a person; without it, the address. `employees` is a number or a range such as `11-50`. */
  fields: {
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    email?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    external_id?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    first_name?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    last_name?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    job_title?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    seniority?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    phone?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    linkedin_url?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    website?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    city?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    country?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    timezone?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    company_name?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    company_domain?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    industry?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    employees?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    technologies?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    keywords?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    description?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    email_status?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    url?: string;
  };
  /** Under which terms you may use what it says. Stored with each find. */
  licence?: string | null;
  requests_per_minute?: number;
  /** Requests in one UTC day. */
  daily_budget?: number;
  timeout_seconds?: number;
  /** Default: the workspace that the key is bound to, if any. */
  workspace_id?: string;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
}

/**
 * Request body of `PUT /v1/discovery-providers/{id}`.
 *
 * @example
 * ```ts
 * import type { ReplaceDiscoveryProviderBody } from '@outrider/sdk';
 *
 * const body: ReplaceDiscoveryProviderBody = {
 *   name: 'People search',
 *   url: 'https://api.people.example/v1/search?titles={titles}&countries={countries}',
 *   auth: { header: 'X-Api-Key', value: 'secret' },
 *   paging: { kind: 'page', parameter: 'page', first: 1, size: 100, size_parameter: 'per_page' },
 *   items: 'people',
 *   fields: {
 *     external_id: 'id',
 *     email: 'email',
 *     first_name: 'first_name',
 *     job_title: 'title',
 *     company_name: 'organization.name',
 *     employees: 'organization.size',
 *   },
 * };
 * ```
 */
export interface ReplaceDiscoveryProviderBody {
  /** Shown as the source of the people whom it names. */
  name: string;
  /** With the criteria of the profile in braces, encoded and joined by commas: `{titles}`, `{seniorities}`, `{countries}`, `{industries}`, `{sizes}`, `{keywords}`, `{technologies}`. The URL is returned, so send the secret in `auth`. */
  url: string;
  method?: 'GET' | 'POST';
  /** Of POST: a JSON object. A text such as `{titles}` is replaced with the list; inside other text, the values are joined by commas. Braces around anything but a word, such as `{ id }`, stay. */
  body?: object;
  /** A header field or a parameter of the query, with its secret. It is stored encrypted and never returned. */
  auth?: { header: string; value: string } | { query: string; value: string } | null;
  /** How the next page is asked for: its number, the offset of its first record, a cursor of the answer, or a URL of the answer, which must have the same origin. Of POST, parameters are members of the body. An empty page is the last one, and so is one with fewer records than `size`. */
  paging?:
    | { kind: 'none' }
    | { kind: 'page'; parameter?: string; first?: number; size?: number; size_parameter?: string }
    | { kind: 'offset'; parameter?: string; size: number; size_parameter?: string }
    | {
        kind: 'cursor';
        parameter?: string;
        /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
        next: string;
        size?: number;
        size_parameter?: string;
      }
    | {
        kind: 'next_url';
        /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
        next: string;
      };
  /** The path of the list of people in the answer. Empty: the answer is the list. */
  items?: string;
  /** The path of each field in a record. `external_id` is the id of the provider for a person; without it, the address. `employees` is a number or a range such as `11-50`. */
  fields: {
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    email?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    external_id?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    first_name?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    last_name?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    job_title?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    seniority?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    phone?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    linkedin_url?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    website?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    city?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    country?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    timezone?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    company_name?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    company_domain?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    industry?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    employees?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    technologies?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    keywords?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    description?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    email_status?: string;
    /** A path into the JSON answer, such as `data.people` or `emails.0.value`. */
    url?: string;
  };
  /** Under which terms you may use what it says. Stored with each find. */
  licence?: string | null;
  requests_per_minute?: number;
  /** Requests in one UTC day. */
  daily_budget?: number;
  timeout_seconds?: number;
}

/**
 * Request body of `POST /v1/discovery-providers/{id}/test`.
 *
 * @example
 * ```ts
 * import type { TestDiscoveryProviderBody } from '@outrider/sdk';
 *
 * const body: TestDiscoveryProviderBody = { icp: { titles: ['Head of Research'] } };
 * ```
 */
export interface TestDiscoveryProviderBody {
  /** Fills the braces of the URL. */
  icp?: Icp;
}

/**
 * Request body of `POST /v1/custom-fields`.
 *
 * @example
 * ```ts
 * import type { CreateCustomFieldBody } from '@outrider/sdk';
 *
 * const body: CreateCustomFieldBody = { entity: 'contact', key: 'loyalty_tier', label: 'Loyalty tier', type: 'text' };
 * ```
 */
export interface CreateCustomFieldBody {
  entity: 'contact' | 'company' | 'project';
  key: string;
  /** The key by default. */
  label?: string;
  type?: 'text' | 'number' | 'boolean' | 'date' | 'url' | 'select';
  /** Required for a `select`, and only allowed there. */
  options?: string[];
}

/**
 * Request body of `PATCH /v1/custom-fields/{id}`.
 *
 * @example
 * ```ts
 * import type { UpdateCustomFieldBody } from '@outrider/sdk';
 *
 * const body: UpdateCustomFieldBody = { label: 'Loyalty tier' };
 * ```
 */
export interface UpdateCustomFieldBody {
  label?: string;
  options?: string[];
}

/**
 * Request body of `POST /v1/sources`.
 *
 * @example
 * ```ts
 * import type { CreateSourceBody } from '@outrider/sdk';
 *
 * const body: CreateSourceBody = { name: 'Trade fair 2026' };
 * ```
 */
export interface CreateSourceBody {
  name: string;
  /** Default: the workspace that the key is bound to, if any. */
  workspace_id?: string;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
}

/**
 * Request body of `POST /v1/suppressions`.
 *
 * @example
 * ```ts
 * import type { CreateSuppressionsBody } from '@outrider/sdk';
 *
 * const body: CreateSuppressionsBody = { email: 'ada@lovelace.example', reason: 'unsubscribed' };
 * ```
 */
export interface CreateSuppressionsBody {
  email?: string;
  /** Includes all its subdomains. `www` before it is left out. */
  domain?: string;
  reason?: 'unsubscribed' | 'hard_bounce' | 'complaint' | 'manual' | 'import';
  /** Many suppressions instead of one. */
  suppressions?: {
    email?: string;
    /** Includes all its subdomains. `www` before it is left out. */
    domain?: string;
    reason?: 'unsubscribed' | 'hard_bounce' | 'complaint' | 'manual' | 'import';
  }[];
  /** Default: the workspace that the key is bound to, if any. */
  workspace_id?: string;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
}

/**
 * Request body of `POST /v1/topics`.
 *
 * @example
 * ```ts
 * import type { CreateTopicBody } from '@outrider/sdk';
 *
 * const body: CreateTopicBody = { name: 'Product news', description: 'New engines, once a month.' };
 * ```
 */
export interface CreateTopicBody {
  name: string;
  description?: string | null;
  /** Default: the workspace that the key is bound to, if any. */
  workspace_id?: string;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
}

/**
 * Request body of `PATCH /v1/topics/{id}`.
 *
 * @example
 * ```ts
 * import type { UpdateTopicBody } from '@outrider/sdk';
 *
 * const body: UpdateTopicBody = { name: 'Engine news' };
 * ```
 */
export interface UpdateTopicBody {
  name?: string;
  description?: string | null;
}

/**
 * Request body of `POST /v1/topics/{id}/opt-outs`.
 *
 * @example
 * ```ts
 * import type { CreateTopicOptOutsBody } from '@outrider/sdk';
 *
 * const body: CreateTopicOptOutsBody = { email: 'ada@lovelace.example', reason: 'unsubscribed' };
 * ```
 */
export interface CreateTopicOptOutsBody {
  email?: string;
  reason?: 'unsubscribed' | 'manual' | 'import';
  /** Many addresses instead of one. */
  opt_outs?: { email: string; reason?: 'unsubscribed' | 'manual' | 'import' }[];
}

/**
 * Request body of `POST /v1/topics/{id}/rejoin`.
 *
 * @example
 * ```ts
 * import type { RejoinTopicBody } from '@outrider/sdk';
 *
 * const body: RejoinTopicBody = { emails: ['ada@lovelace.example'] };
 * ```
 */
export interface RejoinTopicBody {
  emails: string[];
}

/**
 * Request body of `POST /v1/contacts`.
 *
 * @example
 * ```ts
 * import type { UpsertContactsBody } from '@outrider/sdk';
 *
 * const body: UpsertContactsBody = {
 *   lawful_basis: 'legitimate_interests',
 *   contacts: [
 *     {
 *       email: 'ada@lovelace.example',
 *       first_name: 'Ada',
 *       last_name: 'Lovelace',
 *       job_title: 'Head of Research',
 *       tags: ['vip'],
 *     },
 *   ],
 * };
 * ```
 */
export interface UpsertContactsBody {
  /** Why you may process the data of these people (GDPR article 6). Applies to every row. */
  lawful_basis:
    | 'consent'
    | 'contract'
    | 'legal_obligation'
    | 'vital_interests'
    | 'public_task'
    | 'legitimate_interests';
  /** When the lawful basis began. Not before 1900 or in the future. Default for a new basis: now. */
  lawful_basis_at?: string;
  /** How the lawful basis was obtained. */
  lawful_basis_source?: string | null;
  /** Assigns contacts without a company to the company with the `company_name` of their row (ignoring case, accents and the like), or with the `domain` of their address. If several companies match, or none, the name stays text. */
  link_company_by?: 'name' | 'domain';
  contacts: {
    /** Identifies the contact: any of its addresses. The primary one, if `emails` is given. */
    email: string;
    /** All addresses of the contact, instead of those that it has. Exactly one must be primary; if `email` is given, too, it must be that one. An empty list removes all addresses. */
    emails?: {
      email: string;
      /** Mail is sent to it. Exactly one address must be the primary one. */
      primary?: boolean;
    }[];
    first_name?: string | null;
    last_name?: string | null;
    phone?: string | null;
    company_id?: string | null;
    /** Shown while the contact belongs to none of your companies. It never removes a contact from its company; `company_id: null` does. */
    company_name?: string | null;
    job_title?: string | null;
    linkedin_url?: string | null;
    website?: string | null;
    address?: string | null;
    city?: string | null;
    state?: string | null;
    zip_code?: string | null;
    country?: string | null;
    /** The name of a time zone in the IANA database, such as `Europe/Berlin`. */
    timezone?: string | null;
    notes?: string | null;
    tags?: string[];
    /** The last recorded outcome of email to the contact. It does not suppress the address. */
    status?: 'active' | 'bounced' | 'unsubscribed' | 'replied';
    /** Who looks after it: an id of your own, or the address of a teammate. */
    owner?: string | null;
    source_id?: string | null;
    /** The organization's own fields, by key; null removes a value. */
    custom_fields?: object;
  }[];
  /** Default: the workspace that the key is bound to, if any. */
  workspace_id?: string;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
}

/**
 * Request body of `POST /v1/contacts/lookup`.
 *
 * @example
 * ```ts
 * import type { LookupContactsBody } from '@outrider/sdk';
 *
 * const body: LookupContactsBody = { emails: ['Ada@Lovelace.example', 'nobody@lovelace.example'] };
 * ```
 */
export interface LookupContactsBody {
  emails: string[];
  /** Only records of this workspace. */
  workspace_id?: string;
}

/**
 * Request body of `PATCH /v1/contacts/{id}`.
 *
 * @example
 * ```ts
 * import type { UpdateContactBody } from '@outrider/sdk';
 *
 * const body: UpdateContactBody = { job_title: 'Countess', tags: ['vip', 'press'] };
 * ```
 */
export interface UpdateContactBody {
  /** The primary address. A new one replaces the one before; one of the further addresses changes places with it. Null removes the only address. */
  email?: string | null;
  /** All addresses of the contact, instead of those that it has. Exactly one must be primary; if `email` is given, too, it must be that one. An empty list removes all addresses. */
  emails?: {
    email: string;
    /** Mail is sent to it. Exactly one address must be the primary one. */
    primary?: boolean;
  }[];
  first_name?: string | null;
  last_name?: string | null;
  phone?: string | null;
  company_id?: string | null;
  /** Shown while the contact belongs to none of your companies. It never removes a contact from its company; `company_id: null` does. */
  company_name?: string | null;
  job_title?: string | null;
  linkedin_url?: string | null;
  website?: string | null;
  address?: string | null;
  city?: string | null;
  state?: string | null;
  zip_code?: string | null;
  country?: string | null;
  /** The name of a time zone in the IANA database, such as `Europe/Berlin`. */
  timezone?: string | null;
  notes?: string | null;
  tags?: string[];
  /** The last recorded outcome of email to the contact. It does not suppress the address. */
  status?: 'active' | 'bounced' | 'unsubscribed' | 'replied';
  /** Who looks after it: an id of your own, or the address of a teammate. */
  owner?: string | null;
  source_id?: string | null;
  /** The organization's own fields, by key; null removes a value. */
  custom_fields?: object;
  lawful_basis?:
    | 'consent'
    | 'contract'
    | 'legal_obligation'
    | 'vital_interests'
    | 'public_task'
    | 'legitimate_interests'
    | null;
  /** When the lawful basis began. Not before 1900 or in the future. Default for a new basis: now. */
  lawful_basis_at?: string;
  /** How the lawful basis was obtained. */
  lawful_basis_source?: string | null;
}

/**
 * Request body of `POST /v1/contacts/{id}/tags`.
 *
 * @example
 * ```ts
 * import type { ChangeContactTagsBody } from '@outrider/sdk';
 *
 * const body: ChangeContactTagsBody = { add: ['vip'], remove: ['prospect'] };
 * ```
 */
export interface ChangeContactTagsBody {
  /** Tags that the contact has afterwards, also if `remove` names them. */
  add?: string[];
  /** Tags that it does not have are ignored. */
  remove?: string[];
}

/**
 * Request body of `POST /v1/imports`.
 *
 * @example
 * ```ts
 * import type { CreateImportBody } from '@outrider/sdk';
 *
 * const body: CreateImportBody = {
 *   lawful_basis: 'legitimate_interests',
 *   mapping: { 'Work e-mail': 'email', Fax: null },
 *   source: 'Trade fair 2026',
 *   tags: ['fair'],
 *   file_name: 'fair.csv',
 * };
 * ```
 */
export interface CreateImportBody {
  /** Why you may process the data (GDPR article 6), for all contacts in the file. */
  lawful_basis:
    | 'consent'
    | 'contract'
    | 'legal_obligation'
    | 'vital_interests'
    | 'public_task'
    | 'legitimate_interests';
  /** How the data was obtained. */
  lawful_basis_source?: string | null;
  /** Column of the file → field of a contact, `custom_fields.KEY`, or null to leave the column out. */
  mapping?: Record<string, string | null>;
  /** Restore contacts deleted in the last 30 days instead of creating new ones. */
  restore_deleted?: boolean;
  /** Report counts and errors without writing anything. */
  dry_run?: boolean;
  /** Name of a source for all contacts; created if it does not exist. */
  source?: string;
  /** Tags added to each contact. */
  tags?: string[];
  /** Assigns contacts without a company to the company with the `company_name` of their row (ignoring case, accents and the like), or with the `domain` of their address. If several companies match, or none, the name stays text. */
  link_company_by?: 'name' | 'domain';
  /** Whether to reject a row with an invalid value, or to write it without that value. A row without a valid address is always rejected. */
  on_bad_value?: 'reject' | 'blank';
  /** Order of day, month and year in custom fields of type date. A date that begins with the year is always read as `ymd`. */
  date_order?: 'ymd' | 'dmy' | 'mdy';
  /** Decimal separator in custom fields of type number. The other character may group thousands. */
  decimal_separator?: '.' | ',';
  file_name?: string;
  /** Default: the workspace that the key is bound to, if any. */
  workspace_id?: string;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
}

/**
 * Request body of `POST /v1/companies`.
 *
 * @example
 * ```ts
 * import type { CreateCompanyBody } from '@outrider/sdk';
 *
 * const body: CreateCompanyBody = {
 *   name: 'Analytical Engines',
 *   domain: 'lovelace.example',
 *   employee_count: 42,
 *   tags: ['manufacturing'],
 * };
 * ```
 */
export interface CreateCompanyBody {
  name: string;
  /** Stored in ASCII and lower case, without `www`. */
  domain?: string | null;
  industry?: string | null;
  notes?: string | null;
  phone?: string | null;
  website?: string | null;
  linkedin_url?: string | null;
  address?: string | null;
  city?: string | null;
  state?: string | null;
  zip_code?: string | null;
  country?: string | null;
  employee_count?: number | null;
  /** In cents. */
  annual_revenue?: number | null;
  /** Who looks after it: an id of your own, or the address of a teammate. */
  owner?: string | null;
  tags?: string[];
  /** The organization's own fields, by key; null removes a value. */
  custom_fields?: object;
  /** Default: the workspace that the key is bound to, if any. */
  workspace_id?: string;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
}

/**
 * Request body of `POST /v1/companies/upsert`.
 *
 * @example
 * ```ts
 * import type { UpsertCompaniesBody } from '@outrider/sdk';
 *
 * const body: UpsertCompaniesBody = {
 *   companies: [{ domain: 'lovelace.example', name: 'Analytical Engines', owner: 'grace@engines.example' }],
 * };
 * ```
 */
export interface UpsertCompaniesBody {
  companies: {
    /** Required for a new company. */
    name?: string;
    /** Identifies the company, in any spelling. */
    domain: string;
    industry?: string | null;
    notes?: string | null;
    phone?: string | null;
    website?: string | null;
    linkedin_url?: string | null;
    address?: string | null;
    city?: string | null;
    state?: string | null;
    zip_code?: string | null;
    country?: string | null;
    employee_count?: number | null;
    /** In cents. */
    annual_revenue?: number | null;
    /** Who looks after it: an id of your own, or the address of a teammate. */
    owner?: string | null;
    tags?: string[];
    /** The organization's own fields, by key; null removes a value. */
    custom_fields?: object;
  }[];
  /** Default: the workspace that the key is bound to, if any. */
  workspace_id?: string;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
}

/**
 * Request body of `PATCH /v1/companies/{id}`.
 *
 * @example
 * ```ts
 * import type { UpdateCompanyBody } from '@outrider/sdk';
 *
 * const body: UpdateCompanyBody = { employee_count: 48 };
 * ```
 */
export interface UpdateCompanyBody {
  name?: string;
  /** Stored in ASCII and lower case, without `www`. */
  domain?: string | null;
  industry?: string | null;
  notes?: string | null;
  phone?: string | null;
  website?: string | null;
  linkedin_url?: string | null;
  address?: string | null;
  city?: string | null;
  state?: string | null;
  zip_code?: string | null;
  country?: string | null;
  employee_count?: number | null;
  /** In cents. */
  annual_revenue?: number | null;
  /** Who looks after it: an id of your own, or the address of a teammate. */
  owner?: string | null;
  tags?: string[];
  /** The organization's own fields, by key; null removes a value. */
  custom_fields?: object;
}

/**
 * Request body of `POST /v1/projects`.
 *
 * @example
 * ```ts
 * import type { CreateProjectBody } from '@outrider/sdk';
 *
 * const body: CreateProjectBody = {
 *   name: 'Difference Engine rollout',
 *   stage: 'active',
 *   value: 2400000,
 *   start_date: '2026-01-05',
 *   end_date: '2026-06-30',
 * };
 * ```
 */
export interface CreateProjectBody {
  name: string;
  description?: string | null;
  stage?: 'proposal' | 'active' | 'review' | 'complete' | 'archived';
  company_id?: string | null;
  assigned_to?: string | null;
  assigned_name?: string | null;
  /** In cents. */
  value?: number | null;
  start_date?: string | null;
  /** Not before start_date. */
  end_date?: string | null;
  is_retainer?: boolean;
  renewal_date?: string | null;
  notes?: string | null;
  tags?: string[];
  /** The organization's own fields, by key; null removes a value. */
  custom_fields?: object;
  /** Default: the workspace that the key is bound to, if any. */
  workspace_id?: string;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
}

/**
 * Request body of `PATCH /v1/projects/{id}`.
 *
 * @example
 * ```ts
 * import type { UpdateProjectBody } from '@outrider/sdk';
 *
 * const body: UpdateProjectBody = { stage: 'review' };
 * ```
 */
export interface UpdateProjectBody {
  name?: string;
  description?: string | null;
  stage?: 'proposal' | 'active' | 'review' | 'complete' | 'archived';
  company_id?: string | null;
  assigned_to?: string | null;
  assigned_name?: string | null;
  /** In cents. */
  value?: number | null;
  start_date?: string | null;
  /** Not before start_date. */
  end_date?: string | null;
  is_retainer?: boolean;
  renewal_date?: string | null;
  notes?: string | null;
  tags?: string[];
  /** The organization's own fields, by key; null removes a value. */
  custom_fields?: object;
}

/**
 * Request body of `POST /v1/projects/{id}/contacts`.
 *
 * @example
 * ```ts
 * import type { AddProjectContactsBody } from '@outrider/sdk';
 *
 * const body: AddProjectContactsBody = { contact_ids: ['0199c9f1-7b20-7d02-8f11-3c5a7e90b410'] };
 * ```
 */
export interface AddProjectContactsBody {
  contact_ids: string[];
}

/**
 * Request body of `POST /v1/activities`.
 *
 * @example
 * ```ts
 * import type { CreateActivityBody } from '@outrider/sdk';
 *
 * const body: CreateActivityBody = {
 *   activity_type: 'call',
 *   contact_id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b410',
 *   occurred_at: '2026-01-05T09:00:00.000Z',
 *   metadata: {
 *     direction: 'outbound',
 *     outcome: 'connected',
 *     duration_seconds: 340,
 *     notes: 'Asked for a demo next week.',
 *   },
 * };
 * ```
 */
export interface CreateActivityBody {
  activity_type: 'call' | 'email' | 'meeting' | 'note';
  /** Kept when the contact is deleted. */
  contact_id?: string | null;
  /** Kept when the company is deleted. */
  company_id?: string | null;
  /** Kept when the project is deleted. */
  project_id?: string | null;
  /** With a time zone; now by default. */
  occurred_at?: string;
  /** By type, each field optional. call: direction, outcome, duration_seconds, notes; email: direction, subject, body, source; meeting: subject, location, duration_minutes, outcome, notes; note: notes. */
  metadata?: object;
  /** Default: the workspace that the key is bound to, if any. */
  workspace_id?: string;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
}

/**
 * Request body of `PATCH /v1/activities/{id}`.
 *
 * @example
 * ```ts
 * import type { UpdateActivityBody } from '@outrider/sdk';
 *
 * const body: UpdateActivityBody = { occurred_at: '2026-01-05T08:30:00Z' };
 * ```
 */
export interface UpdateActivityBody {
  activity_type?: 'call' | 'email' | 'meeting' | 'note';
  /** Kept when the contact is deleted. */
  contact_id?: string | null;
  /** Kept when the company is deleted. */
  company_id?: string | null;
  /** Kept when the project is deleted. */
  project_id?: string | null;
  /** With a time zone; now by default. */
  occurred_at?: string;
  /** By type, each field optional. call: direction, outcome, duration_seconds, notes; email: direction, subject, body, source; meeting: subject, location, duration_minutes, outcome, notes; note: notes. */
  metadata?: object;
}

/**
 * Request body of `POST /v1/segments`.
 *
 * @example
 * ```ts
 * import type { CreateSegmentBody } from '@outrider/sdk';
 *
 * const body: CreateSegmentBody = {
 *   name: 'Customers with 50 people',
 *   entity: 'contact',
 *   filter: {
 *     and: [
 *       { field: 'tags', op: 'eq', value: 'customer' },
 *       { field: 'company.employee_count', op: 'gte', value: 50 },
 *       { not: { field: 'suppressed', op: 'eq', value: true } },
 *     ],
 *   },
 * };
 * ```
 */
export interface CreateSegmentBody {
  name: string;
  entity: 'contact' | 'company';
  /** `{"field","op","value"}`, `{"and":[…]}`, `{"or":[…]}` or `{"not":…}`, nested up to 10 deep, with up to 100 conditions. Operators: `eq`, `ne`, `in`, `not_in`, `gt`, `gte`, `lt`, `lte`, `contains`, `starts_with`, `exists`. See docs/segments.md. */
  filter: object;
  /** Default: the workspace that the key is bound to, if any. */
  workspace_id?: string;
  /** Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`. */
  workspace?: {
    /** Your own id of the workspace. */
    external_id: string;
    /** Of a new workspace. Default: the external id. */
    name?: string;
  };
}

/**
 * Request body of `PATCH /v1/segments/{id}`.
 *
 * @example
 * ```ts
 * import type { UpdateSegmentBody } from '@outrider/sdk';
 *
 * const body: UpdateSegmentBody = { name: 'Larger customers' };
 * ```
 */
export interface UpdateSegmentBody {
  name?: string;
  /** `{"field","op","value"}`, `{"and":[…]}`, `{"or":[…]}` or `{"not":…}`, nested up to 10 deep, with up to 100 conditions. Operators: `eq`, `ne`, `in`, `not_in`, `gt`, `gte`, `lt`, `lte`, `contains`, `starts_with`, `exists`. See docs/segments.md. */
  filter?: object;
}

/**
 * Request body of `POST /v1/contacts/{id}/merge`.
 *
 * @example
 * ```ts
 * import type { MergeContactsBody } from '@outrider/sdk';
 *
 * const body: MergeContactsBody = { from_id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4e9' };
 * ```
 */
export interface MergeContactsBody {
  /** The contact that goes away, of the same workspace. */
  from_id: string;
}

/**
 * Request body of `POST /v1/companies/{id}/merge`.
 *
 * @example
 * ```ts
 * import type { MergeCompaniesBody } from '@outrider/sdk';
 *
 * const body: MergeCompaniesBody = { from_id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4e9' };
 * ```
 */
export interface MergeCompaniesBody {
  /** The company that goes away, of the same workspace. */
  from_id: string;
}

/**
 * Request body of `POST /v1/bulk-jobs`.
 *
 * @example
 * ```ts
 * import type { CreateBulkJobBody } from '@outrider/sdk';
 *
 * const body: CreateBulkJobBody = {
 *   entity: 'contact',
 *   action: 'update',
 *   select: { filter: { field: 'tags', op: 'eq', value: 'fair' } },
 *   change: { tags: { add: ['fair 2026'], remove: ['fair'] } },
 * };
 * ```
 */
export interface CreateBulkJobBody {
  entity: 'contact' | 'company' | 'suppression';
  action: 'update' | 'delete' | 'export';
  /** One of the three. An export without it has all records. Suppressions are selected by `ids` only. */
  select?: {
    ids?: string[];
    /** As of a segment; not of suppressions. */
    filter?: object;
    segment_id?: string;
  };
  /** Of an update: fields as in `PATCH`, of contacts without `email`. `tags` of contacts is a list, which replaces them, or `{"add": […], "remove": […]}`. */
  change?: object;
  /** Only records of this workspace. */
  workspace_id?: string;
}

export interface Organization {
  id: string;
  slug: string;
  plan: string;
  /** 8 characters that never change: part of the organization's keys and of every URL that works without a key. */
  tag: string;
  sandbox: boolean;
  /** Set on a sandbox: the organization it belongs to. */
  live_organization_id: string | null;
  /** Where alerts are mailed, for example that an endpoint was disabled; null: nowhere, or the key is bound to a workspace. */
  alert_email: string | null;
  created_at: string;
}

export interface Workspace {
  id: string;
  /** Your own id of it. */
  external_id: string | null;
  name: string;
  limits: {
    /** The most endpoints it may have; null: 1000. */
    endpoints: number | null;
  };
  /** `deleting`: its keys are revoked, and its records are being deleted. Afterwards it does not exist. */
  status: 'active' | 'deleting';
  created_at: string;
  updated_at: string;
}

export interface Key {
  id: string;
  name: string;
  /** The first characters of the key. */
  prefix: string;
  scopes: string[];
  /** The key or person that created this key; null: the command line. */
  created_by: string | null;
  /** The workspace that the key is bound to; null: none. A bound key reads and changes only the records of its workspace; routes of the whole organization answer 403. */
  workspace_id: string | null;
  sandbox: boolean;
  expires_at: string | null;
  /** Updated about every 30 seconds. */
  last_used_at: string | null;
  revoked_at: string | null;
  created_at: string;
}

export interface CreatedKey {
  id: string;
  name: string;
  /** The first characters of the key. */
  prefix: string;
  scopes: string[];
  /** The key or person that created this key; null: the command line. */
  created_by: string | null;
  /** The workspace that the key is bound to; null: none. A bound key reads and changes only the records of its workspace; routes of the whole organization answer 403. */
  workspace_id: string | null;
  sandbox: boolean;
  expires_at: string | null;
  /** Updated about every 30 seconds. */
  last_used_at: string | null;
  revoked_at: string | null;
  created_at: string;
  /** The key itself, returned only in this response. */
  key: string;
}

export interface DeletedWorkspace {
  id: string;
  /** Your own id of it. */
  external_id: string | null;
  name: string;
  limits: {
    /** The most endpoints it may have; null: 1000. */
    endpoints: number | null;
  };
  /** `deleting`: its keys are revoked, and its records are being deleted. Afterwards it does not exist. */
  status: 'active' | 'deleting';
  created_at: string;
  updated_at: string;
  /** What the workspace had, among other records. */
  deletes: {
    mailboxes: number;
    campaigns: number;
    /** At most 10,000: they are counted no further. */
    leads: number;
    /** At most 10,000: they are counted no further. */
    messages: number;
  };
}

export interface SignedIn {
  session: Session;
  person: Person;
}

export interface Session {
  id: string;
  user_agent: string | null;
  /** The IP address at sign-in. */
  address: string;
  /** The session of this request. */
  current: boolean;
  created_at: string;
  /** Updated about every 30 seconds. */
  last_used_at: string;
  expires_at: string;
}

export interface Person {
  id: string;
  email: string;
  name: string;
}

export interface SecondFactor {
  /** Signing in needs a one-time password. */
  totp: boolean;
  recovery_codes_left: number;
}

export interface EnrolledTotp {
  /** In base32, to be typed into an app. */
  secret: string;
  /** The same as an `otpauth:` URI, for a QR code. */
  uri: string;
}

export interface RecoveryCodes {
  /** Each replaces one code, once. Returned only in this response. */
  recovery_codes: string[];
}

export interface Passkey {
  id: string;
  name: string;
  created_at: string;
  updated_at: string;
  last_used_at: string | null;
}

export interface PasskeyCreationOptions {
  challenge: string;
  rp: { id: string; name: string };
  user: { id: string; name: string; displayName: string };
  pubKeyCredParams: { type: 'public-key'; alg: number }[];
  /** Milliseconds. */
  timeout: number;
  excludeCredentials: { id: string; type: 'public-key'; transports: string[] }[];
  authenticatorSelection: { residentKey: 'required'; requireResidentKey: boolean; userVerification: 'required' };
  attestation: 'none';
}

export interface PasskeyRequestOptions {
  challenge: string;
  rpId: string;
  /** Milliseconds. */
  timeout: number;
  userVerification: 'required';
}

export interface RequestedPasswordReset {
  /** Whether this installation sends mail. If not, the operator runs `outrider reset-password`. */
  sends_mail: boolean;
}

export interface Member {
  id: string;
  /** What records of this person name in `created_by`, and events in `actor`. */
  person_id: string;
  email: string;
  name: string;
  role: 'owner' | 'admin' | 'member' | 'viewer';
  /** The workspace that the person is limited to, as a key bound to it, with the role `member` or `viewer`; null: none. */
  workspace_id: string | null;
  created_at: string;
  updated_at: string;
}

export interface Invitation {
  id: string;
  email: string;
  role: 'owner' | 'admin' | 'member' | 'viewer';
  /** The workspace that the person is limited to, as a key bound to it, with the role `member` or `viewer`; null: none. */
  workspace_id: string | null;
  /** The key or person that created it. */
  invited_by: string | null;
  created_at: string;
  expires_at: string;
}

export interface CreatedInvitation {
  id: string;
  email: string;
  role: 'owner' | 'admin' | 'member' | 'viewer';
  /** The workspace that the person is limited to, as a key bound to it, with the role `member` or `viewer`; null: none. */
  workspace_id: string | null;
  /** The key or person that created it. */
  invited_by: string | null;
  created_at: string;
  expires_at: string;
  /** For `POST /v1/invitations/accept`; returned only in this response. */
  token: string;
  /** Whether the link is also mailed to the address. */
  mailed: boolean;
}

export interface PortalLink {
  /** Opens the portal, once. Returned only in this response. */
  url: string;
  expires_at: string;
}

export interface PortalSession {
  /** A bearer token, returned only in this response. */
  token: string;
  expires_at: string;
}

export interface Portal {
  name: string;
  /** `#rrggbb`, for buttons; the page writes on it in black or white, whichever has more contrast. */
  color: string;
  /** A PNG, JPEG or WebP image as a `data:` URL of at most 48 KiB: the page loads nothing from elsewhere. */
  logo: string | null;
  /** Null: the key is not bound to one. */
  workspace: string | null;
  expires_at: string | null;
}

export interface PortalBrand {
  name: string;
  /** `#rrggbb`, for buttons; the page writes on it in black or white, whichever has more contrast. */
  color: string;
  /** A PNG, JPEG or WebP image as a `data:` URL of at most 48 KiB: the page loads nothing from elsewhere. */
  logo: string | null;
}

export interface WebhookWithSecret {
  id: string;
  /** The URL that receives deliveries by POST. https, without credentials, and not a private address. */
  target_url: string;
  /** `*`, names such as `reply.received`, and prefixes such as `email.*`: built-in types, the dialect's names for them, or types that you publish yourself. */
  events: string[];
  description: string;
  dialect: string;
  /** Additional request headers, such as credentials for your receiver; at most 20. Values are stored encrypted and shown as `***`; sending `***` keeps the stored value. */
  headers: Record<string, string>;
  /** Exact waits before the second, third, … attempt. null: the dialect's schedule (usually 1 m, 5 m, 30 m, 2 h, 12 h), with each wait up to 10 % longer at random. */
  retry_schedule_seconds: number[] | null;
  /** Timeout of a whole exchange. null: the dialect's timeout (15 s; 5 s for foxreach and warmysender). */
  timeout_ms: number | null;
  /** Maximum number of concurrent deliveries. Default: 32. */
  max_in_flight: number;
  /** At most so many deliveries a second, over all processes; 0.1 is one in ten seconds. null: no limit. */
  rate_limit_per_second: number | null;
  /** `fifo`: deliveries are sent one at a time, in the order of publishing; a failed or held delivery blocks later ones. */
  ordering: 'none' | 'fifo';
  /** Only events whose `data` matches. Maps dotted paths to a value, to a list of allowed values, or to operators: `$eq`, `$ne`, `$in`, `$nin`, `$gt`, `$gte`, `$lt`, `$lte`, `$exists`, `$startsWith`, `$not`. All must match; `$or` takes an array of filters, `$not` one. A list in the data matches if any of its items does, and paths lead through lists of objects. At most 50 conditions. */
  filter: Record<string, unknown> | null;
  /** `ed25519` (dialect `standard` only) adds a `v1a` signature, verified with `public_key`. */
  signing: 'hmac' | 'ed25519';
  /** false: events are held until the endpoint is enabled. */
  is_active: boolean;
  /** A Liquid template of the body, instead of the dialect's body (dialect `standard` only), with the variables `data`, `type`, `id`, `occurred_at`, `organization_id`, `workspace_id` and `sandbox`. The filter `json` prints a value as JSON. It is tried with examples of the event types. The signature is over the rendered body. */
  body_template: string | null;
  /** The media type of the template's bodies; null: `application/json`. JSON bodies are checked. */
  content_type: string | null;
  /** The client certificate and authorities of its connections, without the key. */
  tls: {
    client_certificate: {
      subject: string;
      issuer: string;
      fingerprint_sha256: string;
      not_before: string;
      expires_at: string;
    } | null;
    /** null: the public authorities are trusted. */
    ca:
      | { subject: string; issuer: string; fingerprint_sha256: string; not_before: string; expires_at: string }[]
      | null;
  } | null;
  /** The OAuth 2.0 client of its deliveries, without its secret. */
  oauth2: {
    token_url: string;
    client_id: string;
    client_secret: '***';
    scope: string | null;
    audience: string | null;
    client_authentication: 'basic' | 'body';
  } | null;
  /** The values that apply to its deliveries: its own settings, or the dialect's where those are null. */
  effective: { timeout_ms: number; retry_schedule_seconds: number[] };
  workspace_id: string | null;
  /** `pull`: deliveries are fetched, not sent. */
  transport: 'push' | 'pull';
  /** The first characters of the signing secret. */
  secret_prefix: string;
  /** Until this time, the secret before the last rotation also signs. */
  previous_secret_expires_at: string | null;
  /** Set if the endpoint signs with ed25519; also listed at /.well-known/webhook-keys. */
  public_key: string | null;
  /** `manual`, `exhausted` (a delivery exhausted its retry schedule) or `gone` (the receiver answered 410). */
  disabled_reason: string | null;
  disabled_at: string | null;
  sandbox: boolean;
  /** Set on a temporary endpoint. */
  expires_at: string | null;
  created_at: string;
  updated_at: string;
  /** The signing secret, returned only in this response. */
  secret: string;
}

export interface Webhook {
  id: string;
  /** The URL that receives deliveries by POST. https, without credentials, and not a private address. */
  target_url: string;
  /** `*`, names such as `reply.received`, and prefixes such as `email.*`: built-in types, the dialect's names for them, or types that you publish yourself. */
  events: string[];
  description: string;
  dialect: string;
  /** Additional request headers, such as credentials for your receiver; at most 20. Values are stored encrypted and shown as `***`; sending `***` keeps the stored value. */
  headers: Record<string, string>;
  /** Exact waits before the second, third, … attempt. null: the dialect's schedule (usually 1 m, 5 m, 30 m, 2 h, 12 h), with each wait up to 10 % longer at random. */
  retry_schedule_seconds: number[] | null;
  /** Timeout of a whole exchange. null: the dialect's timeout (15 s; 5 s for foxreach and warmysender). */
  timeout_ms: number | null;
  /** Maximum number of concurrent deliveries. Default: 32. */
  max_in_flight: number;
  /** At most so many deliveries a second, over all processes; 0.1 is one in ten seconds. null: no limit. */
  rate_limit_per_second: number | null;
  /** `fifo`: deliveries are sent one at a time, in the order of publishing; a failed or held delivery blocks later ones. */
  ordering: 'none' | 'fifo';
  /** Only events whose `data` matches. Maps dotted paths to a value, to a list of allowed values, or to operators: `$eq`, `$ne`, `$in`, `$nin`, `$gt`, `$gte`, `$lt`, `$lte`, `$exists`, `$startsWith`, `$not`. All must match; `$or` takes an array of filters, `$not` one. A list in the data matches if any of its items does, and paths lead through lists of objects. At most 50 conditions. */
  filter: Record<string, unknown> | null;
  /** `ed25519` (dialect `standard` only) adds a `v1a` signature, verified with `public_key`. */
  signing: 'hmac' | 'ed25519';
  /** false: events are held until the endpoint is enabled. */
  is_active: boolean;
  /** A Liquid template of the body, instead of the dialect's body (dialect `standard` only), with the variables `data`, `type`, `id`, `occurred_at`, `organization_id`, `workspace_id` and `sandbox`. The filter `json` prints a value as JSON. It is tried with examples of the event types. The signature is over the rendered body. */
  body_template: string | null;
  /** The media type of the template's bodies; null: `application/json`. JSON bodies are checked. */
  content_type: string | null;
  /** The client certificate and authorities of its connections, without the key. */
  tls: {
    client_certificate: {
      subject: string;
      issuer: string;
      fingerprint_sha256: string;
      not_before: string;
      expires_at: string;
    } | null;
    /** null: the public authorities are trusted. */
    ca:
      | { subject: string; issuer: string; fingerprint_sha256: string; not_before: string; expires_at: string }[]
      | null;
  } | null;
  /** The OAuth 2.0 client of its deliveries, without its secret. */
  oauth2: {
    token_url: string;
    client_id: string;
    client_secret: '***';
    scope: string | null;
    audience: string | null;
    client_authentication: 'basic' | 'body';
  } | null;
  /** The values that apply to its deliveries: its own settings, or the dialect's where those are null. */
  effective: { timeout_ms: number; retry_schedule_seconds: number[] };
  workspace_id: string | null;
  /** `pull`: deliveries are fetched, not sent. */
  transport: 'push' | 'pull';
  /** The first characters of the signing secret. */
  secret_prefix: string;
  /** Until this time, the secret before the last rotation also signs. */
  previous_secret_expires_at: string | null;
  /** Set if the endpoint signs with ed25519; also listed at /.well-known/webhook-keys. */
  public_key: string | null;
  /** `manual`, `exhausted` (a delivery exhausted its retry schedule) or `gone` (the receiver answered 410). */
  disabled_reason: string | null;
  disabled_at: string | null;
  sandbox: boolean;
  /** Set on a temporary endpoint. */
  expires_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface Delivery {
  /** Sent with every attempt; it never changes. */
  id: string;
  endpoint_id: string;
  event_id: string;
  /** The type of the event. */
  event: string;
  kind: 'event' | 'test' | 'replay';
  /** `held`: the endpoint is or was disabled. */
  status: 'pending' | 'held' | 'delivered' | 'failed';
  attempt_count: number;
  /** Time of the next attempt. null while an attempt is in flight, and unless `status` is `pending`. */
  next_attempt_at: string | null;
  last_status_code: number | null;
  last_error: string | null;
  created_at: string;
  completed_at: string | null;
}

export interface WebhookStats {
  /** Hours with attempts, oldest first. */
  hours: {
    hour: string;
    attempts: number;
    succeeded: number;
    /** 0 to 1; null if there were no attempts. */
    success_rate: number | null;
    p50_ms: number | null;
    p95_ms: number | null;
    p99_ms: number | null;
    last_error: string | null;
  }[];
  total: {
    attempts: number;
    succeeded: number;
    /** 0 to 1; null if there were no attempts. */
    success_rate: number | null;
    p50_ms: number | null;
    p95_ms: number | null;
    p99_ms: number | null;
  };
  pending: number;
  held: number;
  health: {
    consecutive_failures: number;
    last_delivered_at: string | null;
    last_failed_at: string | null;
    last_error: string | null;
  };
}

export interface DeliveryWithAttempts {
  /** Sent with every attempt; it never changes. */
  id: string;
  endpoint_id: string;
  event_id: string;
  /** The type of the event. */
  event: string;
  kind: 'event' | 'test' | 'replay';
  /** `held`: the endpoint is or was disabled. */
  status: 'pending' | 'held' | 'delivered' | 'failed';
  attempt_count: number;
  /** Time of the next attempt. null while an attempt is in flight, and unless `status` is `pending`. */
  next_attempt_at: string | null;
  last_status_code: number | null;
  last_error: string | null;
  created_at: string;
  completed_at: string | null;
  /** The latest 50 attempts, in order. */
  attempts: Attempt[];
}

export interface Attempt {
  number: number;
  started_at: string;
  duration_ms: number;
  status_code: number | null;
  /** What went wrong, for people to read. */
  error: string | null;
  request: {
    url: string;
    headers: Record<string, string>;
    /** null if the event is past retention, or its data was erased. */
    body: string | null;
  };
  /** null if the receiver did not answer. */
  response: {
    headers: Record<string, string>;
    /** The first 4 KiB. */
    body: string;
  } | null;
}

export interface WebhookOverview {
  last_5_minutes: {
    /** Events published. */
    events: number;
    /** Deliveries created. */
    deliveries: number;
  };
  queue: {
    /** Deliveries that wait for their first or next attempt. */
    pending: number;
    /** Deliveries of disabled endpoints. */
    held: number;
    /** When the pending delivery that is due first was or is due; in the past, deliveries are late. */
    oldest_due_at: string | null;
  };
  endpoints: { total: number; enabled: number };
  /** Up to 20 endpoints that are disabled or whose last attempt failed: those that a failure disabled first, then those that fail, then paused ones. */
  attention: {
    id: string;
    target_url: string;
    description: string;
    is_active: boolean;
    disabled_reason: string | null;
    disabled_at: string | null;
    consecutive_failures: number;
    last_error: string | null;
  }[];
}

export interface PublishedEvent {
  id: string;
  event: string;
  /** Number of endpoints it is delivered to. */
  deliveries: number;
}

export interface Event {
  id: string;
  event: string;
  /** null: it belongs to the organization. */
  workspace_id: string | null;
  occurred_at: string;
  created_at: string;
  /** Its deliveries are not sent before; null: they were sent when it was published. */
  deliver_at: string | null;
  /** When its data was erased; null: it is stored. */
  erased_at: string | null;
  /** The `traceparent` of the publisher's request, sent with each delivery. */
  traceparent: string | null;
}

export interface RefusedEvent {
  event: string;
  error: { code: string; message: string };
}

export interface EventDetail {
  id: string;
  event: string;
  /** null: it belongs to the organization. */
  workspace_id: string | null;
  occurred_at: string;
  created_at: string;
  /** Its deliveries are not sent before; null: they were sent when it was published. */
  deliver_at: string | null;
  /** When its data was erased; null: it is stored. */
  erased_at: string | null;
  /** The `traceparent` of the publisher's request, sent with each delivery. */
  traceparent: string | null;
  deliveries: EventDelivery[];
  data: Record<string, unknown> | null;
}

export interface EventDelivery {
  id: string;
  endpoint_id: string;
  kind: 'event' | 'test' | 'replay';
  status: 'pending' | 'held' | 'delivered' | 'failed';
  attempt_count: number;
  last_status_code: number | null;
  last_error: string | null;
  created_at: string;
  completed_at: string | null;
}

export interface EventRetention {
  /** How long events of all other types are kept. */
  default_days: number;
  /** Days, by type or prefix. */
  retention: Record<string, number>;
}

export interface EventType {
  name: string;
  description: string;
  built_in: boolean;
  /** Its name in each dialect; null: endpoints with that dialect never receive it. */
  dialects: Record<string, string | null>;
  /** JSON Schema (draft 2020-12) of its `data`. */
  schema: Record<string, unknown> | null;
  /** An example of its `data`. */
  example: Record<string, unknown> | null;
  created_at: string | null;
  updated_at: string | null;
}

export interface Replay {
  id: string;
  endpoint_id: string;
  status: 'failed' | 'delivered' | 'all';
  event_types: string[] | null;
  since: string;
  until: string;
  rate_per_second: number;
  state: 'running' | 'completed' | 'cancelled';
  /** What a running job waits for: `endpoint`: for the endpoint to be enabled; `queue`: for its pending deliveries to be sent. */
  waiting_for: 'endpoint' | 'queue' | null;
  progress: {
    /** Number of deliveries scanned, or of events if the status is `all`. */
    scanned: number;
    /** Number of deliveries queued. */
    replayed: number;
    /** Percentage of the time range. */
    percent: number;
    /** Everything before this time has been processed. */
    reached_at: string;
  };
  created_at: string;
  finished_at: string | null;
}

export interface ReplayPreview {
  /** Number of deliveries that the replay would queue now. */
  deliveries: number;
  /** False: the range has more than the preview counts, so the replay may queue more deliveries. */
  is_complete: boolean;
}

export interface Listener {
  id: string;
  /** The URL that receives deliveries by POST. https, without credentials, and not a private address. */
  target_url: string;
  /** `*`, names such as `reply.received`, and prefixes such as `email.*`: built-in types, the dialect's names for them, or types that you publish yourself. */
  events: string[];
  description: string;
  dialect: string;
  /** Additional request headers, such as credentials for your receiver; at most 20. Values are stored encrypted and shown as `***`; sending `***` keeps the stored value. */
  headers: Record<string, string>;
  /** Exact waits before the second, third, … attempt. null: the dialect's schedule (usually 1 m, 5 m, 30 m, 2 h, 12 h), with each wait up to 10 % longer at random. */
  retry_schedule_seconds: number[] | null;
  /** Timeout of a whole exchange. null: the dialect's timeout (15 s; 5 s for foxreach and warmysender). */
  timeout_ms: number | null;
  /** Maximum number of concurrent deliveries. Default: 32. */
  max_in_flight: number;
  /** At most so many deliveries a second, over all processes; 0.1 is one in ten seconds. null: no limit. */
  rate_limit_per_second: number | null;
  /** `fifo`: deliveries are sent one at a time, in the order of publishing; a failed or held delivery blocks later ones. */
  ordering: 'none' | 'fifo';
  /** Only events whose `data` matches. Maps dotted paths to a value, to a list of allowed values, or to operators: `$eq`, `$ne`, `$in`, `$nin`, `$gt`, `$gte`, `$lt`, `$lte`, `$exists`, `$startsWith`, `$not`. All must match; `$or` takes an array of filters, `$not` one. A list in the data matches if any of its items does, and paths lead through lists of objects. At most 50 conditions. */
  filter: Record<string, unknown> | null;
  /** `ed25519` (dialect `standard` only) adds a `v1a` signature, verified with `public_key`. */
  signing: 'hmac' | 'ed25519';
  /** false: events are held until the endpoint is enabled. */
  is_active: boolean;
  /** A Liquid template of the body, instead of the dialect's body (dialect `standard` only), with the variables `data`, `type`, `id`, `occurred_at`, `organization_id`, `workspace_id` and `sandbox`. The filter `json` prints a value as JSON. It is tried with examples of the event types. The signature is over the rendered body. */
  body_template: string | null;
  /** The media type of the template's bodies; null: `application/json`. JSON bodies are checked. */
  content_type: string | null;
  /** The client certificate and authorities of its connections, without the key. */
  tls: {
    client_certificate: {
      subject: string;
      issuer: string;
      fingerprint_sha256: string;
      not_before: string;
      expires_at: string;
    } | null;
    /** null: the public authorities are trusted. */
    ca:
      | { subject: string; issuer: string; fingerprint_sha256: string; not_before: string; expires_at: string }[]
      | null;
  } | null;
  /** The OAuth 2.0 client of its deliveries, without its secret. */
  oauth2: {
    token_url: string;
    client_id: string;
    client_secret: '***';
    scope: string | null;
    audience: string | null;
    client_authentication: 'basic' | 'body';
  } | null;
  /** The values that apply to its deliveries: its own settings, or the dialect's where those are null. */
  effective: { timeout_ms: number; retry_schedule_seconds: number[] };
  workspace_id: string | null;
  /** `pull`: deliveries are fetched, not sent. */
  transport: 'push' | 'pull';
  /** The first characters of the signing secret. */
  secret_prefix: string;
  /** Until this time, the secret before the last rotation also signs. */
  previous_secret_expires_at: string | null;
  /** Set if the endpoint signs with ed25519; also listed at /.well-known/webhook-keys. */
  public_key: string | null;
  /** `manual`, `exhausted` (a delivery exhausted its retry schedule) or `gone` (the receiver answered 410). */
  disabled_reason: string | null;
  disabled_at: string | null;
  sandbox: boolean;
  /** Set on a temporary endpoint. */
  expires_at: string | null;
  created_at: string;
  updated_at: string;
  /** The signing secret, returned only in this response. */
  secret: string;
}

export interface FetchedDelivery {
  delivery_id: string;
  event_id: string;
  event: string;
  /** Number of this attempt; send it back with the result. */
  attempt: number;
  /** The delivery can be fetched again after this time unless it is settled. */
  lease_expires_at: string;
  /** Headers and body as a push endpoint would receive them, signed now. */
  request: { headers: Record<string, string>; body: string };
}

export interface Alert {
  id: string;
  subject: string;
  body: string;
  /** `kept`: the alert was not mailed and will not be; `last_error` gives the reason. */
  status: 'waiting' | 'sent' | 'kept';
  attempt_count: number;
  last_error: string | null;
  created_at: string;
  sent_at: string | null;
}

export interface InboundSourceWithSecret {
  id: string;
  /** The workspace of its events; null: none. */
  workspace_id: string | null;
  provider: string;
  name: string;
  /** Path that the provider posts to, relative to the URL of this API. */
  path: string;
  /** Of basic authentication; its password is never shown. */
  username: string | null;
  public_key: string | null;
  topic_arn: string | null;
  /** Until when what proved posts before the last rotation is accepted, too. */
  previous_secret_expires_at: string | null;
  created_at: string;
  /** The HMAC key of `X-Webhook-Signature`, or the password, if Outrider made it. Shown only in this response. */
  secret: string | null;
}

export interface InboundSource {
  id: string;
  /** The workspace of its events; null: none. */
  workspace_id: string | null;
  provider: string;
  name: string;
  /** Path that the provider posts to, relative to the URL of this API. */
  path: string;
  /** Of basic authentication; its password is never shown. */
  username: string | null;
  public_key: string | null;
  topic_arn: string | null;
  /** Until when what proved posts before the last rotation is accepted, too. */
  previous_secret_expires_at: string | null;
  created_at: string;
}

export interface InboundEvent {
  id: string;
  /** Of the message that it names, or of its source. */
  workspace_id: string | null;
  /** null if the event was posted with an API key. */
  source_id: string | null;
  provider: string;
  /** `email.rejected` is emitted as `email.failed`; queued, deferred, subscribed and unknown are only stored. */
  type:
    | 'email.sent'
    | 'email.delivered'
    | 'email.opened'
    | 'email.clicked'
    | 'email.bounced'
    | 'email.complained'
    | 'email.unsubscribed'
    | 'email.failed'
    | 'email.rejected'
    | 'email.queued'
    | 'email.deferred'
    | 'email.subscribed'
    | 'email.unknown';
  /** The provider's id of the message; empty if it reports none. */
  email_id: string;
  recipient: string | null;
  occurred_at: string;
  received_at: string;
  /** Whether the event names a message that this organization sent. */
  matched: boolean;
  /** The event that was emitted to endpoints; see GET /v1/events/{id}. */
  event_id: string | null;
}

export interface InboundEventWithPayload {
  id: string;
  /** Of the message that it names, or of its source. */
  workspace_id: string | null;
  /** null if the event was posted with an API key. */
  source_id: string | null;
  provider: string;
  /** `email.rejected` is emitted as `email.failed`; queued, deferred, subscribed and unknown are only stored. */
  type:
    | 'email.sent'
    | 'email.delivered'
    | 'email.opened'
    | 'email.clicked'
    | 'email.bounced'
    | 'email.complained'
    | 'email.unsubscribed'
    | 'email.failed'
    | 'email.rejected'
    | 'email.queued'
    | 'email.deferred'
    | 'email.subscribed'
    | 'email.unknown';
  /** The provider's id of the message; empty if it reports none. */
  email_id: string;
  recipient: string | null;
  occurred_at: string;
  received_at: string;
  /** Whether the event names a message that this organization sent. */
  matched: boolean;
  /** The event that was emitted to endpoints; see GET /v1/events/{id}. */
  event_id: string | null;
  /** As the provider posted it: its part of the body, if that has several. */
  payload: unknown;
}

export interface Mailbox {
  id: string;
  email: string;
  role: 'sender' | 'seed';
  display_name: string | null;
  provider: 'smtp' | 'google' | 'microsoft' | 'capture';
  /** `connecting`: no login yet. `degraded`: a server fails and is tried again. `auth_failed`: the credentials are refused; change them, or authorize the mailbox again. `paused`: by a person. */
  status: 'connecting' | 'connected' | 'degraded' | 'auth_failed' | 'disconnected' | 'paused';
  /** Why it is not connected. */
  status_reason: string | null;
  smtp: {
    host: string;
    port: number;
    /** `tls`: from the first byte, as on 465 and 993. `starttls`: refused unless the server upgrades, as on 587 and 143. `none`: only to addresses that the operator allows (OUTRIDER_EGRESS_ALLOW). */
    security: 'tls' | 'starttls' | 'none';
    username: string;
  } | null;
  imap: {
    host: string;
    port: number;
    /** `tls`: from the first byte, as on 465 and 993. `starttls`: refused unless the server upgrades, as on 587 and 143. `none`: only to addresses that the operator allows (OUTRIDER_EGRESS_ALLOW). */
    security: 'tls' | 'starttls' | 'none';
    username: string;
  } | null;
  daily_limit: number;
  /** Messages that count against the daily limit, since midnight in `timezone`. */
  sent_today: number;
  gap_seconds: { min: number; max: number };
  max_hourly_per_domain: number;
  timezone: string;
  work_hours: { days: number[]; start: string; end: string };
  signature: string | null;
  reply_to: string | null;
  tracking_domain: string | null;
  warmup: { enabled: boolean };
  health: {
    /** 0 to 100; null: too little is known. */
    score: number | null;
    band: 'healthy' | 'watch' | 'quarantine' | 'blocked' | null;
  };
  workspace_id: string | null;
  /** Since when it can log in; null after its credentials were refused. */
  connected_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface MailboxErrorResponse {
  error: {
    code:
      | 'validation_failed'
      | 'unauthorized'
      | 'second_factor_required'
      | 'forbidden'
      | 'not_found'
      | 'method_not_allowed'
      | 'request_timeout'
      | 'conflict'
      | 'precondition_failed'
      | 'payload_too_large'
      | 'unsupported_media_type'
      | 'rate_limit'
      | 'headers_too_large'
      | 'internal'
      | 'not_implemented'
      | 'unavailable';
    message: string;
    /** Each invalid field, with the reason. */
    details: {
      /** All stages of a test that failed. */
      stages?: MailboxCheckStage[];
      [name: string]: unknown;
    };
  };
}

export interface MailboxCheckStage {
  protocol: 'smtp' | 'imap';
  stage: 'dns' | 'tcp' | 'tls' | 'greeting' | 'auth' | 'capabilities' | 'sender' | 'folders';
  ok: boolean;
  /** What is wrong, for programs, such as `wrong_password`. */
  code?: string;
  /** What happened and, after a failure, what to do. */
  message: string;
  /** The server's own words. */
  server_said?: string;
}

export interface MailboxCheck {
  ok: boolean;
  stages: MailboxCheckStage[];
  warnings: string[];
}

export interface MailboxHealth {
  mailbox_id: string;
  /** 0 to 100: the mean of the parts by weight. Null: their weights are less than 40. */
  score: number | null;
  /** Null: too little is known. */
  band: 'healthy' | 'watch' | 'quarantine' | 'blocked' | null;
  /** When the band began. */
  since: string | null;
  /** Null: it is being measured for the first time. */
  measured_at: string | null;
  parts: {
    name: 'placement' | 'bounces' | 'complaints' | 'authentication' | 'connection';
    weight: number;
    /** 0 (worst) to 1. Null: the sample is too small, and the weight does not count. */
    value: number | null;
    /** As measured: the share of messages in the inbox, bounced or reported as spam, of checks that pass, or of time connected. */
    rate: number | null;
    /** Messages, checks or hours. */
    sample: number;
    sample_min: number;
  }[];
  /** What the band asks for, and the one action that helps most. Null: nothing is wrong. */
  action: string | null;
  trend: {
    direction: 'improving' | 'stable' | 'declining' | null;
    /** Points within the last seven days. */
    change: number | null;
    /** The score at the end of each of the last seven days (UTC), the oldest first. */
    days: { day: string; score: number | null }[];
  };
}

export interface MailboxDay {
  day: string;
  /** Accepted by a server, whatever they are for. */
  sent: number;
  /** Attempts for which a server asked to try again later. */
  deferred: number;
  /** Hard bounces and blocks. */
  bounced: number;
  bounced_soft: number;
  complained: number;
  campaign: { sent: number; bounced: number; replied: number };
  /** `inboxed` to `missing`: where messages of the mailbox were found. `received`, `rescued` and `replied`: what it received, moved out of spam and answered. */
  warmup: {
    sent: number;
    received: number;
    inboxed: number;
    spam: number;
    other: number;
    missing: number;
    rescued: number;
    replied: number;
  };
  /** Health at the end of the day. */
  score: number | null;
}

export interface Warmup {
  mailbox_id: string;
  enabled: boolean;
  /** The exchange and the ramp stand still; what may be sent a day stays. */
  paused: boolean;
  /** How fast the daily volume grows: `gentle` from 3 by one in two days, `normal` from 5 by 1, `fast` from 10 by 2 a day. */
  strategy: 'gentle' | 'normal' | 'fast';
  /** Messages a day at the end of the ramp. Default: 20 of `gentle`, 40 of `normal`, 50 of `fast`. */
  target_daily_volume: number;
  /** Share of received warm-up messages that are answered, in per cent. */
  reply_rate: number;
  /** Of the messages of warm-up. To a mailbox with another language they are in English. */
  language: 'en' | 'de' | 'es' | 'fr' | 'it' | 'pt';
  /** Days that counted for the ramp. */
  day: number;
  today: {
    /** How many messages may be sent on this local day before those of campaigns and warm-up wait. Null: no limit, because warm-up is not enabled. */
    target: number | null;
    /** Messages of this local day, whatever they are for. */
    sent: number;
    /** What decides the target. */
    reason: 'ramp' | 'target' | 'weekend' | 'watch' | 'quarantine' | 'probation' | 'blocked' | null;
  };
  exchange: {
    allow_same_organization: boolean;
    allow_other_organizations: boolean;
    /** Mailboxes of other organizations that it may write to. */
    partners: number;
    /** Mailboxes of its own organization: providers see that one owner writes to himself. */
    low_value_partners: number;
    /** Mailboxes of its organization that only receive. */
    seeds: number;
    /** Why no message of the exchange is sent; null: the next one has its time. */
    blocked_reason: string | null;
    /** The same as a sentence. */
    blocked_detail: string | null;
    /** When the next message is sent, if the limits of the mailbox allow it. */
    next_at: string | null;
  };
  /** Why the day before did not count for the ramp. */
  hold: 'paused' | 'nothing_sent' | 'spam_placement' | 'bounces' | 'deferrals' | 'health' | null;
  started_at: string | null;
  milestones: {
    name:
      | 'first_inbox'
      | 'day_7'
      | 'day_14'
      | 'day_30'
      | 'sent_100'
      | 'sent_500'
      | 'target_reached'
      | 'health_90'
      | 'recovered';
    at: string;
  }[];
}

export interface Message {
  id: string;
  direction: 'outbound' | 'inbound';
  /** `claimed`: accepted, and waits to be sent. `sending`: a server is getting it. `sent`: a server has it. `delivered`: a delivery report says so. `deferred`: a server said "later". `unknown`: it may have been sent; it is looked for, and never sent again by itself. `not_found`: very likely not sent. Null for a received message. */
  status:
    | 'claimed'
    | 'sending'
    | 'sent'
    | 'delivered'
    | 'deferred'
    | 'bounced'
    | 'failed'
    | 'unknown'
    | 'not_found'
    | null;
  purpose: 'direct' | 'campaign' | 'warmup' | 'self_test' | 'received';
  mailbox_id: string;
  workspace_id: string | null;
  campaign_id: string | null;
  lead_id: string | null;
  contact_id: string | null;
  reply_to_message_id: string | null;
  step: number | null;
  variant: string | null;
  /** The Message-ID, as the recipient sees it. */
  message_id: string;
  from: string;
  to: string;
  subject: string;
  /** Why it waits, such as `mailbox_daily_limit`, `domain_hourly_limit`, `deferred_by_server` or `mailbox_paused`. */
  blocked_reason: string | null;
  blocked_until: string | null;
  /** Times that it was about to be given to a server. */
  attempts: number;
  /** The server's last answer, or why it will not be sent. */
  error: string | null;
  created_at: string;
  updated_at: string;
  sent_at: string | null;
}

export interface MessageDetail {
  id: string;
  direction: 'outbound' | 'inbound';
  /** `claimed`: accepted, and waits to be sent. `sending`: a server is getting it. `sent`: a server has it. `delivered`: a delivery report says so. `deferred`: a server said "later". `unknown`: it may have been sent; it is looked for, and never sent again by itself. `not_found`: very likely not sent. Null for a received message. */
  status:
    | 'claimed'
    | 'sending'
    | 'sent'
    | 'delivered'
    | 'deferred'
    | 'bounced'
    | 'failed'
    | 'unknown'
    | 'not_found'
    | null;
  purpose: 'direct' | 'campaign' | 'warmup' | 'self_test' | 'received';
  mailbox_id: string;
  workspace_id: string | null;
  campaign_id: string | null;
  lead_id: string | null;
  contact_id: string | null;
  reply_to_message_id: string | null;
  step: number | null;
  variant: string | null;
  /** The Message-ID, as the recipient sees it. */
  message_id: string;
  from: string;
  to: string;
  subject: string;
  /** Why it waits, such as `mailbox_daily_limit`, `domain_hourly_limit`, `deferred_by_server` or `mailbox_paused`. */
  blocked_reason: string | null;
  blocked_until: string | null;
  /** Times that it was about to be given to a server. */
  attempts: number;
  /** The server's last answer, or why it will not be sent. */
  error: string | null;
  created_at: string;
  updated_at: string;
  sent_at: string | null;
  text: string;
  html: string | null;
  /** Header fields by lower-case name, without From, To, Subject and Message-ID, which are fields of the message. Several values of one name are separated by line breaks. */
  headers: Record<string, string>;
  /** What happened to it, the oldest first; at most 200. */
  events: MessageEvent[];
}

export interface MessageEvent {
  /** `accepted`, `deferred`, `returned`, `failed`, `abandoned`, `bounced`, `lost`, `found`, `missing`, `reported_delivered`, `reported_bounced`, `resent`, `copied` or `copy_failed`. */
  kind: string;
  at: string;
  detail: Record<string, unknown>;
}

export interface SendingLimits {
  /** Messages of all mailboxes in one day (UTC); null: no limit. */
  daily_limit: number | null;
  /** Null: not counted, as there is no limit. */
  sent_today: number | null;
}

export interface Campaign {
  id: string;
  workspace_id: string | null;
  name: string;
  goal: string | null;
  context: string | null;
  status: 'draft' | 'active' | 'paused' | 'completed' | 'archived';
  pause_reason: 'user' | 'bounce_guard' | 'complaint_guard' | 'no_mailbox' | 'domain_auth' | 'late_start' | null;
  /** The reason as a sentence, with its numbers. */
  pause_detail: string | null;
  /** Whom it is for, as it was when the campaign was created. */
  icp: Record<string, unknown>;
  mailbox_ids: string[];
  schedule: CampaignSchedule;
  daily_limit: number | null;
  new_leads_limit: number | null;
  tracking: { opens: boolean; clicks: boolean };
  stop: { on_reply: boolean; company: 'off' | 'campaign' | 'workspace' };
  unsubscribe: 'header' | 'body' | 'both';
  topic_id: string | null;
  verification: 'deliverable' | 'risky' | 'off';
  cooldown_days: number;
  company_max: number;
  new_leads_first: boolean;
  pipeline: CampaignStage[];
  sequence: CampaignStep[];
  metrics: CampaignMetrics;
  /** Counts edits and changes of the state; also the `ETag`. */
  revision: number;
  starts_at: string | null;
  /** A draft that was launched, and starts at `starts_at`. Setting that to null ends it. */
  waits_for_start: boolean;
  started_at: string | null;
  completed_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface CampaignSchedule {
  timezone: string;
  use_lead_timezone: boolean;
  windows: { days: number[]; start: string; end: string }[];
  holidays: string[];
  dates: string[];
}

export interface CampaignStage {
  step: 'discover' | 'verify' | 'send';
  /** `skipped`: the campaign has no such stage. */
  status: 'pending' | 'running' | 'done' | 'skipped';
  leads?: number;
  /** Of these, leads that were added in the background. */
  added?: number;
  /** The last search: `GET /v1/discovery-jobs/{id}`. */
  job_id?: string;
  /** People whom searches looked at. */
  searched?: number;
  /** Of these, those that match the profile. */
  accepted?: number;
  /** Of the accepted ones, those that did not become leads. */
  without_lawful_basis?: number;
  /** Contacts that were not added in the background: `GET /v1/campaigns/{id}/leads/additions`. */
  skipped?: number;
  verified?: number;
  /** Leads whose address has no verdict yet. */
  pending?: number;
  contacted?: number;
  sent?: number;
  /** Leads that may be sent another message. */
  open?: number;
  /** Why the stage stopped: the last search failed or waits, the verifier gives no answer, the campaign was paused. */
  error?: string | null;
}

export interface CampaignStep {
  id: string;
  /** Its place in the sequence, from 1. */
  number: number;
  status: 'pending' | 'running' | 'done' | 'skipped';
  name: string | null;
  subject: string | null;
  body: string;
  format: 'text' | 'html';
  delay_days: number;
  delay_hours: number;
  business_days: boolean;
  send_only_if_no_reply: boolean;
  variants: { id: string; subject: string | null; body: string | null; weight: number; enabled: boolean }[];
  revision: number;
  metrics: {
    sent: number;
    delivered: number;
    bounced: number;
    opened: number | null;
    clicked: number | null;
    replied: number;
    positive_replies: number;
    unsubscribed: number;
  };
}

export interface CampaignMetrics {
  leads: number;
  contacted: number;
  sent: number;
  delivered: number;
  bounced: number;
  /** Messages that a person opened. Null: not measured, because tracking of opens is off. */
  opened: number | null;
  /** Messages in which a person clicked. Null: not measured. */
  clicked: number | null;
  replied: number;
  positive_replies: number;
  unsubscribed: number;
  meetings: number;
  skipped: number;
}

export interface AddedLeads {
  added: number;
  skipped: {
    contact_id: string;
    reason:
      | 'already_in_campaign'
      | 'unknown_contact'
      | 'deleted'
      | 'no_address'
      | 'suppressed'
      | 'unsubscribed'
      | 'left_topic';
  }[];
}

export interface CampaignLaunchErrorResponse {
  error: {
    code:
      | 'validation_failed'
      | 'unauthorized'
      | 'second_factor_required'
      | 'forbidden'
      | 'not_found'
      | 'method_not_allowed'
      | 'request_timeout'
      | 'conflict'
      | 'precondition_failed'
      | 'payload_too_large'
      | 'unsupported_media_type'
      | 'rate_limit'
      | 'headers_too_large'
      | 'internal'
      | 'not_implemented'
      | 'unavailable';
    message: string;
    /** Each field, with the reason; and what the validation found. */
    details: {
      errors?: {
        /** An error: `no_step`, `empty_body`, `empty_subject`, `template_error`, `missing_variable`, `unknown_variable`, `no_mailbox`, `no_lead`, `no_window`, `no_tracking_domain`, `link_to_tracking_host`. A warning: `mailbox_auth_failed`, `dmarc_missing`, `domain_auth_failing`, `mailbox_young`, `unsubscribe_by_mail_only`, `many_links`, `shortened_link`, `large_html`, `no_postal_address`, `identical_texts`, `leads_unverified`, `leads_undeliverable`, `leads_risky`, `leads_suppressed`, `role_addresses`, `no_lawful_basis`, `leads_without_timezone`. */
        code: string;
        /** What it is about, such as `sequence.1.body`. */
        field: string;
        message: string;
        /** Leads that it concerns; null: it is about the campaign. */
        count: number | null;
        /** The first twenty of them. */
        lead_ids: string[];
      }[];
      warnings?: {
        /** An error: `no_step`, `empty_body`, `empty_subject`, `template_error`, `missing_variable`, `unknown_variable`, `no_mailbox`, `no_lead`, `no_window`, `no_tracking_domain`, `link_to_tracking_host`. A warning: `mailbox_auth_failed`, `dmarc_missing`, `domain_auth_failing`, `mailbox_young`, `unsubscribe_by_mail_only`, `many_links`, `shortened_link`, `large_html`, `no_postal_address`, `identical_texts`, `leads_unverified`, `leads_undeliverable`, `leads_risky`, `leads_suppressed`, `role_addresses`, `no_lawful_basis`, `leads_without_timezone`. */
        code: string;
        /** What it is about, such as `sequence.1.body`. */
        field: string;
        message: string;
        /** Leads that it concerns; null: it is about the campaign. */
        count: number | null;
        /** The first twenty of them. */
        lead_ids: string[];
      }[];
      [name: string]: unknown;
    };
  };
}

export interface LeadAddition {
  id: string;
  campaign_id: string;
  filter: Record<string, unknown>;
  segment_id: string | null;
  keep_adding: boolean;
  /** `following`: all contacts of the segment were added; contacts that enter it are added within minutes. */
  status: 'running' | 'following' | 'done';
  added: number;
  /** Already in the campaign, or suppressed. */
  skipped: number;
  created_at: string;
  finished_at: string | null;
}

export interface Lead {
  id: string;
  campaign_id: string;
  workspace_id: string | null;
  contact_id: string | null;
  email: string;
  /** `queued`: not contacted yet. `waiting`: for its next step. `sending`: its message is on its way. `held`: until `blocked_until`, or until it is resumed. The others are final. */
  status:
    | 'queued'
    | 'waiting'
    | 'sending'
    | 'held'
    | 'finished'
    | 'replied'
    | 'bounced'
    | 'unsubscribed'
    | 'complained'
    | 'meeting_booked'
    | 'not_interested'
    | 'wrong_person'
    | 'left_company'
    | 'skipped'
    | 'failed';
  /** Messages of the sequence that were sent to it. */
  step: number;
  /** The mailbox that writes to it. Null until the first message. */
  mailbox_id: string | null;
  /** When its next step may be sent, or its hold ends. */
  due_at: string | null;
  /** Why it waits or is skipped, as a stable code. */
  blocked_reason: string | null;
  blocked_until: string | null;
  blocked_detail: string | null;
  verdict: 'deliverable' | 'risky' | 'undeliverable' | 'unknown' | null;
  replied_at: string | null;
  last_event_at: string;
  created_at: string;
}

export interface LeadDetail {
  id: string;
  campaign_id: string;
  workspace_id: string | null;
  contact_id: string | null;
  email: string;
  /** `queued`: not contacted yet. `waiting`: for its next step. `sending`: its message is on its way. `held`: until `blocked_until`, or until it is resumed. The others are final. */
  status:
    | 'queued'
    | 'waiting'
    | 'sending'
    | 'held'
    | 'finished'
    | 'replied'
    | 'bounced'
    | 'unsubscribed'
    | 'complained'
    | 'meeting_booked'
    | 'not_interested'
    | 'wrong_person'
    | 'left_company'
    | 'skipped'
    | 'failed';
  /** Messages of the sequence that were sent to it. */
  step: number;
  /** The mailbox that writes to it. Null until the first message. */
  mailbox_id: string | null;
  /** When its next step may be sent, or its hold ends. */
  due_at: string | null;
  /** Why it waits or is skipped, as a stable code. */
  blocked_reason: string | null;
  blocked_until: string | null;
  blocked_detail: string | null;
  verdict: 'deliverable' | 'risky' | 'undeliverable' | 'unknown' | null;
  replied_at: string | null;
  last_event_at: string;
  created_at: string;
  /** What happened to it, the oldest first; at most 200. */
  history: LeadEvent[];
  /** To and from it, the oldest first; the newest 100. */
  messages: LeadMessage[];
}

export interface LeadEvent {
  /** `added`, `verified`, `begun`, `accepted`, `held`, `resumed`, `replied`, `skipped`, … */
  kind: string;
  from:
    | 'queued'
    | 'waiting'
    | 'sending'
    | 'held'
    | 'finished'
    | 'replied'
    | 'bounced'
    | 'unsubscribed'
    | 'complained'
    | 'meeting_booked'
    | 'not_interested'
    | 'wrong_person'
    | 'left_company'
    | 'skipped'
    | 'failed'
    | null;
  to:
    | 'queued'
    | 'waiting'
    | 'sending'
    | 'held'
    | 'finished'
    | 'replied'
    | 'bounced'
    | 'unsubscribed'
    | 'complained'
    | 'meeting_booked'
    | 'not_interested'
    | 'wrong_person'
    | 'left_company'
    | 'skipped'
    | 'failed';
  detail: Record<string, unknown>;
  at: string;
}

export interface LeadMessage {
  id: string;
  direction: 'outbound' | 'inbound';
  status: string | null;
  step: number | null;
  variant: string | null;
  from: string;
  to: string;
  subject: string;
  created_at: string;
  sent_at: string | null;
}

export interface Reply {
  /** Also the id of the received message. */
  id: string;
  workspace_id: string | null;
  campaign_id: string | null;
  lead_id: string | null;
  contact_id: string | null;
  mailbox_id: string;
  /** The message that it answers. */
  reply_to_message_id: string;
  /** The lead; without one, the first message of the thread. */
  thread_id: string;
  from: string;
  to: string;
  subject: string;
  /** The whole text, with what it quotes; in a list, its first 10000 characters. */
  body: string;
  /** What the person wrote: without quotation, sign-off, signature and disclaimer; in a list, its first 10000 characters. */
  text: string;
  /** What the reply means. `unknown`: nothing was certain enough. */
  classification:
    | 'interested'
    | 'meeting_request'
    | 'question'
    | 'not_now'
    | 'not_interested'
    | 'wrong_person'
    | 'left_company'
    | 'unsubscribe_request'
    | 'out_of_office'
    | 'auto_reply'
    | 'hostile'
    | 'unknown';
  /** Of `unknown`: of the class that was not certain enough. Of a person: 1. */
  confidence: number;
  /** Who decided: the rules, the linear model, the organization's own model, or a person. */
  source: 'rules' | 'model' | 'assistant' | 'person';
  /** What led to the class, the most important first. */
  reasons: string[];
  /** How it was matched with the message that it answers. */
  match: {
    /** What named the answered message. `reference`: its Message-ID, and its recipient answers; `from_other_person`: somebody else of the company does; `stranger`: somebody else does. `unsubscribe_token`: the token of its opt-out. `subject`: the sender is its recipient, with the only such subject. `sender`: the sender is its recipient. `domain`: its recipient is of the same company. */
    by: 'reference' | 'from_other_person' | 'stranger' | 'unsubscribe_token' | 'subject' | 'sender' | 'domain';
    /** Below 0.6, the reply is shown and changes nothing. */
    confidence: number;
  };
  /** `YYYY-MM-DD`: the first day back of an absence, or the day from which a `not_now` may be written to again. */
  return_date: string | null;
  /** Somebody whom the reply names instead of its sender: a proposal, which is never added by itself. */
  referral: { email: string | null; name: string | null } | null;
  is_read: boolean;
  is_starred: boolean;
  received_at: string;
  updated_at: string;
}

export interface ThreadMessage {
  id: string;
  direction: 'outbound' | 'inbound';
  /** As of a message. Null for a received one. */
  status: string | null;
  mailbox_id: string;
  from: string;
  to: string;
  subject: string;
  /** The whole text, with what it quotes. */
  body: string;
  /** What its sender wrote: of a reply, without quotation, sign-off, signature and disclaimer. */
  text: string;
  html: string | null;
  step: number | null;
  /** Null of messages that are no replies. */
  classification:
    | 'interested'
    | 'meeting_request'
    | 'question'
    | 'not_now'
    | 'not_interested'
    | 'wrong_person'
    | 'left_company'
    | 'unsubscribe_request'
    | 'out_of_office'
    | 'auto_reply'
    | 'hostile'
    | 'unknown'
    | null;
  /** When it was received, sent, or accepted to be sent. */
  at: string;
}

export interface Assistant {
  url: string;
  model: string;
  /** The key itself is never returned. */
  has_key: boolean;
  daily_budget: number;
  used_today: number;
  /** Why it gave no answer the last time; null: it answered. */
  problem: string | null;
  problem_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface TimelineEntry {
  /** Of the record that it is about, or of the change. */
  id: string;
  type:
    | 'contact_created'
    | 'activity'
    | 'message'
    | 'meeting'
    | 'lead'
    | 'suppression'
    | 'suppression_lifted'
    | 'topic_left'
    | 'merged'
    | 'unmerged';
  /** When it happened. */
  at: string;
  /** Of an `activity`: `activity_type`, `metadata`, `project_id`, `created_by`. Of a `message`: `direction`, `status`, `subject`, `mailbox_id`, `campaign_id`, `lead_id`, `step`, `opened_at`, `clicked_at`, and of a reply its `classification`. Of a `meeting`: `status`, `starts_at`, `ends_at`, `campaign_id`, `lead_id`. Of a `lead`: `kind` (as in its history, such as `added`, `replied` or `skipped`), `from`, `to`, `lead_id`, `campaign_id`, `message_id`. Of a `suppression`: `email`, `reason`, `workspace_id`, `message_id`. Of `suppression_lifted`: `email`, `reason`, `workspace_id`, `suppressed_at`. Of `merged` and `unmerged`: `merge_id` and `from_id`, the contact that was merged into this one. Of `topic_left`: `email`, `reason`, `topic_id`, `topic_name`, `message_id`. Of `contact_created`: `created_by`. */
  data: Record<string, unknown>;
}

export interface CampaignValidation {
  errors: {
    /** An error: `no_step`, `empty_body`, `empty_subject`, `template_error`, `missing_variable`, `unknown_variable`, `no_mailbox`, `no_lead`, `no_window`, `no_tracking_domain`, `link_to_tracking_host`. A warning: `mailbox_auth_failed`, `dmarc_missing`, `domain_auth_failing`, `mailbox_young`, `unsubscribe_by_mail_only`, `many_links`, `shortened_link`, `large_html`, `no_postal_address`, `identical_texts`, `leads_unverified`, `leads_undeliverable`, `leads_risky`, `leads_suppressed`, `role_addresses`, `no_lawful_basis`, `leads_without_timezone`. */
    code: string;
    /** What it is about, such as `sequence.1.body`. */
    field: string;
    message: string;
    /** Leads that it concerns; null: it is about the campaign. */
    count: number | null;
    /** The first twenty of them. */
    lead_ids: string[];
  }[];
  warnings: {
    /** An error: `no_step`, `empty_body`, `empty_subject`, `template_error`, `missing_variable`, `unknown_variable`, `no_mailbox`, `no_lead`, `no_window`, `no_tracking_domain`, `link_to_tracking_host`. A warning: `mailbox_auth_failed`, `dmarc_missing`, `domain_auth_failing`, `mailbox_young`, `unsubscribe_by_mail_only`, `many_links`, `shortened_link`, `large_html`, `no_postal_address`, `identical_texts`, `leads_unverified`, `leads_undeliverable`, `leads_risky`, `leads_suppressed`, `role_addresses`, `no_lawful_basis`, `leads_without_timezone`. */
    code: string;
    /** What it is about, such as `sequence.1.body`. */
    field: string;
    message: string;
    /** Leads that it concerns; null: it is about the campaign. */
    count: number | null;
    /** The first twenty of them. */
    lead_ids: string[];
  }[];
  leads: {
    /** Open leads that counts are of: the newest, at most 20,000. */
    checked: number;
    total: number;
  };
  /** At the present limits, as if the campaign were launched now, or at its start. */
  forecast: {
    /** When the last message is sent; null: not known, see `reason`. */
    finishes_at: string | null;
    reason:
      | 'campaign_paused'
      | 'campaign_ended'
      | 'no_step'
      | 'no_lead'
      | 'no_mailbox'
      | 'no_window'
      | 'mailbox_unable'
      | 'too_far'
      | null;
    /** The reason as a sentence. */
    detail: string | null;
    /** What is left out: `nothing_changes` (nobody answers, opts out or bounces, and mailboxes and settings stay as they are and send nothing else), `all_verified` (every address passes its verification), `no_cooldown` (no lead whose turn has not come was contacted by another campaign), `shared_mailboxes` (other campaigns take turns in its mailboxes: it may end a sending day earlier or later), `mean_limits` (many mailboxes with different limits send as their mean). */
    assumptions: ('nothing_changes' | 'all_verified' | 'no_cooldown' | 'shared_mailboxes' | 'mean_limits')[];
  };
}

export interface MessagePreview {
  mailbox_id: string;
  variant: string | null;
  /** Null, as the bodies: it cannot be composed; see `blockers`. */
  subject: string | null;
  text: string | null;
  html: string | null;
  headers: Record<string, string>;
  message_id: string;
  in_reply_to: string | null;
  references: string[];
  /** The present time of the organization: `raw` is what would be sent at this moment, with this time in its header `Date`. */
  date: string;
  /** All bytes (RFC 5322; only ASCII), with the tracked links and, if the mailbox has an own DKIM key, the signature. Null: it cannot be composed. */
  raw: string | null;
  /** When what holds the lead back ends; null: not known, or nothing does. */
  earliest: string | null;
  blockers: { code: string; detail: string | null }[];
}

export interface SkippedAction {
  lead_id: string;
  email: string;
  /** Of the lead: `suppressed_email` (the address is suppressed), `suppressed_domain` (its domain is suppressed), `unsubscribed` (the person opted out), `left_topic` (the person left the topic of the campaign), `complained` (the person reported a message as spam), `hard_bounced` (the address does not exist), `soft_bounced` (the mailbox cannot receive messages for now, and the retries are over), `block_bounced` (the recipient's server refuses the domain of the mailbox), `replied` (the person replied), `company_replied` (somebody of the same company replied), `company_meeting` (a meeting with somebody of the same company was booked), `meeting_booked` (a meeting was booked), `not_interested` (the person is not interested), `wrong_person` (somebody else is responsible), `left_company` (the person has left the company), `out_of_office_until` (the person is away), `manual` (a person paused the lead), `removed` (a person removed the lead), `contact_deleted` (the contact was deleted), `contact_merged` (the contact was merged into another lead of the campaign), `verification_pending` (the address is not verified yet), `verification_failed` (the address cannot be reached), `verification_risky` (the address is a risk that the campaign does not take), `missing_variable` (the text needs a value that the contact does not have), `template_error` (the text cannot be rendered), `needs_smtputf8` (the part of the address before the @ is not ASCII), `mailbox_full` (its mailbox was full three times within 14 days; it gets nothing for 30 days), `contact_cooldown` (another campaign wrote to it a short time ago), `company_limit` (enough people of the company are contacted now), `unknown_send_pending` (it is not known whether its last message was sent), `deferred_by_server` (a server said "later"; without a time, the retries are over), `delay` (the delay of the next step is not over), `no_step_left` (no step follows; it is about to finish). Of the campaign: `campaign_paused` (a draft, or paused; `detail` has the reason), `campaign_ended` (completed or archived), `domain_auth_failing` (paused, because receivers cannot authenticate mail of its domain), `outside_window` (no sending window is open), `holiday` (a holiday), `campaign_daily_limit` (the messages of the day are sent), `new_lead_limit` (enough new leads were contacted on that day), `no_mailbox` (no mailbox belongs to it). Of its mailbox: `mailbox_daily_limit` (the messages of the day are sent), `mailbox_gap` (the gap between two messages is not over), `warmup_limit` (its warm-up or its health allows no more messages on this day), `domain_hourly_limit` (enough messages went to the recipient's domain in this hour), `organization_limit` (a limit of the organization is reached: of its day, or of this hour for the recipient's domain), `provider_limit` (the provider's limit is reached), `mailbox_connecting` (its login is not tested yet), `mailbox_seed` (it only receives), `mailbox_degraded` (its server does not answer), `mailbox_auth_failed` (its login is refused), `mailbox_paused` (a person paused it), `mailbox_disconnected` (it was disconnected), `in_queue` (nothing holds the message back; others come before it). A message that a server refused for another reason has the code of the failure, such as `content`. */
  code: string;
  /** Null: until something changes, or for good. */
  until: string | null;
  detail: string | null;
}

export interface CampaignForecast {
  /** When the last message is sent; null: not known, see `reason`. */
  finishes_at: string | null;
  reason:
    | 'campaign_paused'
    | 'campaign_ended'
    | 'no_step'
    | 'no_lead'
    | 'no_mailbox'
    | 'no_window'
    | 'mailbox_unable'
    | 'too_far'
    | null;
  /** The reason as a sentence. */
  detail: string | null;
  /** What is left out: `nothing_changes` (nobody answers, opts out or bounces, and mailboxes and settings stay as they are and send nothing else), `all_verified` (every address passes its verification), `no_cooldown` (no lead whose turn has not come was contacted by another campaign), `shared_mailboxes` (other campaigns take turns in its mailboxes: it may end a sending day earlier or later), `mean_limits` (many mailboxes with different limits send as their mean). */
  assumptions: ('nothing_changes' | 'all_verified' | 'no_cooldown' | 'shared_mailboxes' | 'mean_limits')[];
  /** Days on which something is sent. */
  days: {
    /** In the schedule's time zone. */
    date: string;
    /** Messages. */
    sent: number;
    /** Of these, first messages. */
    new_leads: number;
    follow_ups: number;
  }[];
}

export interface ListedCapturedMessage {
  id: string;
  mailbox_id: string;
  /** The header, with angle brackets. */
  message_id: string;
  /** Envelope sender. */
  from: string;
  /** Envelope recipient. */
  to: string;
  subject: string;
  received_at: string;
}

export interface CapturedMessage {
  id: string;
  mailbox_id: string;
  /** The header, with angle brackets. */
  message_id: string;
  /** Envelope sender. */
  from: string;
  /** Envelope recipient. */
  to: string;
  subject: string;
  received_at: string;
  text: string;
  html: string | null;
  /** Values by header name in lower case, in the order of the message. */
  headers: Record<string, string[]>;
  /** The bytes as they were submitted (RFC 5322). */
  raw: string;
}

export interface ReturnedMessage {
  /** Message-ID of the message that came back. */
  message_id: string;
  /** `stored`: the mailbox received it. `report`: a delivery report, which was applied to the message. `own`: the sender is the mailbox itself. `exchange`: it answers a warm-up message, and is no reply. */
  result: 'stored' | 'report' | 'own' | 'duplicate' | 'exchange';
  /** The received message, if it was stored. */
  id: string | null;
}

export interface SandboxClock {
  /** What time it is in the sandbox. */
  now: string;
  /** The time to which the clock is being moved; null: it is not. */
  target: string | null;
  advancing: boolean;
}

export interface TrackingDomain {
  id: string;
  workspace_id: string | null;
  host: string;
  /** `pending`: not verified, or not any more. `verified`: links lead over it. `failing`: the last check failed; links lead over it until 3 days after `verified_at`. */
  status: 'pending' | 'verified' | 'failing';
  /** What was wrong at the last check, and what to do. */
  problem: string | null;
  /** The DNS record that proves that the host is yours, for the first verification. */
  record: { type: 'TXT'; name: string; value: string };
  /** When it was last seen to lead to this installation. */
  verified_at: string | null;
  checked_at: string | null;
  created_at: string;
}

export interface TrackingDomainCheck {
  id: string;
  workspace_id: string | null;
  host: string;
  /** `pending`: not verified, or not any more. `verified`: links lead over it. `failing`: the last check failed; links lead over it until 3 days after `verified_at`. */
  status: 'pending' | 'verified' | 'failing';
  /** What was wrong at the last check, and what to do. */
  problem: string | null;
  /** The DNS record that proves that the host is yours, for the first verification. */
  record: { type: 'TXT'; name: string; value: string };
  /** When it was last seen to lead to this installation. */
  verified_at: string | null;
  checked_at: string | null;
  created_at: string;
  /** In order, up to the first failure. */
  stages: {
    stage: 'dns' | 'connection' | 'certificate' | 'callback' | 'ownership';
    ok: boolean;
    /** What is wrong, such as `certificate_expired`; null if nothing is. */
    code: string | null;
    /** What happened, and what to do. */
    message: string;
  }[];
  /** The records of the host. */
  dns: { found: string[]; expected: string };
  /** What works and may still surprise. */
  warnings: string[];
}

export interface MailSettings {
  email: string;
  /** Where the settings come from: Outrider's table of providers, the mail exchangers of the domain, a configuration file of the domain, or its SRV records. Null: nothing was found. */
  source: 'provider' | 'mx' | 'autoconfig' | 'well_known' | 'srv' | null;
  /** `google` and `microsoft` mailboxes can be authorized with OAuth. */
  provider: 'smtp' | 'google' | 'microsoft' | null;
  /** What the provider accepts: the password of the account, a password that its settings page makes for programs, or OAuth only. */
  auth_hint: 'password' | 'app_password' | 'oauth' | null;
  smtp: MailServer | null;
  imap: MailServer | null;
  /** What to do when nothing was found. */
  message: string | null;
  /** In order. */
  tried: {
    source: 'provider' | 'mx' | 'autoconfig' | 'well_known' | 'srv';
    /** The domain or URL that was looked up. */
    target: string;
    /** `unusable`: the answer names no SMTP server with TLS. `failed`: there was no answer. */
    outcome: 'found' | 'nothing' | 'unusable' | 'failed';
  }[];
}

export interface MailServer {
  host: string;
  port: number;
  security: 'tls' | 'starttls' | 'none';
  username: string;
}

export interface MailboxDns {
  domain: string;
  /** The most severe status of all checks. */
  status: 'ok' | 'warning' | 'failing' | 'unknown';
  checked_at: string;
  mx: DnsCheck;
  spf: {
    /** `unknown`: the DNS gave no answer, or the answer cannot be known. */
    status: 'ok' | 'warning' | 'failing' | 'unknown';
    /** What the DNS has. */
    found: string[];
    expected: string;
    /** What to do, in one line; null if nothing, and for the domain of a provider, such as gmail.com. */
    fix: string | null;
    /** Lookups that the record costs a receiver; counting stops after 11. At most 10 are allowed. */
    lookups: number;
    /** Those without an answer. At most 2 are allowed. */
    void_lookups: number;
  };
  dkim: DnsCheck;
  dmarc: {
    /** `unknown`: the DNS gave no answer, or the answer cannot be known. */
    status: 'ok' | 'warning' | 'failing' | 'unknown';
    /** What the DNS has. */
    found: string[];
    expected: string;
    /** What to do, in one line; null if nothing, and for the domain of a provider, such as gmail.com. */
    fix: string | null;
    /** Where the record is: the domain, or its organizational domain. */
    record_domain: string;
    policy: string | null;
    dkim_alignment: 'relaxed' | 'strict' | null;
    spf_alignment: 'relaxed' | 'strict' | null;
    reports_to: string[];
  };
  /** Null: the mailbox has no tracking domain. */
  tracking: DnsCheck | null;
  /** What was read before, an entry for each change, the newest first; at most 100. */
  history: {
    first_seen_at: string;
    last_seen_at: string;
    mx: 'ok' | 'warning' | 'failing' | 'unknown';
    spf: 'ok' | 'warning' | 'failing' | 'unknown';
    dkim: 'ok' | 'warning' | 'failing' | 'unknown';
    dmarc: 'ok' | 'warning' | 'failing' | 'unknown';
  }[];
}

export interface DnsCheck {
  /** `unknown`: the DNS gave no answer, or the answer cannot be known. */
  status: 'ok' | 'warning' | 'failing' | 'unknown';
  /** What the DNS has. */
  found: string[];
  expected: string;
  /** What to do, in one line; null if nothing, and for the domain of a provider, such as gmail.com. */
  fix: string | null;
}

export interface DkimKey {
  id: string;
  workspace_id: string | null;
  domain: string;
  selector: string;
  /** To be added to the DNS of the domain. */
  record: { type: 'TXT'; name: string; value: string };
  /** When the DNS showed the record; null: nothing is signed with the key yet. */
  verified_at: string | null;
  created_at: string;
}

export interface MailboxAuthorization {
  /** To be opened in the browser of the person who owns the mailbox. */
  url: string;
  expires_at: string;
}

export interface Template {
  id: string;
  name: string;
  subject: string | null;
  body: string;
  category: string;
  format: 'text' | 'html';
  workspace_id: string | null;
  created_at: string;
  updated_at: string;
}

export interface AnalyticsOverview {
  campaigns: number;
  active_campaigns: number;
  totals: CampaignTotals;
  rates: {
    bounce: Rate;
    reply: Rate;
    positive_reply: Rate;
    open: Rate;
    click: Rate;
    unsubscribe: Rate;
    complaint: Rate;
  };
}

export interface CampaignTotals {
  leads: number;
  open: number;
  verified: number;
  contacted: number;
  sent: number;
  delivered: number;
  bounced: number;
  opened: number | null;
  clicked: number | null;
  replied: number;
  positive_replies: number;
  unsubscribed: number;
  complained: number;
  meetings: number;
  skipped: number;
  failed: number;
}

/** A share, between 0 and 1, with its 95 % interval. Null: nothing to divide by, or not measured. */
export type Rate = { count: number; of: number; value: number; low: number; high: number } | null;

export interface CampaignAnalytics {
  campaign_id: string;
  totals: CampaignTotals;
  rates: {
    bounce: Rate;
    reply: Rate;
    positive_reply: Rate;
    open: Rate;
    click: Rate;
    unsubscribe: Rate;
    complaint: Rate;
  };
  /** Replies by what they mean; a lead may have several. */
  replies: {
    interested: number;
    meeting_request: number;
    question: number;
    not_now: number;
    not_interested: number;
    wrong_person: number;
    left_company: number;
    unsubscribe_request: number;
    out_of_office: number;
    auto_reply: number;
    hostile: number;
    unknown: number;
  };
  time_to_reply: TimeToReply;
  steps: {
    step_id: string;
    time_to_reply: TimeToReply;
    sent: number;
    delivered: number;
    deferred: number;
    bounced_hard: number;
    bounced_soft: number;
    blocked: number;
    failed: number;
    unknown: number;
    opened: number | null;
    opened_machine: number | null;
    clicked: number | null;
    clicked_machine: number | null;
    replied: number;
    positive_replies: number;
    unsubscribed: number;
    complained: number;
    bounce_rate: Rate;
    reply_rate: Rate;
    open_rate: Rate;
    click_rate: Rate;
  }[];
  variants: {
    step_id: string;
    variant: string;
    sent: number;
    delivered: number;
    deferred: number;
    bounced_hard: number;
    bounced_soft: number;
    blocked: number;
    failed: number;
    unknown: number;
    opened: number | null;
    opened_machine: number | null;
    clicked: number | null;
    clicked_machine: number | null;
    replied: number;
    positive_replies: number;
    unsubscribed: number;
    complained: number;
    bounce_rate: Rate;
    reply_rate: Rate;
    open_rate: Rate;
    click_rate: Rate;
  }[];
  comparisons: { step_id: string; winner: string | null; p: number | null }[];
  mailboxes: {
    mailbox_id: string;
    sent: number;
    delivered: number;
    deferred: number;
    bounced_hard: number;
    bounced_soft: number;
    blocked: number;
    failed: number;
    unknown: number;
    opened: number | null;
    opened_machine: number | null;
    clicked: number | null;
    clicked_machine: number | null;
    replied: number;
    positive_replies: number;
    unsubscribed: number;
    complained: number;
    bounce_rate: Rate;
    reply_rate: Rate;
    open_rate: Rate;
    click_rate: Rate;
  }[];
  providers: {
    provider: string;
    sent: number;
    delivered: number;
    deferred: number;
    bounced_hard: number;
    bounced_soft: number;
    blocked: number;
    failed: number;
    unknown: number;
    opened: number | null;
    opened_machine: number | null;
    clicked: number | null;
    clicked_machine: number | null;
    replied: number;
    positive_replies: number;
    unsubscribed: number;
    complained: number;
    bounce_rate: Rate;
    reply_rate: Rate;
    open_rate: Rate;
    click_rate: Rate;
  }[];
  /** The newest first. */
  days: {
    day: string;
    sent: number;
    delivered: number;
    deferred: number;
    bounced_hard: number;
    bounced_soft: number;
    blocked: number;
    failed: number;
    unknown: number;
    opened: number | null;
    opened_machine: number | null;
    clicked: number | null;
    clicked_machine: number | null;
    replied: number;
    positive_replies: number;
    unsubscribed: number;
    complained: number;
    bounce_rate: Rate;
    reply_rate: Rate;
    open_rate: Rate;
    click_rate: Rate;
  }[];
  definitions: Record<string, string>;
}

/** Over the newest 10,000 replies of the campaign. Null: nobody replied. */
export type TimeToReply = { replies: number; median_seconds: number } | null;

export interface Verification {
  email: string;
  verdict: 'deliverable' | 'risky' | 'undeliverable' | 'unknown';
  /** What speaks for the verdict, the decisive ones first. */
  reasons: (
    | 'invalid_syntax'
    | 'suppressed'
    | 'null_mx'
    | 'no_domain'
    | 'verifier_undeliverable'
    | 'smtp_refused'
    | 'verifier_unavailable'
    | 'verifier_unknown'
    | 'smtp_pending'
    | 'smtp_unknown'
    | 'replied_before'
    | 'delivered_before'
    | 'bounced_before'
    | 'disposable'
    | 'role'
    | 'no_mx'
    | 'catch_all'
    | 'possible_typo'
    | 'verifier_risky'
    | 'dns_unavailable'
    | 'domain_accepts_mail'
    | 'verifier_deliverable'
    | 'smtp_accepted'
    | 'free_mail'
    | 'internationalized'
  )[];
  /** The address that was probably intended. */
  suggestion: string | null;
  /** Who receives the domain's mail, by its mail exchangers; null: not known. */
  provider: string | null;
  verified_at: string;
}

export interface Verifier {
  url: string;
  method: 'GET' | 'POST';
  email_field: string;
  /** Without its secret, which is never returned. */
  auth: { header?: string; query?: string } | null;
  answer: {
    /** The path of the value, such as `data.status`. */
    field: string;
    deliverable: string[];
    risky: string[];
    undeliverable: string[];
  };
  daily_budget: number;
  requests_per_minute: number;
  timeout_seconds: number;
  used_today: number;
  /** Why it gave no answer the last time; null: it answered. */
  problem: string | null;
  problem_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface WorkspaceIcp {
  workspace_id: string;
  icp: Icp;
  created_at: string;
  updated_at: string;
}

export interface DiscoveryJob {
  id: string;
  /** Whose contacts people become; null: of the organization. */
  workspace_id: string | null;
  campaign_id: string | null;
  status: 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';
  /** Why the job failed. */
  error: string | null;
  /** As it was when the job was created. */
  icp: Icp;
  limit: number;
  lawful_basis:
    | 'consent'
    | 'contract'
    | 'legal_obligation'
    | 'vital_interests'
    | 'public_task'
    | 'legitimate_interests'
    | null;
  lawful_basis_source: string | null;
  sources: { type: string; [name: string]: unknown }[];
  progress: {
    /** The place of the source that is searched, from 0. */
    source: number;
    /** People whom sources named. */
    searched: number;
    /** Of these, those that match: contacts, and leads of the campaign. */
    accepted: number;
    /** Of the accepted ones, those that became leads. */
    added: number;
    /** Of the accepted ones, those that are new contacts. */
    created: number;
    /** Of the accepted ones, those that did not become leads for that reason. */
    without_lawful_basis: number;
    below_threshold: number;
    excluded: number;
    /** In the campaign, or found before, or deleted by a person. */
    known: number;
    suppressed: number;
    /** Without an address that can be written to. */
    unusable: number;
  };
  /** Why the search goes on later: the source failed or asked for a pause, or its budget is spent. */
  waiting: { reason: string; until: string } | null;
  /** The last problems of sources. A source that fails is left, and the next one searched. */
  problems: { source: number; message: string; at: string }[];
  /** Of a single job: how far its campaign has come, from the search to what was sent. */
  pipeline?: CampaignStage[];
  /** What the job will not do as it is. */
  warnings: string[];
  /** The key that created it. */
  created_by: string | null;
  created_at: string;
  finished_at: string | null;
}

export interface DiscoveryFind {
  id: string;
  /** Jobs are deleted earlier than what they found. */
  job_id: string;
  campaign_id: string | null;
  lead_id: string | null;
  contact_id: string;
  email: string | null;
  /** `added` to the campaign; `stored` as a contact; `no_lawful_basis`: stored, and not contacted. */
  outcome: 'added' | 'stored' | 'no_lawful_basis';
  /** What said it: `crm`, `website`, or `provider:` and the id of the provider. */
  source: string;
  source_name: string;
  /** The source's own id of the person. */
  external_id: string;
  /** Where the source shows the person. */
  url: string | null;
  /** Under which terms what the source says may be used. */
  licence: string | null;
  /** 0 to 100. */
  score: number;
  reasons: {
    /** A member of the ICP. */
    criterion: string;
    /** `match`, `miss`, `unknown` (counts half) or `excluded`. */
    outcome: string;
    /** What decided. */
    value: string | null;
    points: number;
    /** The most points that it can give. */
    of: number;
    [name: string]: unknown;
  }[];
  found_at: string;
}

export interface DiscoveryProvider {
  id: string;
  workspace_id: string | null;
  /** Shown as the source of the people whom it names. */
  name: string;
  /** With the criteria of the profile in braces, encoded and joined by commas: `{titles}`, `{seniorities}`, `{countries}`, `{industries}`, `{sizes}`, `{keywords}`, `{technologies}`. The URL is returned, so send the secret in `auth`. */
  url: string;
  method: 'GET' | 'POST';
  body: Record<string, unknown> | null;
  /** Without its secret, which is never returned. */
  auth: { header?: string; query?: string } | null;
  paging: { kind: 'none' | 'page' | 'offset' | 'cursor' | 'next_url'; [name: string]: unknown };
  items: string;
  fields: Record<string, string>;
  licence: string | null;
  requests_per_minute: number;
  daily_budget: number;
  timeout_seconds: number;
  used_today: number;
  /** Why its last answer was of no use; null: it was. */
  problem: string | null;
  problem_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface Meeting {
  id: string;
  workspace_id: string | null;
  status: 'booked' | 'cancelled';
  campaign_id: string | null;
  /** null if no lead has the address of an attendee, and the booking link named none. */
  lead_id: string | null;
  contact_id: string | null;
  /** Of the person who booked. */
  email: string | null;
  starts_at: string;
  ends_at: string | null;
  /** Of the person who booked, as the calendar reported it. */
  timezone: string | null;
  title: string | null;
  location: string | null;
  /** `calcom`, `calendly`, `generic`, or `icalendar` for a message in a mailbox. */
  source: string;
  /** The calendar's id of the meeting. */
  external_id: string | null;
  created_at: string;
  updated_at: string;
}

export interface MailboxPlacement {
  mailbox_id: string;
  since: string;
  providers: {
    /** Whose mail the receivers are, such as `google`; of captured mailboxes their domain. */
    provider: string;
    /** Measured by seed mailboxes. */
    seeds: boolean;
    inbox: number;
    spam: number;
    other: number;
    missing: number;
    open: number;
    /** inbox / (inbox + spam). */
    inbox_rate: number | null;
  }[];
}

export interface WarmupMessage {
  /** Of the warm-up message that the mailbox received. */
  id: string;
  actions: {
    action: 'move' | 'read' | 'flag' | 'reply' | 'file';
    state: 'waiting' | 'done';
    /** `done`; `present`: it was so before; `gone`: the owner has moved or deleted the message, which is left alone; `sent`: of a reply; `simulated`: in the capture box; `unreachable`, `failed`, `mailbox_deleted`. */
    outcome: string | null;
    /** When it was done, or is due; null: a reply that the limits of the mailbox hold back. */
    at: string | null;
  }[];
}

export interface CustomField {
  id: string;
  entity: 'contact' | 'company' | 'project';
  key: string;
  label: string;
  type: 'text' | 'number' | 'boolean' | 'date' | 'url' | 'select';
  /** The values that a `select` allows. */
  options: string[] | null;
  created_at: string;
}

export interface Source {
  id: string;
  /** Null: of the organization. */
  workspace_id: string | null;
  name: string;
  created_at: string;
}

export interface Suppression {
  id: string;
  /** In the form in which addresses are compared. Null for a domain and for an erased address. */
  email: string | null;
  domain: string | null;
  /** Null: for the whole organization, with all its workspaces. */
  workspace_id: string | null;
  reason: 'unsubscribed' | 'hard_bounce' | 'complaint' | 'manual' | 'import' | 'erased';
  /** The key that added it. */
  created_by: string | null;
  created_at: string;
  /** The message that bounced or was complained about; its events have what the server said. */
  message_id: string | null;
  /** The provider's report that it follows from; see GET /v1/inbound-events/{id}. */
  inbound_event_id: string | null;
}

export interface SuppressionRow {
  /** As it was sent; missing when no text was sent. */
  email?: string;
  domain?: string;
  status: 'created' | 'exists' | 'rejected';
  id?: string;
  /** Why it was rejected. */
  reason?: string;
}

export interface Topic {
  id: string;
  /** Null: of the organization. */
  workspace_id: string | null;
  name: string;
  description: string | null;
  created_at: string;
  updated_at: string;
}

export interface TopicOptOut {
  id: string;
  topic_id: string;
  /** Of the topic. */
  workspace_id: string | null;
  /** In the form in which addresses are compared. Null for an erased address, which has still left. */
  email: string | null;
  reason: 'unsubscribed' | 'manual' | 'import';
  /** The message whose link was used. */
  message_id: string | null;
  /** The key that added it. */
  created_by: string | null;
  created_at: string;
}

export interface TopicOptOutRow {
  /** As it was sent; missing when no text was sent. */
  email?: string;
  status: 'created' | 'exists' | 'rejected';
  id?: string;
  /** Why it was rejected. */
  reason?: string;
}

export interface TopicRejoinedRow {
  /** As it was sent; missing when no text was sent. */
  email?: string;
  status: 'rejoined' | 'not_left' | 'rejected';
  /** Why it was rejected. */
  reason?: string;
}

export interface ContactTopic {
  topic_id: string;
  /** Of the topic. Null: of the organization. */
  workspace_id: string | null;
  name: string;
  description: string | null;
  /** No campaign of the topic writes to the contact. */
  left: boolean;
  /** The first one, if several of its addresses left. */
  opt_out_id: string | null;
  /** The address of the contact that left. */
  email: string | null;
  reason: 'unsubscribed' | 'manual' | 'import' | null;
  left_at: string | null;
}

export interface ContactRow {
  /** As it was sent; null when no text was sent. */
  email: string | null;
  status: 'created' | 'updated' | 'suppressed' | 'rejected';
  /** The id of the contact, if there is one. */
  id?: string;
  /** Why it was rejected. */
  reason?: string;
}

export interface Contact {
  id: string;
  first_name: string | null;
  last_name: string | null;
  /** The primary address, to which mail is sent. */
  email: string | null;
  /** All addresses of the contact, the primary one first. Lookups, upserts and replies find it by any of them. */
  emails: { email: string; primary: boolean }[];
  phone: string | null;
  company_id: string | null;
  /** The name of the company with the id `company_id`, or without one the text that was given; in an event, the name it had at that time. Renaming the company is reported by its `company.updated` alone. */
  company_name: string | null;
  job_title: string | null;
  linkedin_url: string | null;
  website: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  zip_code: string | null;
  country: string | null;
  /** The name of a time zone in the IANA database, such as `Europe/Berlin`. */
  timezone: string | null;
  notes: string | null;
  tags: string[];
  /** The last recorded outcome of email to the contact. It does not suppress the address. */
  status: 'active' | 'bounced' | 'unsubscribed' | 'replied';
  /** Who looks after it: an id of your own, or the address of a teammate. */
  owner: string | null;
  source_id: string | null;
  source_name: string | null;
  custom_fields: Record<string, unknown>;
  /** Why you may process the data (GDPR article 6). */
  lawful_basis:
    | 'consent'
    | 'contract'
    | 'legal_obligation'
    | 'vital_interests'
    | 'public_task'
    | 'legitimate_interests'
    | null;
  /** When the lawful basis began. */
  lawful_basis_at: string | null;
  /** How the lawful basis was obtained. */
  lawful_basis_source: string | null;
  /** The last verdict on the address. */
  verification_status: string | null;
  verified_at: string | null;
  /** The organization. */
  account_id: string;
  /** Null: the record belongs to the organization. */
  workspace_id: string | null;
  /** The key that created it. */
  created_by: string | null;
  created_at: string;
  updated_at: string;
  deleted_at: string | null;
}

export interface Tag {
  name: string;
}

export interface ContactExport {
  contact: Contact;
  /** Contacts that were merged into this one, as they were; for the time in which a merge can be undone. */
  merged_contacts: Contact[];
  /** As in `GET /v1/activities`. */
  activities: Record<string, unknown>[];
  projects: { id: string; name: string; since: string }[];
  /** Suppressions of the address and of the domains it belongs to. */
  suppressions: { id: string; email: string | null; domain: string | null; reason: string; created_at: string }[];
  /** Suppressions of its addresses that were lifted. */
  suppressions_lifted: { email: string; reason: string; created_at: string; lifted_at: string }[];
  /** Topics that the address left. */
  topics_left: { topic_id: string; name: string; reason: string | null; left_at: string }[];
  /** Messages to and from the address. Newest first. */
  messages: {
    id: string;
    direction: 'outbound' | 'inbound';
    status: string | null;
    from_address: string;
    to_address: string;
    subject: string;
    text: string;
    created_at: string;
    sent_at: string | null;
  }[];
  /** What the messages from the address were taken for, and why. Newest first. */
  replies: {
    id: string;
    campaign_id: string | null;
    lead_id: string | null;
    classification: string;
    source: string;
    reasons: string[];
    return_date: string | null;
    text: string;
    received_at: string;
  }[];
  /** The person in campaigns, with what happened. Newest first. */
  leads: {
    id: string;
    campaign_id: string;
    email: string;
    status: string;
    /** Number of messages sent. */
    step: number;
    verdict: string | null;
    last_sent_at: string | null;
    replied_at: string | null;
    created_at: string;
    history: { kind: string; at: string; detail: unknown }[];
  }[];
  /** Where the person was found. Newest first. */
  finds: DiscoveryFind[];
  /** Meetings with the person. Newest first. */
  meetings: {
    id: string;
    campaign_id: string | null;
    lead_id: string | null;
    status: string;
    email: string | null;
    starts_at: string;
    ends_at: string | null;
    timezone: string | null;
    title: string | null;
    location: string | null;
    source: string;
    external_id: string | null;
    created_at: string;
  }[];
  /** Opens and clicks of messages to the address. Newest first. */
  tracking_hits: {
    id: string;
    message_id: string;
    kind: 'open' | 'click';
    verdict: string;
    address: string | null;
    user_agent: string | null;
    at: string;
  }[];
  /** Events whose data contains the id or the address, including your own event types. Newest first. */
  events: { id: string; event: string; occurred_at: string; data: unknown }[];
  /** Events that email providers reported about the address. Newest first. */
  inbound_events: {
    id: string;
    type: string;
    email_id: string;
    recipient: string | null;
    occurred_at: string;
    payload: unknown;
  }[];
  /** Which parts of the response are incomplete. */
  truncated: {
    activities: boolean;
    projects: boolean;
    messages: boolean;
    replies: boolean;
    leads: boolean;
    finds: boolean;
    meetings: boolean;
    tracking_hits: boolean;
    events: boolean;
    inbound_events: boolean;
  };
  /** Pass as `events_before` of the next call to continue the search of the event log. Null at its end. */
  next_events_before: string | null;
  /** Like `next_events_before`, for `inbound_before`. */
  next_inbound_before: string | null;
}

export interface Erasure {
  id: string;
  /** The erased contact. Its id no longer resolves. */
  contact_id: string;
  /** `completed`: nothing about the person is left, and the search terms themselves are deleted. */
  state: 'running' | 'completed';
  /** Number of events whose data was redacted. */
  events_redacted: number;
  /** Number of delivery attempts whose response was removed. */
  attempts_redacted: number;
  /** Number of redacted inbound events, messages, replies, hits, meetings, leads, additions, discovery jobs, activities of others, imports, rejected import rows, idempotency keys and stored answers of requests. */
  others_redacted: number;
  /** The key that requested it. */
  created_by: string | null;
  created_at: string;
  finished_at: string | null;
}

export interface Import {
  id: string;
  /** Of its contacts, too. Null: of the organization. */
  workspace_id: string | null;
  /** `uploading`: the import waits for its file. */
  state: 'uploading' | 'running' | 'completed' | 'failed' | 'cancelled';
  /** Why the import failed. */
  error: string | null;
  file_name: string | null;
  lawful_basis:
    | 'consent'
    | 'contract'
    | 'legal_obligation'
    | 'vital_interests'
    | 'public_task'
    | 'legitimate_interests';
  lawful_basis_source: string | null;
  restore_deleted: boolean;
  dry_run: boolean;
  source_id: string | null;
  source: string | null;
  tags: string[];
  link_company_by: 'name' | 'domain' | null;
  on_bad_value: 'reject' | 'blank';
  date_order: 'ymd' | 'dmy' | 'mdy';
  decimal_separator: '.' | ',';
  /** As given in the request. */
  mapping: Record<string, string | null>;
  /** The columns of the file and the field that each fills. */
  columns:
    | {
        column: string;
        /** null if the column is not imported. */
        field: string | null;
      }[]
    | null;
  /** Columns that are not imported because no field has their name and `mapping` does not name them. */
  unmapped_columns: string[] | null;
  progress: {
    /** Size of the file. */
    bytes: number;
    bytes_read: number;
    /** How much of the file has been read. */
    percent: number;
    /** Without empty rows. */
    rows_read: number;
    created: number;
    updated: number;
    unchanged: number;
    restored: number;
    suppressed: number;
    rejected: number;
    /** Rows written without their invalid values (`on_bad_value: blank`). */
    blanked: number;
  };
  /** Rows that `GET /v1/imports/{id}/errors` lists: the first 100,000 rejected rows, and as many rows written without some values. */
  errors_kept: number;
  /** The key that created it. */
  created_by: string | null;
  created_at: string;
  finished_at: string | null;
}

export interface ImportError {
  /** Line of the file, from 1. */
  line: number;
  /** The content of the email column. */
  email: string | null;
  reason: string;
  /** null if the row was rejected; otherwise it was written without these values. */
  blanked:
    | {
        column: string;
        /** As in the file. */
        value: string;
        reason: string;
      }[]
    | null;
}

export interface Company {
  id: string;
  name: string;
  domain: string | null;
  industry: string | null;
  notes: string | null;
  phone: string | null;
  website: string | null;
  linkedin_url: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  zip_code: string | null;
  country: string | null;
  employee_count: number | null;
  /** In cents. */
  annual_revenue: number | null;
  /** Who looks after it: an id of your own, or the address of a teammate. */
  owner: string | null;
  tags: string[];
  custom_fields: Record<string, unknown>;
  /** The organization. */
  account_id: string;
  /** Null: the record belongs to the organization. */
  workspace_id: string | null;
  /** The key that created it. */
  created_by: string | null;
  created_at: string;
  updated_at: string;
}

export interface CompanyRow {
  /** As it was sent; null when no text was sent. */
  domain: string | null;
  status: 'created' | 'updated' | 'rejected';
  /** The id of the company, if there is one. */
  id?: string;
  /** Why it was rejected. */
  reason?: string;
}

export interface Project {
  id: string;
  name: string;
  description: string | null;
  stage: 'proposal' | 'active' | 'review' | 'complete' | 'archived';
  company_id: string | null;
  /** The name of the company with the id `company_id`; in an event, the name it had at that time. Renaming the company is reported by its `company.updated` alone. */
  company_name: string | null;
  assigned_to: string | null;
  assigned_name: string | null;
  /** In cents. */
  value: number | null;
  start_date: string | null;
  end_date: string | null;
  is_retainer: boolean;
  renewal_date: string | null;
  notes: string | null;
  tags: string[];
  custom_fields: Record<string, unknown>;
  /** The organization. */
  account_id: string;
  /** Null: the record belongs to the organization. */
  workspace_id: string | null;
  /** The key that created it. */
  created_by: string | null;
  created_at: string;
  updated_at: string;
}

export interface Activity {
  id: string;
  activity_type: 'call' | 'email' | 'meeting' | 'note';
  /** Kept when the contact is deleted. */
  contact_id: string | null;
  /** Kept when the company is deleted. */
  company_id: string | null;
  /** Kept when the project is deleted. */
  project_id: string | null;
  occurred_at: string;
  /** By type, each field optional. call: direction, outcome, duration_seconds, notes; email: direction, subject, body, source; meeting: subject, location, duration_minutes, outcome, notes; note: notes. */
  metadata: Record<string, unknown>;
  /** The organization. */
  account_id: string;
  /** Null: the record belongs to the organization. */
  workspace_id: string | null;
  /** The key that created it. */
  created_by: string | null;
  created_at: string;
  updated_at: string;
}

export interface Segment {
  id: string;
  workspace_id: string | null;
  name: string;
  entity: 'contact' | 'company';
  filter: Record<string, unknown>;
  /** The key that created it. */
  created_by: string | null;
  created_at: string;
  updated_at: string;
}

export interface SegmentCount {
  count: number;
  /** False: estimated from the newest records. A complete count has begun; ask again. */
  exact: boolean;
  /** When it was counted; null for an estimate. */
  counted_at: string | null;
}

export interface Merge {
  id: string;
  /** Of both records; null: they belong to the organization. */
  workspace_id: string | null;
  entity: 'contact' | 'company';
  /** The surviving record. */
  into_id: string;
  /** The record that went away. */
  from_id: string;
  /** The record that went away, as it was; null when the merge was undone or can no longer be. */
  from: Record<string, unknown> | null;
  /** The fields of the surviving record that the merge changed. */
  changed: string[];
  /** How many records of each kind followed, such as `{"contacts": 3, "projects": 1}`. */
  moved: Record<string, number>;
  /** Whether it is neither undone nor expired. Undoing can still be refused: merges into one record are undone in reverse order. */
  can_undo: boolean;
  /** The key that merged them. */
  created_by: string | null;
  created_at: string;
  /** Until then the merge can be undone. */
  expires_at: string;
  undone_at: string | null;
}

export interface BulkJob {
  id: string;
  /** The job reaches only records of this workspace; null: all of them. */
  workspace_id: string | null;
  entity: 'contact' | 'company' | 'suppression';
  action: 'update' | 'delete' | 'export';
  /** Empty: all records. */
  select: {
    /** How many. */
    ids?: number;
    filter?: Record<string, unknown>;
    segment_id?: string;
  };
  /** As in the request. */
  change: Record<string, unknown> | null;
  status: 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';
  /** Why the job failed. */
  error: string | null;
  progress: {
    /** Records that were changed, or already were as wanted. */
    done: number;
    /** Records selected so far; final once the first one is done. */
    total: number;
    failed: number;
  };
  /** The first 100 records that failed, with the reason. */
  errors: { id: string; reason: string }[];
  /** The key that created it. */
  created_by: string | null;
  created_at: string;
  finished_at: string | null;
}

/** GET /v1/me */
export interface GetMeAnswer {
  organization: Organization;
  /** The workspace that this key is bound to; null: none. */
  workspace: Workspace | null;
  /** The calling key; null: a person calls. */
  key: Key | null;
  /** The calling person; null: a key calls. */
  person: { id: string; email: string; name: string; session_id: string } | null;
  /** The person's role in the organization. */
  role: string | null;
  /** What the caller may do here. */
  scopes: string[];
  /** Where the person has a role; empty for a key. */
  organizations: {
    id: string;
    slug: string;
    sandbox: boolean;
    /** Set on a sandbox: the organization it belongs to. */
    live_organization_id: string | null;
    role: string;
  }[];
  limits: {
    /** Shared by all keys and people of the organization; null: no limit. */
    requests_per_minute: number | null;
    /** In the current minute, with this request: the limit without `X-RateLimit-Remaining`. With several processes, what each has reserved counts as used. Null: no limit, so requests are not counted. */
    requests_used: number | null;
  };
}

/** GET /v1/keys */
export interface ListKeysQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  /** Only records of this workspace. */
  workspace_id?: string;
}

/** GET /v1/workspaces */
export interface ListWorkspacesQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  /** Part of the name or of the external id. */
  search?: string;
  /** Exactly this external id. */
  external_id?: string;
}

/** GET /v1/sessions */
export interface ListSessionsQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
}

/** GET /v1/me/passkeys */
export interface ListPasskeysQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
}

/** GET /v1/members */
export interface ListMembersQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
}

/** GET /v1/invitations */
export interface ListInvitationsQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
}

/** GET /v1/webhooks */
export interface ListWebhooksQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  /** Only records of this workspace. */
  workspace_id?: string;
  /** Only endpoints with this `target_url`, in any spelling of the same URL. */
  url?: string;
  /** Only enabled endpoints, or only disabled ones. */
  active?: 'true' | 'false';
  /** Only endpoints subscribed to this name or prefix, by the same name, by a prefix such as `order.*`, or by `*`. */
  event?: string;
  /** Only endpoints of this dialect. */
  dialect?: 'defrost' | 'standard' | 'foxreach' | 'mailpanda' | 'warmysender' | 'driftwood';
}

/** POST /v1/webhooks/{id}/test */
export interface TestWebhookAnswer {
  event_id: string;
  delivery_id: string;
}

/** GET /.well-known/webhook-keys */
export interface ListWebhookKeysAnswer {
  keys: { kid: string; kty: 'OKP'; crv: 'Ed25519'; alg: 'EdDSA'; use: 'sig'; x: string; public_key: string }[];
}

/** GET /.well-known/webhook-keys/{organization} */
export interface ListOrganizationWebhookKeysAnswer {
  keys: { kid: string; kty: 'OKP'; crv: 'Ed25519'; alg: 'EdDSA'; use: 'sig'; x: string; public_key: string }[];
}

/** GET /v1/webhooks/{id}/deliveries */
export interface ListDeliveriesQuery {
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only deliveries that finished at this time or later, or are not finished. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. A delivery changes when it finishes; unfinished ones are the last changed. By `updated_at`, a list can have at most 5,000 deliveries: select them with `since`, `until` and the other filters. To follow changes of longer lists, use `updated_since`. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  limit?: number;
  status?: 'pending' | 'held' | 'delivered' | 'failed';
  /** A type, the dialect's name of one, or a prefix such as `email.*`. */
  event?: string;
  /** Created at this time or later. */
  since?: string;
  /** Created before this time. */
  until?: string;
}

/** GET /v1/deliveries */
export interface SearchDeliveriesQuery {
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only deliveries that finished at this time or later, or are not finished. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. A delivery changes when it finishes; unfinished ones are the last changed. By `updated_at`, a list can have at most 5,000 deliveries: select them with `since`, `until` and the other filters. To follow changes of longer lists, use `updated_since`. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  limit?: number;
  /** Only records of this workspace. */
  workspace_id?: string;
  status?: 'pending' | 'held' | 'delivered' | 'failed';
  /** Only this type, or types with a prefix such as `order.*`. */
  event?: string;
  /** Only deliveries of this event. */
  event_id?: string;
  /** Only deliveries to this endpoint. */
  endpoint_id?: string;
  /** Only deliveries whose last response had this status. */
  status_code?: number;
  /** Created at this time or later. */
  since?: string;
  /** Created before this time. */
  until?: string;
}

/** GET /v1/webhooks/{id}/stats */
export interface GetWebhookStatsQuery {
  /** Number of hours, including the current one. */
  hours?: number;
}

/** GET /v1/deliveries/stream */
export interface StreamAttemptsQuery {
  endpoint_id?: string;
  /** Only records of this workspace. */
  workspace_id?: string;
}

/** GET /v1/overview */
export interface GetOverviewQuery {
  /** Only records of this workspace. */
  workspace_id?: string;
}

/** GET /v1/events */
export interface ListEventsQuery {
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records created at this time or later: they do not change. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. These records do not change after they are created, so both orders are that of creation. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  limit?: number;
  /** Only records of this workspace. */
  workspace_id?: string;
  /** Only these types, or types with these prefixes such as `order.*`, separated by commas. */
  event?: string;
  /** Only events whose data has this id: of the contact itself, and of what refers to it. */
  contact_id?: string;
  /** Published at this time or later. */
  since?: string;
  /** Published before this time. */
  until?: string;
}

/** GET /v1/event-types */
export interface ListEventTypesQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
}

/** GET /v1/replays */
export interface ListReplaysQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  /** Only records of this workspace. */
  workspace_id?: string;
  endpoint_id?: string;
  state?: 'running' | 'completed' | 'cancelled';
}

/** GET /v1/alerts */
export interface ListAlertsQuery {
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  limit?: number;
}

/** GET /v1/inbound-sources */
export interface ListInboundSourcesQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  /** Only records of this workspace. */
  workspace_id?: string;
}

/** GET /v1/inbound-events */
export interface ListInboundEventsQuery {
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records created at this time or later: they do not change. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. These records do not change after they are created, so both orders are that of creation. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  limit?: number;
  /** Only events that name (`true`) or do not name (`false`) a message that this organization sent. */
  matched?: 'true' | 'false';
  /** Only events of this type. */
  type?:
    | 'email.sent'
    | 'email.delivered'
    | 'email.opened'
    | 'email.clicked'
    | 'email.bounced'
    | 'email.complained'
    | 'email.unsubscribed'
    | 'email.failed'
    | 'email.rejected'
    | 'email.queued'
    | 'email.deferred'
    | 'email.subscribed'
    | 'email.unknown';
  /** Only records of this workspace. */
  workspace_id?: string;
}

/** GET /v1/mailboxes */
export interface ListMailboxesQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  /** Only records of this workspace. */
  workspace_id?: string;
}

/** GET /v1/mailboxes/{id}/stats */
export interface GetMailboxStatsQuery {
  /** Up to today, in UTC. */
  days?: number;
}

/** POST /v1/mailboxes/{id}/self-test */
export interface SendSelfTestAnswer {
  /** The id of the message. */
  id: string;
  mailbox_id: string;
  /** `searching`: sent, and not found in the mailbox yet; after a day `not_found`. */
  status: 'sending' | 'searching' | 'done' | 'not_found' | 'failed';
  /** Why the message was not sent. */
  error: string | null;
  /** Where the copy was found: `inbox` or `junk`. */
  folder: string | null;
  /** What the receiving server recorded in Authentication-Results, such as `pass`; null if it recorded nothing. */
  authentication: { spf: string | null; dkim: string | null; dmarc: string | null } | null;
  /** DKIM signatures of the copy. */
  signatures:
    | {
        domain: string;
        selector: string;
        /** DMARC accepts it for the domain of the mailbox. */
        aligned: boolean;
        /** One-click unsubscription (RFC 8058) is protected by it. */
        covers_list_unsubscribe: boolean;
      }[]
    | null;
  /** Whether a server replaced the Message-ID. */
  message_id: { sent: string; received: string | null; rewritten: boolean } | null;
  /** Whether the provider filed a copy in Sent by itself; null while that is not known. */
  filed_in_sent: boolean | null;
  found_at: string | null;
  created_at: string;
}

/** GET /v1/messages */
export interface ListMessagesQuery {
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  limit?: number;
  /** Only records of this workspace. */
  workspace_id?: string;
  campaign_id?: string;
  lead_id?: string;
  contact_id?: string;
  mailbox_id?: string;
  status?: 'claimed' | 'sending' | 'sent' | 'delivered' | 'deferred' | 'bounced' | 'failed' | 'unknown' | 'not_found';
  direction?: 'outbound' | 'inbound';
}

/** GET /v1/campaigns */
export interface ListCampaignsQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  /** Only records of this workspace. */
  workspace_id?: string;
  status?: 'draft' | 'active' | 'paused' | 'completed' | 'archived';
}

/** POST /v1/campaigns */
export interface CreateCampaignQuery {
  autolaunch?: 'true' | 'false';
}

/** GET /v1/campaigns/{id}/leads */
export interface ListLeadsQuery {
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  limit?: number;
  status?:
    | 'queued'
    | 'waiting'
    | 'sending'
    | 'held'
    | 'finished'
    | 'replied'
    | 'bounced'
    | 'unsubscribed'
    | 'complained'
    | 'meeting_booked'
    | 'not_interested'
    | 'wrong_person'
    | 'left_company'
    | 'skipped'
    | 'failed';
}

/** GET /v1/campaigns/{id}/leads/additions */
export interface ListLeadAdditionsQuery {
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  limit?: number;
}

/** POST /v1/leads/{id}/replies */
export interface ReplyToLeadAnswer {
  id: string;
  status: string | null;
  to: string;
  subject: string;
}

/** GET /v1/replies */
export interface ListRepliesQuery {
  page?: number;
  page_size?: number;
  /** Only records of this workspace. */
  workspace_id?: string;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  /** `-` is the newest first. Default: `-created_at`, that is, by `received_at`. To follow changes, page by `updated_at`. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Only records changed at this time or later. */
  updated_since?: string;
  classification?:
    | 'interested'
    | 'meeting_request'
    | 'question'
    | 'not_now'
    | 'not_interested'
    | 'wrong_person'
    | 'left_company'
    | 'unsubscribe_request'
    | 'out_of_office'
    | 'auto_reply'
    | 'hostile'
    | 'unknown';
  campaign_id?: string;
  lead_id?: string;
  contact_id?: string;
  mailbox_id?: string;
  is_read?: 'true' | 'false';
  is_starred?: 'true' | 'false';
  /** Received at this time or later. */
  since?: string;
  /** Received before this time. */
  until?: string;
}

/** POST /v1/assistant/check */
export interface CheckAssistantAnswer {
  classification:
    | 'interested'
    | 'meeting_request'
    | 'question'
    | 'not_now'
    | 'not_interested'
    | 'wrong_person'
    | 'left_company'
    | 'unsubscribe_request'
    | 'out_of_office'
    | 'auto_reply'
    | 'hostile'
    | 'unknown'
    | null;
  confidence: number | null;
  return_date: string | null;
  /** Why there is no answer. */
  problem: string | null;
}

/** GET /v1/contacts/{id}/timeline */
export interface ListContactTimelineQuery {
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records created at this time or later: they do not change. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. These records do not change after they are created, so both orders are that of creation. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  limit?: number;
}

/** POST /v1/campaigns/{id}/launch */
export interface LaunchCampaignQuery {
  accept_warnings?: 'true' | 'false';
}

/** GET /v1/campaigns/{id}/skipped-actions */
export interface ListSkippedActionsQuery {
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  limit?: number;
}

/** GET /v1/captured-messages */
export interface ListCapturedMessagesQuery {
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  limit?: number;
  /** Only records of this workspace. */
  workspace_id?: string;
  /** Only messages to this address. */
  to?: string;
  mailbox_id?: string;
}

/** GET /v1/tracking-domains */
export interface ListTrackingDomainsQuery {
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  limit?: number;
  /** Only records of this workspace. */
  workspace_id?: string;
}

/** GET /v1/dkim-keys */
export interface ListDkimKeysQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  /** Only records of this workspace. */
  workspace_id?: string;
  domain?: string;
}

/** POST /v1/dkim-keys/{id}/verify */
export interface VerifyDkimKeyAnswer {
  id: string;
  workspace_id: string | null;
  domain: string;
  selector: string;
  /** To be added to the DNS of the domain. */
  record: { type: 'TXT'; name: string; value: string };
  /** When the DNS showed the record; null: nothing is signed with the key yet. */
  verified_at: string | null;
  created_at: string;
  problem: string | null;
}

/** GET /v1/oauth/{provider}/start */
export interface StartMailboxAuthorizationQuery {
  /** The name before the address in `From`. */
  display_name?: string | null;
  /** IANA name, such as `Europe/Berlin`. Default: `UTC`. */
  timezone?: string;
  signature?: string | null;
  /** Address for replies, if it is not the mailbox. */
  reply_to?: string | null;
  /** Host of its links, once it is verified (`/v1/tracking-domains`). Null: one of the verified ones is chosen. */
  tracking_domain?: string | null;
  /** Messages in any 24 hours, and in a local day. */
  daily_limit?: number;
  /** Messages per hour to one recipient domain. */
  max_hourly_per_domain?: number;
  /** Address of a new mailbox. The account that is authorized must have it. */
  email?: string;
  /** A mailbox to authorize again, instead of a new one. */
  mailbox_id?: string;
  workspace_id?: string;
}

/** GET /v1/templates */
export interface ListTemplatesQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  /** Only records of this workspace. */
  workspace_id?: string;
}

/** POST /v1/verifier/check */
export interface CheckVerifierAnswer {
  verdict: 'deliverable' | 'risky' | 'undeliverable' | 'unknown' | null;
  value: string | null;
  /** Why there is no verdict. */
  problem: string | null;
}

/** POST /v1/leads/discover */
export interface DiscoverLeadsQuery {
  autolaunch?: 'true' | 'false';
}

/** GET /v1/discovery-jobs */
export interface ListDiscoveryJobsQuery {
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  limit?: number;
  status?: 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';
  campaign_id?: string;
  /** Only records of this workspace. */
  workspace_id?: string;
}

/** GET /v1/discovery-jobs/{id}/finds */
export interface ListDiscoveryFindsQuery {
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  limit?: number;
}

/** GET /v1/contacts/{id}/finds */
export interface ListContactFindsQuery {
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  limit?: number;
}

/** GET /v1/discovery-providers */
export interface ListDiscoveryProvidersQuery {
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  limit?: number;
  /** Only records of this workspace. */
  workspace_id?: string;
}

/** POST /v1/discovery-providers/{id}/test */
export interface TestDiscoveryProviderAnswer {
  ok: boolean;
  /** What in the answer does not fit the settings. */
  problem: string | null;
  /** As it was called, without the secret and the parameters of the page. */
  url: string;
  records: number;
  /** Fields, with the number of records that have no value at their path. */
  missing: Record<string, number>;
  /** The first three, as they would be stored. */
  people: { external_id: string; email: string | null; fields: Record<string, unknown>; [name: string]: unknown }[];
  has_next: boolean;
}

/** GET /v1/meetings */
export interface ListMeetingsQuery {
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  limit?: number;
  /** Only records of this workspace. */
  workspace_id?: string;
  status?: 'booked' | 'cancelled';
  campaign_id?: string;
  lead_id?: string;
  contact_id?: string;
}

/** GET /v1/mailboxes/{id}/placement */
export interface GetMailboxPlacementQuery {
  days?: number;
}

/** GET /v1/mailboxes/{id}/warmup/messages */
export interface ListWarmupMessagesQuery {
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  limit?: number;
}

/** GET /v1/custom-fields */
export interface ListCustomFieldsQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  entity?: 'contact' | 'company' | 'project';
}

/** GET /v1/sources */
export interface ListSourcesQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  /** Only records of this workspace. */
  workspace_id?: string;
}

/** GET /v1/suppressions */
export interface ListSuppressionsQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  /** An exact domain, or an exact address, which also finds suppressions of its domain and of the domains above it. Erased addresses are found, too. */
  search?: string;
  reason?: 'unsubscribed' | 'hard_bounce' | 'complaint' | 'manual' | 'import' | 'erased';
  /** Only records of this workspace. */
  workspace_id?: string;
}

/** GET /v1/topics */
export interface ListTopicsQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  /** Only records of this workspace. */
  workspace_id?: string;
}

/** GET /v1/topics/{id}/opt-outs */
export interface ListTopicOptOutsQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  /** An exact address. An erased one is found, too. */
  search?: string;
}

/** POST /v1/topics/{id}/rejoin */
export interface RejoinTopicAnswer {
  data: TopicRejoinedRow[];
  summary: { rejoined: number; not_left: number; rejected: number };
}

/** POST /v1/contacts */
export interface UpsertContactsAnswer {
  data: ContactRow[];
  summary: { created: number; updated: number; suppressed: number; rejected: number };
}

/** GET /v1/contacts */
export interface ListContactsQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  /** Words in name, email address, phone, job title and company name, in any order, ignoring case and accents. Company names match by the whole text, or by one of up to five words; at most the newest 200 matching companies are used. Without three letters or digits in a row, only the newest 320,000 contacts and 5,000 companies are searched. */
  search?: string;
  /** May be repeated; matches records that have all of the tags. */
  tag?: string[];
  company_id?: string;
  source_id?: string;
  /** Records with exactly this owner. */
  owner?: string;
  status?: 'active' | 'bounced' | 'unsubscribed' | 'replied';
  /** Contacts with this address, primary or not, in any spelling. */
  email?: string;
  /** Contacts deleted in the last 30 days, beside the live ones. */
  include_deleted?: 'true' | 'false';
  /** Contacts deleted in the last 30 days, instead of live ones. */
  deleted?: 'true' | 'false';
  /** Only records of this workspace. */
  workspace_id?: string;
}

/** POST /v1/contacts/lookup */
export interface LookupContactsAnswer {
  data: Contact[];
  missing: string[];
}

/** GET /v1/tags */
export interface ListTagsQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** Default: `name`. Tags do not change, so `updated_at` is the same as `created_at`: the first use. */
  sort?: 'name' | '-name' | 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  /** Only records of this workspace. */
  workspace_id?: string;
}

/** POST /v1/contacts/{id}/export */
export interface ExportContactQuery {
  /** `next_events_before` of the previous response. */
  events_before?: string;
  /** `next_inbound_before` of the previous response. */
  inbound_before?: string;
}

/** GET /v1/erasures */
export interface ListErasuresQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
}

/** GET /v1/imports */
export interface ListImportsQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  state?: 'uploading' | 'running' | 'completed' | 'failed' | 'cancelled';
  /** Only records of this workspace. */
  workspace_id?: string;
}

/** GET /v1/imports/{id}/errors */
export interface ListImportErrorsQuery {
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** No errors if the import finished before this time. */
  updated_since?: string;
  /** `created_at` and `updated_at` are the order of the file, with `-` the reverse. Default: `created_at`. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  limit?: number;
}

/** GET /v1/companies */
export interface ListCompaniesQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  /** Words that the record contains, in any order, ignoring case and accents. */
  search?: string;
  /** May be repeated; matches records that have all of the tags. */
  tag?: string[];
  /** The whole text, ignoring case. */
  industry?: string;
  /** Records with exactly this owner. */
  owner?: string;
  /** Companies with this domain, in any spelling. */
  domain?: string | null;
  /** Only records of this workspace. */
  workspace_id?: string;
}

/** POST /v1/companies/upsert */
export interface UpsertCompaniesAnswer {
  data: CompanyRow[];
  summary: { created: number; updated: number; rejected: number };
}

/** GET /v1/projects */
export interface ListProjectsQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  /** Words in name, description, notes, assigned_name and the company's name, in any order, ignoring case and accents. Company names match by the whole text, or by one of up to five words; at most the newest 200 matching companies are used. Without three letters or digits in a row, only the newest 5,000 companies are searched. */
  search?: string;
  /** May be repeated; matches records that have all of the tags. */
  tag?: string[];
  stage?: 'proposal' | 'active' | 'review' | 'complete' | 'archived';
  company_id?: string;
  /** Only records of this workspace. */
  workspace_id?: string;
}

/** GET /v1/projects/{id}/contacts */
export interface ListProjectContactsQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
}

/** GET /v1/activities */
export interface ListActivitiesQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  /** Words that the record contains, in any order, ignoring case and accents. */
  search?: string;
  activity_type?: 'call' | 'email' | 'meeting' | 'note';
  contact_id?: string;
  company_id?: string;
  project_id?: string;
  /** Only activities that occurred at this time or later. */
  occurred_after?: string;
  /** Only activities that occurred before this time. */
  occurred_before?: string;
  /** Only records of this workspace. */
  workspace_id?: string;
}

/** GET /v1/segments */
export interface ListSegmentsQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  entity?: 'contact' | 'company';
  /** Only records of this workspace. */
  workspace_id?: string;
}

/** GET /v1/segments/{id}/contacts */
export interface ListSegmentContactsQuery {
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  limit?: number;
  /** May be repeated; matches records that have all of the tags. */
  tag?: string[];
  company_id?: string;
  source_id?: string;
  /** Records with exactly this owner. */
  owner?: string;
  status?: 'active' | 'bounced' | 'unsubscribed' | 'replied';
}

/** GET /v1/segments/{id}/companies */
export interface ListSegmentCompaniesQuery {
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  limit?: number;
}

/** POST /v1/contacts/{id}/merge */
export interface MergeContactsAnswer {
  id: string;
  first_name: string | null;
  last_name: string | null;
  /** The primary address, to which mail is sent. */
  email: string | null;
  /** All addresses of the contact, the primary one first. Lookups, upserts and replies find it by any of them. */
  emails: { email: string; primary: boolean }[];
  phone: string | null;
  company_id: string | null;
  /** The name of the company with the id `company_id`, or without one the text that was given; in an event, the name it had at that time. Renaming the company is reported by its `company.updated` alone. */
  company_name: string | null;
  job_title: string | null;
  linkedin_url: string | null;
  website: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  zip_code: string | null;
  country: string | null;
  /** The name of a time zone in the IANA database, such as `Europe/Berlin`. */
  timezone: string | null;
  notes: string | null;
  tags: string[];
  /** The last recorded outcome of email to the contact. It does not suppress the address. */
  status: 'active' | 'bounced' | 'unsubscribed' | 'replied';
  /** Who looks after it: an id of your own, or the address of a teammate. */
  owner: string | null;
  source_id: string | null;
  source_name: string | null;
  custom_fields: Record<string, unknown>;
  /** Why you may process the data (GDPR article 6). */
  lawful_basis:
    | 'consent'
    | 'contract'
    | 'legal_obligation'
    | 'vital_interests'
    | 'public_task'
    | 'legitimate_interests'
    | null;
  /** When the lawful basis began. */
  lawful_basis_at: string | null;
  /** How the lawful basis was obtained. */
  lawful_basis_source: string | null;
  /** The last verdict on the address. */
  verification_status: string | null;
  verified_at: string | null;
  /** The organization. */
  account_id: string;
  /** Null: the record belongs to the organization. */
  workspace_id: string | null;
  /** The key that created it. */
  created_by: string | null;
  created_at: string;
  updated_at: string;
  deleted_at: string | null;
  /** The merge, for undoing it. */
  merge_id: string;
}

/** POST /v1/companies/{id}/merge */
export interface MergeCompaniesAnswer {
  id: string;
  name: string;
  domain: string | null;
  industry: string | null;
  notes: string | null;
  phone: string | null;
  website: string | null;
  linkedin_url: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  zip_code: string | null;
  country: string | null;
  employee_count: number | null;
  /** In cents. */
  annual_revenue: number | null;
  /** Who looks after it: an id of your own, or the address of a teammate. */
  owner: string | null;
  tags: string[];
  custom_fields: Record<string, unknown>;
  /** The organization. */
  account_id: string;
  /** Null: the record belongs to the organization. */
  workspace_id: string | null;
  /** The key that created it. */
  created_by: string | null;
  created_at: string;
  updated_at: string;
  /** The merge, for undoing it. */
  merge_id: string;
}

/** GET /v1/merges */
export interface ListMergesQuery {
  page?: number;
  page_size?: number;
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  /** Pages by cursor, with this many records a page (25 by default); `page` and `page_size` are ignored. */
  limit?: number;
  entity?: 'contact' | 'company';
  /** Merges of this record: it survived, or went away. */
  record_id?: string;
  undone?: 'true' | 'false';
  /** Only records of this workspace. */
  workspace_id?: string;
}

/** GET /v1/bulk-jobs */
export interface ListBulkJobsQuery {
  /** `next_cursor` of the previous page, with the same filters and order. Stable while records are created and deleted. */
  cursor?: string;
  /** Only records changed at this time or later. */
  updated_since?: string;
  /** `-` is the newest first. Default: `-created_at`. To follow changes, page by `updated_at`: a record that changes moves to the end. */
  sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at';
  limit?: number;
  status?: 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';
  /** Only records of this workspace. */
  workspace_id?: string;
}

/** GET /healthz */
export interface GetHealthzAnswer {
  status: string;
}

/** GET /readyz */
export interface GetReadyzAnswer {
  status: string;
}
