// Generated from docs/openapi.json. Run: npm run generate

import type {
  AcceptInvitationBody,
  AcceptPasswordResetBody,
  Activity,
  AddLeadsBody,
  AddPasskeyBody,
  AddProjectContactsBody,
  AddedLeads,
  AdvanceSandboxClockBody,
  Alert,
  AnalyticsOverview,
  Assistant,
  BounceCapturedMessageBody,
  BulkJob,
  Campaign,
  CampaignAnalytics,
  CampaignForecast,
  CampaignValidation,
  CapturedMessage,
  ChangeContactTagsBody,
  ChangePasswordBody,
  CheckAssistantAnswer,
  CheckAssistantBody,
  CheckVerifierAnswer,
  CheckVerifierBody,
  Company,
  ConfirmTotpBody,
  Contact,
  ContactExport,
  ContactTopic,
  CreateActivityBody,
  CreateBulkJobBody,
  CreateCampaignBody,
  CreateCampaignQuery,
  CreateCompanyBody,
  CreateCustomFieldBody,
  CreateDiscoveryProviderBody,
  CreateDkimKeyBody,
  CreateEventTypeBody,
  CreateImportBody,
  CreateInboundSourceBody,
  CreateInvitationBody,
  CreateKeyBody,
  CreateListenerBody,
  CreateMailboxBody,
  CreatePortalLinkBody,
  CreateProjectBody,
  CreateReplayBody,
  CreateSegmentBody,
  CreateSourceBody,
  CreateSuppressionsBody,
  CreateTemplateBody,
  CreateTopicBody,
  CreateTopicOptOutsBody,
  CreateTrackingDomainBody,
  CreateWebhookBody,
  CreateWorkspaceBody,
  CreatedInvitation,
  CreatedKey,
  CustomField,
  DeletedWorkspace,
  Delivery,
  DeliveryWithAttempts,
  DisableTotpBody,
  DiscoverLeadsBody,
  DiscoverLeadsQuery,
  DiscoveryFind,
  DiscoveryJob,
  DiscoveryProvider,
  DkimKey,
  EnableWebhookBody,
  EnrollTotpBody,
  EnrolledTotp,
  Erasure,
  Event,
  EventDetail,
  EventRetention,
  EventType,
  ExportContactQuery,
  FetchedDelivery,
  FindMailboxSettingsBody,
  GetHealthzAnswer,
  GetMailboxPlacementQuery,
  GetMailboxStatsQuery,
  GetMeAnswer,
  GetOverviewQuery,
  GetPasskeyCreationOptionsBody,
  GetReadyzAnswer,
  GetWebhookStatsQuery,
  Import,
  ImportError,
  InboundEvent,
  InboundEventWithPayload,
  InboundSource,
  InboundSourceWithSecret,
  Invitation,
  Key,
  LaunchCampaignQuery,
  Lead,
  LeadAddition,
  LeadDetail,
  ListActivitiesQuery,
  ListAlertsQuery,
  ListBulkJobsQuery,
  ListCampaignsQuery,
  ListCapturedMessagesQuery,
  ListCompaniesQuery,
  ListContactFindsQuery,
  ListContactTimelineQuery,
  ListContactsQuery,
  ListCustomFieldsQuery,
  ListDeliveriesQuery,
  ListDiscoveryFindsQuery,
  ListDiscoveryJobsQuery,
  ListDiscoveryProvidersQuery,
  ListDkimKeysQuery,
  ListErasuresQuery,
  ListEventTypesQuery,
  ListEventsQuery,
  ListImportErrorsQuery,
  ListImportsQuery,
  ListInboundEventsQuery,
  ListInboundSourcesQuery,
  ListInvitationsQuery,
  ListKeysQuery,
  ListLeadAdditionsQuery,
  ListLeadsQuery,
  ListMailboxesQuery,
  ListMeetingsQuery,
  ListMembersQuery,
  ListMergesQuery,
  ListMessagesQuery,
  ListOrganizationWebhookKeysAnswer,
  ListPasskeysQuery,
  ListProjectContactsQuery,
  ListProjectsQuery,
  ListReplaysQuery,
  ListRepliesQuery,
  ListSegmentCompaniesQuery,
  ListSegmentContactsQuery,
  ListSegmentsQuery,
  ListSessionsQuery,
  ListSkippedActionsQuery,
  ListSourcesQuery,
  ListSuppressionsQuery,
  ListTagsQuery,
  ListTemplatesQuery,
  ListTopicOptOutsQuery,
  ListTopicsQuery,
  ListTrackingDomainsQuery,
  ListWarmupMessagesQuery,
  ListWebhookKeysAnswer,
  ListWebhooksQuery,
  ListWorkspacesQuery,
  ListedCapturedMessage,
  Listener,
  LookupContactsAnswer,
  LookupContactsBody,
  MailSettings,
  Mailbox,
  MailboxAuthorization,
  MailboxCheck,
  MailboxDay,
  MailboxDns,
  MailboxHealth,
  MailboxPlacement,
  Meeting,
  Member,
  Merge,
  MergeCompaniesAnswer,
  MergeCompaniesBody,
  MergeContactsAnswer,
  MergeContactsBody,
  Message,
  MessageDetail,
  MessagePreview,
  OpenPortalSessionBody,
  Organization,
  Passkey,
  PasskeyCreationOptions,
  PasskeyRequestOptions,
  Portal,
  PortalBrand,
  PortalLink,
  PortalSession,
  PreviewCampaignMessageBody,
  PreviewReplayBody,
  Project,
  PublishEventBody,
  PublishEventsBody,
  PublishedEvent,
  PullListenerBody,
  RecoveryCodes,
  RefusedEvent,
  RejoinTopicAnswer,
  RejoinTopicBody,
  RenewRecoveryCodesBody,
  ReplaceDiscoveryProviderBody,
  Replay,
  ReplayPreview,
  Reply,
  ReplyToCapturedMessageBody,
  ReplyToLeadAnswer,
  ReplyToLeadBody,
  RequestPasswordResetBody,
  RequestedPasswordReset,
  ReturnedMessage,
  RotateInboundSecretBody,
  RotateWebhookSecretBody,
  SandboxClock,
  SearchDeliveriesQuery,
  SecondFactor,
  Segment,
  SegmentCount,
  SendMessageBody,
  SendSelfTestAnswer,
  SendingLimits,
  Session,
  SetAssistantBody,
  SetEventRetentionBody,
  SetPortalBrandBody,
  SetVerifierBody,
  SetWorkspaceIcpBody,
  SettleListenerBody,
  SignInBody,
  SignInWithPasskeyBody,
  SignedIn,
  SkippedAction,
  Source,
  StartMailboxAuthorizationQuery,
  StreamAttemptsQuery,
  Suppression,
  Tag,
  Template,
  TestDiscoveryProviderAnswer,
  TestDiscoveryProviderBody,
  TestMailboxSettingsBody,
  TestWebhookAnswer,
  TestWebhookBody,
  ThreadMessage,
  TimelineEntry,
  Topic,
  TopicOptOut,
  TrackingDomain,
  TrackingDomainCheck,
  UpdateActivityBody,
  UpdateCampaignBody,
  UpdateCompanyBody,
  UpdateContactBody,
  UpdateCustomFieldBody,
  UpdateEventTypeBody,
  UpdateMailboxBody,
  UpdateMemberBody,
  UpdateOrganizationBody,
  UpdatePasskeyBody,
  UpdateProjectBody,
  UpdateReplyBody,
  UpdateSegmentBody,
  UpdateSendingLimitsBody,
  UpdateTemplateBody,
  UpdateTopicBody,
  UpdateWarmupBody,
  UpdateWebhookBody,
  UpdateWorkspaceBody,
  UpsertCompaniesAnswer,
  UpsertCompaniesBody,
  UpsertContactsAnswer,
  UpsertContactsBody,
  Verification,
  Verifier,
  VerifyDkimKeyAnswer,
  Warmup,
  WarmupMessage,
  Webhook,
  WebhookOverview,
  WebhookStats,
  WebhookWithSecret,
  Workspace,
  WorkspaceIcp,
} from './api-types.ts';
import { numberedList, cursorList } from './list.ts';
import type { CursorPage, List, NumberedPage } from './list.ts';
import type { ServerEvent } from './server-events.ts';
import type { CallOptions, ChangeOptions, CreateOptions, FileBody, Transport } from './transport.ts';

/**
 * The calls of `outrider.organization`.
 *
 * @example
 * ```ts
 * import type { OrganizationResource } from '@outrider/sdk';
 *
 * const organization: OrganizationResource = outrider.organization;
 * ```
 */
export class OrganizationResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Get the caller: key or person, organization, workspace and limits.
   *
   * @example
   * ```ts
   * const result = await outrider.organization.me();
   * ```
   */
  me(options?: CallOptions): Promise<GetMeAnswer> {
    return this.#transport.data({ method: 'GET', path: '/v1/me', options });
  }

  /**
   * Get the organization of the calling key.
   * A key bound to a workspace gets 403.
   * Needs the scope `organization:read`.
   *
   * @example
   * ```ts
   * const organization = await outrider.organization.get();
   * ```
   */
  get(options?: CallOptions): Promise<Organization> {
    return this.#transport.data({ method: 'GET', path: '/v1/organization', options });
  }

  /**
   * Set the alert address.
   * At most five new addresses an hour. One address receives at most 10 alerts an hour and 50 a day; further alerts are kept, and `GET /v1/alerts` lists them. A key bound to a workspace gets 403.
   * Needs the scope `organization:write`.
   *
   * @example
   * ```ts
   * const organization = await outrider.organization.update({ alert_email: 'ops@example.com' });
   * ```
   */
  update(body: UpdateOrganizationBody, options?: ChangeOptions): Promise<Organization> {
    return this.#transport.data({ method: 'PATCH', path: '/v1/organization', body, acceptsIfMatch: true, options });
  }

  /**
   * Get the sending limits of the organization.
   * A key bound to a workspace gets 403.
   * Needs the scope `organization:read`.
   *
   * @example
   * ```ts
   * const sendingLimits = await outrider.organization.getSendingLimits();
   * ```
   */
  getSendingLimits(options?: CallOptions): Promise<SendingLimits> {
    return this.#transport.data({ method: 'GET', path: '/v1/organization/sending-limits', options });
  }

  /**
   * Set the sending limits of the organization.
   * Applies to the next message, to those of campaigns and to others. What it holds back has the reason `organization_limit`. A sandbox has limits of its own. A key bound to a workspace gets 403.
   * Needs the scope `organization:write`.
   *
   * @example
   * ```ts
   * const sendingLimits = await outrider.organization.updateSendingLimits({ daily_limit: 2000 });
   * ```
   */
  updateSendingLimits(body: UpdateSendingLimitsBody, options?: ChangeOptions): Promise<SendingLimits> {
    return this.#transport.data({
      method: 'PATCH',
      path: '/v1/organization/sending-limits',
      body,
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Set the assistant for replies.
   * A language model with an API like that of OpenAI (`POST {url}/chat/completions`), asked about replies that are classified `unknown`, after they were stored. What it decides has the source `assistant`, and is emitted as `reply.classified`. It gets the text that the person wrote, nothing else. Without this call, no text leaves the installation. The key is stored encrypted and never returned; every change must send it again. A key bound to a workspace gets 403.
   * Needs the scope `organization:write`.
   *
   * @example
   * ```ts
   * const assistant = await outrider.organization.setAssistant({
   *   url: 'https://llm.example.com/v1',
   *   model: 'small-1',
   *   key: 'secret',
   *   daily_budget: 500,
   * });
   * ```
   */
  setAssistant(body: SetAssistantBody, options?: ChangeOptions): Promise<Assistant> {
    return this.#transport.data({ method: 'PUT', path: '/v1/assistant', body, acceptsIfMatch: true, options });
  }

  /**
   * Get the assistant for replies.
   * A key bound to a workspace gets 403.
   * Needs the scope `organization:read`.
   *
   * @example
   * ```ts
   * const assistant = await outrider.organization.getAssistant();
   * ```
   */
  getAssistant(options?: CallOptions): Promise<Assistant> {
    return this.#transport.data({ method: 'GET', path: '/v1/assistant', options });
  }

  /**
   * Delete the assistant for replies.
   * No text leaves the installation any more. What it decided stays. A key bound to a workspace gets 403.
   * Needs the scope `organization:write`.
   *
   * @example
   * ```ts
   * await outrider.organization.deleteAssistant();
   * ```
   */
  deleteAssistant(options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({ method: 'DELETE', path: '/v1/assistant', acceptsIfMatch: true, options });
  }

  /**
   * Ask the assistant about a text.
   * Shows what it takes the text for. Stores nothing, and counts against the budget. A key bound to a workspace gets 403.
   * Needs the scope `organization:write`.
   *
   * @example
   * ```ts
   * const result = await outrider.organization.checkAssistant({ text: 'Could be something for the autumn, who knows.' });
   * ```
   */
  checkAssistant(body: CheckAssistantBody, options?: CallOptions): Promise<CheckAssistantAnswer> {
    return this.#transport.data({ method: 'POST', path: '/v1/assistant/check', body, options });
  }

  /**
   * Set the verifier of addresses.
   * Another service that is asked about each address that no own fact decides: any HTTPS service with a JSON answer. An address on which it gives no answer waits (`verification_pending`) and is asked about again; it is never taken for valid. A verdict is kept for 30 days. The secret is stored encrypted and never returned; every change must send it again. A key bound to a workspace gets 403.
   * Needs the scope `organization:write`.
   *
   * @example
   * ```ts
   * const verifier = await outrider.organization.setVerifier({
   *   url: 'https://api.verifier.example/v1/check?email={email}',
   *   auth: { header: 'X-Api-Key', value: 'secret' },
   *   answer: { field: 'result.status', deliverable: ['valid'], risky: ['catch_all'], undeliverable: ['invalid'] },
   * });
   * ```
   */
  setVerifier(body: SetVerifierBody, options?: ChangeOptions): Promise<Verifier> {
    return this.#transport.data({ method: 'PUT', path: '/v1/verifier', body, acceptsIfMatch: true, options });
  }

  /**
   * Get the verifier of addresses.
   * A key bound to a workspace gets 403.
   * Needs the scope `organization:read`.
   *
   * @example
   * ```ts
   * const verifier = await outrider.organization.getVerifier();
   * ```
   */
  getVerifier(options?: CallOptions): Promise<Verifier> {
    return this.#transport.data({ method: 'GET', path: '/v1/verifier', options });
  }

  /**
   * Delete the verifier of addresses.
   * Addresses are judged by own facts only. A key bound to a workspace gets 403.
   * Needs the scope `organization:write`.
   *
   * @example
   * ```ts
   * await outrider.organization.deleteVerifier();
   * ```
   */
  deleteVerifier(options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({ method: 'DELETE', path: '/v1/verifier', acceptsIfMatch: true, options });
  }

  /**
   * Ask the verifier about one address.
   * Shows the value that the answer has, and the verdict that it means. Counts against the budgets. A key bound to a workspace gets 403.
   * Needs the scope `organization:write`.
   *
   * @example
   * ```ts
   * const result = await outrider.organization.checkVerifier({ email: 'ada@lovelace.example' });
   * ```
   */
  checkVerifier(body: CheckVerifierBody, options?: CallOptions): Promise<CheckVerifierAnswer> {
    return this.#transport.data({ method: 'POST', path: '/v1/verifier/check', body, options });
  }
}

/**
 * The calls of `outrider.keys`.
 *
 * @example
 * ```ts
 * import type { KeysResource } from '@outrider/sdk';
 *
 * const keys: KeysResource = outrider.keys;
 * ```
 */
export class KeysResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * List API keys, newest first.
   * Lists the keys of the organization and of its sandbox, including revoked ones. A key that is bound to a workspace sees only the keys of that workspace.
   * Needs the scope `keys:read`.
   *
   * @example
   * ```ts
   * for await (const key of outrider.keys.list()) console.log(key);
   * ```
   */
  list(query?: ListKeysQuery, options?: CallOptions): List<Key, NumberedPage<Key>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/keys', query, options });
  }

  /**
   * Create an API key.
   * The key is returned only in this response. A key can grant no more than it has: the scopes, workspace and expiry of the new key are at most its own. More keys do not add quota.
   * Needs the scope `keys:write`.
   *
   * @example
   * ```ts
   * const createdKey = await outrider.keys.create({ name: 'billing service', scopes: ['events:write', 'webhooks:read'] });
   * ```
   */
  create(body: CreateKeyBody, options?: CreateOptions): Promise<CreatedKey> {
    return this.#transport.data({ method: 'POST', path: '/v1/keys', body, acceptsIdempotencyKey: true, options });
  }

  /**
   * Get an API key.
   * Needs the scope `keys:read`.
   *
   * @example
   * ```ts
   * const key = await outrider.keys.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<Key> {
    return this.#transport.data({ method: 'GET', path: '/v1/keys/{id}', params: { id }, options });
  }

  /**
   * Revoke an API key.
   * Takes effect before the answer, on other processes some milliseconds later, and also revokes every key created with it, at any depth. A key can revoke only keys whose scopes it has itself. Revoking a revoked key changes nothing.
   * Needs the scope `keys:write`.
   *
   * @example
   * ```ts
   * await outrider.keys.revoke('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  revoke(id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/keys/{id}',
      params: { id },
      acceptsIfMatch: true,
      options,
    });
  }
}

/**
 * The calls of `outrider.workspaces`.
 *
 * @example
 * ```ts
 * import type { WorkspacesResource } from '@outrider/sdk';
 *
 * const workspaces: WorkspacesResource = outrider.workspaces;
 * ```
 */
export class WorkspacesResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * List workspaces, newest first.
   * Needs the scope `workspaces:read`.
   *
   * @example
   * ```ts
   * for await (const workspace of outrider.workspaces.list()) console.log(workspace);
   * ```
   */
  list(query?: ListWorkspacesQuery, options?: CallOptions): List<Workspace, NumberedPage<Workspace>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/workspaces', query, options });
  }

  /**
   * Create a workspace.
   * Calls that publish events or create records also create a workspace, if they name one by an `external_id` that does not exist. A key bound to a workspace gets 403.
   * Needs the scope `workspaces:write`.
   *
   * @example
   * ```ts
   * const workspace = await outrider.workspaces.create({ name: 'Agency client A', external_id: 'customer-42' });
   * ```
   */
  create(body: CreateWorkspaceBody, options?: CreateOptions): Promise<Workspace> {
    return this.#transport.data({ method: 'POST', path: '/v1/workspaces', body, acceptsIdempotencyKey: true, options });
  }

  /**
   * Get a workspace.
   * Needs the scope `workspaces:read`.
   *
   * @example
   * ```ts
   * const workspace = await outrider.workspaces.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<Workspace> {
    return this.#transport.data({ method: 'GET', path: '/v1/workspaces/{id}', params: { id }, options });
  }

  /**
   * Change a workspace.
   * A key that is bound to the workspace can change its name only.
   * Needs the scope `workspaces:write`.
   *
   * @example
   * ```ts
   * const workspace = await outrider.workspaces.update('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   name: 'Agency client B',
   *   limits: { endpoints: 20 },
   * });
   * ```
   */
  update(id: string, body?: UpdateWorkspaceBody, options?: ChangeOptions): Promise<Workspace> {
    return this.#transport.data({
      method: 'PATCH',
      path: '/v1/workspaces/{id}',
      params: { id },
      body,
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Delete a workspace and its records.
   * Revokes its keys immediately, and ends what it sends and receives: its mailboxes are disconnected, and its campaigns are archived. Then deletes its endpoints, mailboxes, campaigns, leads, messages, replies, meetings, captured messages, templates, tracking domains, DKIM keys, segments, contacts, companies, projects, activities, imports, sources, topics and suppressions in the background, with the events of their deletion, where there are any. Messages in flight are settled first. `GET /v1/workspaces/:id` answers `deleting` until that is finished, and then 404. Its events stay in the log until the retention ends. This cannot be undone; `deletes` in the answer counts what the workspace had. A key bound to a workspace gets 403.
   * Needs the scopes `workspaces:write`, `keys:write`, `webhooks:write`, `contacts:write`, `crm:write`, `suppressions:write`, `mailboxes:write`, `campaigns:write`.
   *
   * @example
   * ```ts
   * const deletedWorkspace = await outrider.workspaces.delete('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  delete(id: string, options?: ChangeOptions): Promise<DeletedWorkspace> {
    return this.#transport.data({
      method: 'DELETE',
      path: '/v1/workspaces/{id}',
      params: { id },
      acceptsIfMatch: true,
      options,
    });
  }
}

/**
 * The calls of `outrider.accounts`.
 *
 * @example
 * ```ts
 * import type { AccountsResource } from '@outrider/sdk';
 *
 * const accounts: AccountsResource = outrider.accounts;
 * ```
 */
export class AccountsResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Sign in with email and password.
   * Sets a cookie that authenticates the person in the native API, where it takes the place of a key: in the organization that the header `outrider-organization` names (its id or slug, or that of its sandbox), or else in that of the oldest membership. At most 20 attempts a minute from an address, and 10 in 15 minutes for an account. An account with one-time passwords needs `code`, too: without it the answer to the right password is 401 `second_factor_required`.
   *
   * @example
   * ```ts
   * const signedIn = await outrider.accounts.signIn({ email: 'ada@example.com', password: 'correct horse battery staple' });
   * ```
   */
  signIn(body: SignInBody, options?: CallOptions): Promise<SignedIn> {
    return this.#transport.data({ method: 'POST', path: '/v1/sessions', body, options });
  }

  /**
   * List the sessions of the calling person, newest first.
   * A key has no sessions. A key bound to a workspace gets 403.
   *
   * @example
   * ```ts
   * for await (const session of outrider.accounts.listSessions()) console.log(session);
   * ```
   */
  listSessions(query?: ListSessionsQuery, options?: CallOptions): List<Session, NumberedPage<Session>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/sessions', query, options });
  }

  /**
   * Accept an invitation, and sign in.
   * A token works once. A person without an account chooses a password; a person who has an account gives its password.
   *
   * @example
   * ```ts
   * const signedIn = await outrider.accounts.acceptInvitation({
   *   token: 'q2Zs0nJxq8o1eQh0S4mVw7yTtq3nT2c5bK9dLr6fUe0',
   *   name: 'Ada Lovelace',
   *   password: 'correct horse battery staple',
   * });
   * ```
   */
  acceptInvitation(body: AcceptInvitationBody, options?: CallOptions): Promise<SignedIn> {
    return this.#transport.data({ method: 'POST', path: '/v1/invitations/accept', body, options });
  }

  /**
   * End a session, or sign out.
   * Takes effect before the answer, on other processes some milliseconds later. A person ends the own sessions; with `members:write`, a caller ends those of the organization's members, too. A key bound to a workspace gets 403.
   *
   * @example
   * ```ts
   * await outrider.accounts.endSession('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  endSession(id: string, options?: CallOptions): Promise<void> {
    return this.#transport.nothing({ method: 'DELETE', path: '/v1/sessions/{id}', params: { id }, options });
  }

  /**
   * Change the own password.
   * Ends the person's other sessions. A key has no password: 403. A key bound to a workspace gets 403.
   *
   * @example
   * ```ts
   * await outrider.accounts.changePassword({
   *   current_password: 'correct horse battery staple',
   *   new_password: 'seven lean herons at dusk',
   * });
   * ```
   */
  changePassword(body: ChangePasswordBody, options?: CallOptions): Promise<void> {
    return this.#transport.nothing({ method: 'PUT', path: '/v1/me/password', body, options });
  }

  /**
   * Get what the calling person signs in with beside the password.
   * A key has no account: 403.
   *
   * @example
   * ```ts
   * const secondFactor = await outrider.accounts.getSecondFactor();
   * ```
   */
  getSecondFactor(options?: CallOptions): Promise<SecondFactor> {
    return this.#transport.data({ method: 'GET', path: '/v1/me/second-factor', options });
  }

  /**
   * Enroll an app for one-time passwords.
   * Returns a new secret, only in this response. It is not in use until `POST /v1/me/totp/confirm`; enrolling again before that replaces it. A key has no account: 403.
   *
   * @example
   * ```ts
   * const enrolledTotp = await outrider.accounts.enrollTotp({ password: 'correct horse battery staple' });
   * ```
   */
  enrollTotp(body: EnrollTotpBody, options?: CallOptions): Promise<EnrolledTotp> {
    return this.#transport.data({ method: 'POST', path: '/v1/me/totp', body, options });
  }

  /**
   * Put one-time passwords in use.
   * Takes a code of the app, and returns ten recovery codes. From then on, signing in needs a code.
   *
   * @example
   * ```ts
   * const recoveryCodes = await outrider.accounts.confirmTotp({ code: '287082' });
   * ```
   */
  confirmTotp(body: ConfirmTotpBody, options?: CallOptions): Promise<RecoveryCodes> {
    return this.#transport.data({ method: 'POST', path: '/v1/me/totp/confirm', body, options });
  }

  /**
   * Replace the recovery codes.
   * The earlier codes end. A key has no account: 403.
   *
   * @example
   * ```ts
   * const recoveryCodes = await outrider.accounts.renewRecoveryCodes({ password: 'correct horse battery staple' });
   * ```
   */
  renewRecoveryCodes(body: RenewRecoveryCodesBody, options?: CallOptions): Promise<RecoveryCodes> {
    return this.#transport.data({ method: 'POST', path: '/v1/me/recovery-codes', body, options });
  }

  /**
   * Turn one-time passwords off.
   * Deletes the secret and the recovery codes. A key has no account: 403.
   *
   * @example
   * ```ts
   * await outrider.accounts.disableTotp({ password: 'correct horse battery staple' });
   * ```
   */
  disableTotp(body: DisableTotpBody, options?: CallOptions): Promise<void> {
    return this.#transport.nothing({ method: 'POST', path: '/v1/me/totp/disable', body, options });
  }

  /**
   * List the passkeys of the calling person, newest first.
   * A key has no passkeys. A key bound to a workspace gets 403.
   *
   * @example
   * ```ts
   * for await (const passkey of outrider.accounts.listPasskeys()) console.log(passkey);
   * ```
   */
  listPasskeys(query?: ListPasskeysQuery, options?: CallOptions): List<Passkey, NumberedPage<Passkey>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/me/passkeys', query, options });
  }

  /**
   * Add a passkey.
   * Takes what the browser made of the options, as JSON (`toJSON`). At most 20 for a person. A key has no account: 403. A key bound to a workspace gets 403.
   *
   * @example
   * ```ts
   * const passkey = await outrider.accounts.addPasskey({
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
   * });
   * ```
   */
  addPasskey(body: AddPasskeyBody, options?: CallOptions): Promise<Passkey> {
    return this.#transport.data({ method: 'POST', path: '/v1/me/passkeys', body, options });
  }

  /**
   * Begin to add a passkey.
   * Returns what `navigator.credentials.create` takes as JSON (`PublicKeyCredential.parseCreationOptionsFromJSON`). Its challenge works once, within 5 minutes. A key has no account: 403. A key bound to a workspace gets 403.
   *
   * @example
   * ```ts
   * const passkeyCreationOptions = await outrider.accounts.getPasskeyCreationOptions({
   *   password: 'correct horse battery staple',
   * });
   * ```
   */
  getPasskeyCreationOptions(
    body: GetPasskeyCreationOptionsBody,
    options?: CallOptions,
  ): Promise<PasskeyCreationOptions> {
    return this.#transport.data({ method: 'POST', path: '/v1/me/passkeys/options', body, options });
  }

  /**
   * Rename a passkey.
   * A key bound to a workspace gets 403.
   *
   * @example
   * ```ts
   * const passkey = await outrider.accounts.updatePasskey('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', { name: 'Old laptop' });
   * ```
   */
  updatePasskey(id: string, body: UpdatePasskeyBody, options?: CallOptions): Promise<Passkey> {
    return this.#transport.data({ method: 'PATCH', path: '/v1/me/passkeys/{id}', params: { id }, body, options });
  }

  /**
   * Remove a passkey.
   * It does not sign in any more. Sessions that began with it continue. A key bound to a workspace gets 403.
   *
   * @example
   * ```ts
   * await outrider.accounts.removePasskey('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  removePasskey(id: string, options?: CallOptions): Promise<void> {
    return this.#transport.nothing({ method: 'DELETE', path: '/v1/me/passkeys/{id}', params: { id }, options });
  }

  /**
   * Begin to sign in with a passkey.
   * Returns what `navigator.credentials.get` takes as JSON (`PublicKeyCredential.parseRequestOptionsFromJSON`). It names no account. Its challenge works once, within 5 minutes. Counts as an attempt of the address.
   *
   * @example
   * ```ts
   * const passkeyRequestOptions = await outrider.accounts.getPasskeySignInOptions();
   * ```
   */
  getPasskeySignInOptions(options?: CallOptions): Promise<PasskeyRequestOptions> {
    return this.#transport.data({ method: 'POST', path: '/v1/sessions/passkey/options', options });
  }

  /**
   * Sign in with a passkey.
   * Takes what the browser made of the options, as JSON (`toJSON`), and sets the cookie of a session as `POST /v1/sessions` does. It needs no `code`: the authenticator has verified the person. At most 20 attempts a minute from an address.
   *
   * @example
   * ```ts
   * const signedIn = await outrider.accounts.signInWithPasskey({
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
   * });
   * ```
   */
  signInWithPasskey(body: SignInWithPasskeyBody, options?: CallOptions): Promise<SignedIn> {
    return this.#transport.data({ method: 'POST', path: '/v1/sessions/passkey', body, options });
  }

  /**
   * Request a link to set a new password.
   * Mails a link that works once, for an hour, to a person with this address, and replaces an earlier one. The answer is the same, and takes the same time, whether the address has an account. At most 20 attempts a minute from an address, and 5 an hour for an account.
   *
   * @example
   * ```ts
   * const requestedPasswordReset = await outrider.accounts.requestPasswordReset({ email: 'ada@example.com' });
   * ```
   */
  requestPasswordReset(body: RequestPasswordResetBody, options?: CallOptions): Promise<RequestedPasswordReset> {
    return this.#transport.data({ method: 'POST', path: '/v1/password-resets', body, options });
  }

  /**
   * Set a new password with a link, and sign in.
   * Ends all sessions of the person. A token works once. An account with one-time passwords needs `code`, too: without it the answer is 401 `second_factor_required`, and the link stays valid. The person's passkeys stay.
   *
   * @example
   * ```ts
   * const signedIn = await outrider.accounts.acceptPasswordReset({
   *   token: 'q2Zs0nJxq8o1eQh0S4mVw7yTtq3nT2c5bK9dLr6fUe0',
   *   password: 'seven lean herons at dusk',
   * });
   * ```
   */
  acceptPasswordReset(body: AcceptPasswordResetBody, options?: CallOptions): Promise<SignedIn> {
    return this.#transport.data({ method: 'POST', path: '/v1/password-resets/accept', body, options });
  }

  /**
   * List the people of the organization, newest first.
   * A key bound to a workspace gets 403.
   * Needs the scope `members:read`.
   *
   * @example
   * ```ts
   * for await (const member of outrider.accounts.listMembers()) console.log(member);
   * ```
   */
  listMembers(query?: ListMembersQuery, options?: CallOptions): List<Member, NumberedPage<Member>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/members', query, options });
  }

  /**
   * Get a member.
   * A key bound to a workspace gets 403.
   * Needs the scope `members:read`.
   *
   * @example
   * ```ts
   * const member = await outrider.accounts.getMember('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  getMember(id: string, options?: CallOptions): Promise<Member> {
    return this.#transport.data({ method: 'GET', path: '/v1/members/{id}', params: { id }, options });
  }

  /**
   * Change the role or the workspace of a member.
   * Only an owner, or a key with the scope `*`, can make an owner or change one. A sandbox has the members of its live organization; they are changed there. A key bound to a workspace gets 403.
   * Needs the scope `members:write`.
   *
   * @example
   * ```ts
   * const member = await outrider.accounts.updateMember('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', { role: 'viewer' });
   * ```
   */
  updateMember(id: string, body?: UpdateMemberBody, options?: ChangeOptions): Promise<Member> {
    return this.#transport.data({
      method: 'PATCH',
      path: '/v1/members/{id}',
      params: { id },
      body,
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Remove a member.
   * The person's sessions lose the organization immediately, on every process; a person without any other role is deleted. Keys that the person created stay valid. Only an owner, or a key with the scope `*`, can make an owner or change one. A sandbox has the members of its live organization; they are changed there. A key bound to a workspace gets 403.
   * Needs the scope `members:write`.
   *
   * @example
   * ```ts
   * await outrider.accounts.removeMember('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  removeMember(id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/members/{id}',
      params: { id },
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * List open invitations, newest first.
   * A key bound to a workspace gets 403.
   * Needs the scope `members:read`.
   *
   * @example
   * ```ts
   * for await (const invitation of outrider.accounts.listInvitations()) console.log(invitation);
   * ```
   */
  listInvitations(query?: ListInvitationsQuery, options?: CallOptions): List<Invitation, NumberedPage<Invitation>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/invitations', query, options });
  }

  /**
   * Invite a person.
   * Returns a token that works once, for 7 days: pass it to the person, who accepts the invitation with it. If the installation sends mail, the link is also mailed to the address, at most 5 times an hour, and 50 times an hour for an organization; `mailed` says whether. Earlier invitations of the address end. Only an owner, or a key with the scope `*`, can make an owner or change one. A sandbox has the members of its live organization; they are changed there. A key bound to a workspace gets 403.
   * Needs the scope `members:write`.
   *
   * @example
   * ```ts
   * const createdInvitation = await outrider.accounts.createInvitation({ email: 'grace@example.com', role: 'member' });
   * ```
   */
  createInvitation(body: CreateInvitationBody, options?: CreateOptions): Promise<CreatedInvitation> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/invitations',
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * Withdraw an invitation.
   * A key bound to a workspace gets 403.
   * Needs the scope `members:write`.
   *
   * @example
   * ```ts
   * await outrider.accounts.withdrawInvitation('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  withdrawInvitation(id: string, options?: CallOptions): Promise<void> {
    return this.#transport.nothing({ method: 'DELETE', path: '/v1/invitations/{id}', params: { id }, options });
  }
}

/**
 * The calls of `outrider.customerPortal`.
 *
 * @example
 * ```ts
 * import type { CustomerPortalResource } from '@outrider/sdk';
 *
 * const customerPortal: CustomerPortalResource = outrider.customerPortal;
 * ```
 */
export class CustomerPortalResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Create a link to the customer portal of a workspace.
   * The link works once. It opens a page with which a customer manages the endpoints of this workspace and reads their deliveries, and nothing else. Redirect to it, or use it as the address of a frame.
   * Needs the scopes `webhooks:write`, `workspaces:read`.
   *
   * @example
   * ```ts
   * const portalLink = await outrider.customerPortal.createPortalLink('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   expires_in: 600,
   *   session_expires_in: 3600,
   * });
   * ```
   */
  createPortalLink(id: string, body?: CreatePortalLinkBody, options?: CreateOptions): Promise<PortalLink> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/workspaces/{id}/portal-links',
      params: { id },
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * End all links and sessions of the customer portal of a workspace.
   * Needs the scopes `webhooks:write`, `workspaces:read`.
   *
   * @example
   * ```ts
   * await outrider.customerPortal.endPortalSessions('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  endPortalSessions(id: string, options?: CallOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/workspaces/{id}/portal-sessions',
      params: { id },
      options,
    });
  }

  /**
   * Open a session of the customer portal with a link.
   * Takes the token of a link, once, and returns a bearer token for the API. The page of the portal calls it.
   *
   * @example
   * ```ts
   * const portalSession = await outrider.customerPortal.openPortalSession({
   *   token: 'q2Zs0nJxq8o1eQh0S4mVw7yTtq3nT2c5bK9dLr6fUe0',
   * });
   * ```
   */
  openPortalSession(body: OpenPortalSessionBody, options?: CallOptions): Promise<PortalSession> {
    return this.#transport.data({ method: 'POST', path: '/v1/portal-sessions', body, options });
  }

  /**
   * Get what the customer portal shows around its lists.
   * For a session of the portal; a key sees what its customers would.
   * Needs the scope `webhooks:read`.
   *
   * @example
   * ```ts
   * const portal = await outrider.customerPortal.getPortal();
   * ```
   */
  getPortal(options?: CallOptions): Promise<Portal> {
    return this.#transport.data({ method: 'GET', path: '/v1/portal', options });
  }

  /**
   * Get how the customer portal looks.
   * A key bound to a workspace gets 403.
   * Needs the scope `organization:read`.
   *
   * @example
   * ```ts
   * const portalBrand = await outrider.customerPortal.getPortalBrand();
   * ```
   */
  getPortalBrand(options?: CallOptions): Promise<PortalBrand> {
    return this.#transport.data({ method: 'GET', path: '/v1/portal-brand', options });
  }

  /**
   * Set how the customer portal looks.
   * A key bound to a workspace gets 403.
   * Needs the scope `organization:write`.
   *
   * @example
   * ```ts
   * const portalBrand = await outrider.customerPortal.setPortalBrand({ name: 'Acme', color: '#3b5bdb', logo: null });
   * ```
   */
  setPortalBrand(body: SetPortalBrandBody, options?: CallOptions): Promise<PortalBrand> {
    return this.#transport.data({ method: 'PUT', path: '/v1/portal-brand', body, options });
  }
}

/**
 * The calls of `outrider.webhooks`.
 *
 * @example
 * ```ts
 * import type { WebhooksResource } from '@outrider/sdk';
 *
 * const webhooks: WebhooksResource = outrider.webhooks;
 * ```
 */
export class WebhooksResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Create an endpoint.
   * The signing secret is returned only in this response. A target_url that is not https, contains credentials or leads to a private address is refused; a host name without an address is accepted and checked at each connection. A workspace has at most as many endpoints as its limit allows, and an organization at most 1,000 without a workspace.
   * Needs the scope `webhooks:write`.
   *
   * @example
   * ```ts
   * const webhook = await outrider.webhooks.create({
   *   target_url: 'https://receiver.example/hooks/outrider',
   *   events: ['reply.*', 'meeting.booked'],
   *   description: 'CRM',
   * });
   * ```
   */
  create(
    body: CreateWebhookBody,
    options?: CreateOptions,
  ): Promise<
    WebhookWithSecret & {
      /** Possible mistakes: a name in `events` that no known event type has, a secret that cannot produce a `webhook-signature`, or a client certificate that expires within 30 days. Omitted if there are none. */
      warnings?: string[];
    }
  > {
    return this.#transport.data({ method: 'POST', path: '/v1/webhooks', body, acceptsIdempotencyKey: true, options });
  }

  /**
   * List endpoints, newest first.
   * A key that is bound to a workspace sees only the endpoints of that workspace.
   * Needs the scope `webhooks:read`.
   *
   * @example
   * ```ts
   * for await (const webhook of outrider.webhooks.list()) console.log(webhook);
   * ```
   */
  list(query?: ListWebhooksQuery, options?: CallOptions): List<Webhook, NumberedPage<Webhook>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/webhooks', query, options });
  }

  /**
   * Get an endpoint.
   * Needs the scope `webhooks:read`.
   *
   * @example
   * ```ts
   * const webhook = await outrider.webhooks.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<Webhook> {
    return this.#transport.data({ method: 'GET', path: '/v1/webhooks/{id}', params: { id }, options });
  }

  /**
   * Change an endpoint.
   * Changes the given fields; lists and objects are replaced as a whole. `is_active: true` enables the endpoint without releasing held deliveries. A new dialect applies from the next attempt; past attempts keep theirs.
   * Needs the scope `webhooks:write`.
   *
   * @example
   * ```ts
   * const webhook = await outrider.webhooks.update('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   events: ['reply.*'],
   *   max_in_flight: 8,
   * });
   * ```
   */
  update(
    id: string,
    body?: UpdateWebhookBody,
    options?: ChangeOptions,
  ): Promise<
    Webhook & {
      /** Possible mistakes: a name in `events` that no known event type has, a secret that cannot produce a `webhook-signature`, or a client certificate that expires within 30 days. Omitted if there are none. */
      warnings?: string[];
    }
  > {
    return this.#transport.data({
      method: 'PATCH',
      path: '/v1/webhooks/{id}',
      params: { id },
      body,
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Delete an endpoint.
   * Pending deliveries are marked as failed. Past deliveries remain available by id.
   * Needs the scope `webhooks:write`.
   *
   * @example
   * ```ts
   * await outrider.webhooks.delete('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  delete(id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/webhooks/{id}',
      params: { id },
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Enable an endpoint and release held deliveries.
   * Can also be called on an active endpoint, to release deliveries that an earlier call left held.
   * Needs the scope `webhooks:write`.
   *
   * @example
   * ```ts
   * const webhook = await outrider.webhooks.enable('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', { release_held: true });
   * ```
   */
  enable(id: string, body?: EnableWebhookBody, options?: CallOptions): Promise<Webhook & { released: number }> {
    return this.#transport.data({ method: 'POST', path: '/v1/webhooks/{id}/enable', params: { id }, body, options });
  }

  /**
   * Rotate the signing secret of an endpoint.
   * During the overlap, `webhook-signature` contains one signature per secret; a header with room for a single signature, such as `x-defrost-signature`, is signed with the secret that `sign_with` names. Another rotation during the overlap drops the oldest secret.
   * Needs the scope `webhooks:write`.
   *
   * @example
   * ```ts
   * const webhook = await outrider.webhooks.rotateSecret('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   overlap_seconds: 86400,
   * });
   * ```
   */
  rotateSecret(
    id: string,
    body?: RotateWebhookSecretBody,
    options?: CreateOptions,
  ): Promise<
    WebhookWithSecret & {
      /** Possible mistakes: a name in `events` that no known event type has, a secret that cannot produce a `webhook-signature`, or a client certificate that expires within 30 days. Omitted if there are none. */
      warnings?: string[];
    }
  > {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/webhooks/{id}/rotate-secret',
      params: { id },
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * Send a test event.
   * Sends one event to this endpoint only, whatever its subscriptions, in a single attempt. Get the delivery to see the receiver's response.
   * Needs the scope `webhooks:write`.
   *
   * @example
   * ```ts
   * const result = await outrider.webhooks.test('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', { event: 'reply.received' });
   * ```
   */
  test(id: string, body?: TestWebhookBody, options?: CreateOptions): Promise<TestWebhookAnswer> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/webhooks/{id}/test',
      params: { id },
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * List the public keys of ed25519 signatures.
   * One key per organization; compare it with the `public_key` of your endpoint. A receiver must trust only the key of its sender, not every key in this list.
   *
   * @example
   * ```ts
   * const result = await outrider.webhooks.signingKeys();
   * ```
   */
  signingKeys(options?: CallOptions): Promise<ListWebhookKeysAnswer> {
    return this.#transport.whole({ method: 'GET', path: '/.well-known/webhook-keys', options });
  }

  /**
   * List the public keys of one organization.
   * The keys that a receiver trusts: those of its sender, which is `organization_id` of a delivery or `id` of `GET /v1/organization`. Empty if the organization has no key.
   *
   * @example
   * ```ts
   * const result = await outrider.webhooks.signingKeysOf('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c00');
   * ```
   */
  signingKeysOf(organization: string, options?: CallOptions): Promise<ListOrganizationWebhookKeysAnswer> {
    return this.#transport.whole({
      method: 'GET',
      path: '/.well-known/webhook-keys/{organization}',
      params: { organization },
      options,
    });
  }

  /**
   * Get the hourly statistics of an endpoint.
   * At most five seconds behind. Latencies are at most a quarter too high. `pending` and `held` count the 100,000 oldest queued deliveries.
   * Needs the scope `webhooks:read`.
   *
   * @example
   * ```ts
   * const webhookStats = await outrider.webhooks.stats('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  stats(id: string, query?: GetWebhookStatsQuery, options?: CallOptions): Promise<WebhookStats> {
    return this.#transport.data({ method: 'GET', path: '/v1/webhooks/{id}/stats', params: { id }, query, options });
  }
}

/**
 * The calls of `outrider.deliveries`.
 *
 * @example
 * ```ts
 * import type { DeliveriesResource } from '@outrider/sdk';
 *
 * const deliveries: DeliveriesResource = outrider.deliveries;
 * ```
 */
export class DeliveriesResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * List the deliveries of an endpoint, newest first.
   * With `status` or `event`, one call scans at most 5,000 deliveries: a page may be short, or even empty, and still have a `next_cursor`. Follow it until it is null.
   * Needs the scope `webhooks:read`.
   *
   * @example
   * ```ts
   * for await (const delivery of outrider.deliveries.list('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00')) console.log(delivery);
   * ```
   */
  list(id: string, query?: ListDeliveriesQuery, options?: CallOptions): List<Delivery, CursorPage<Delivery>> {
    return cursorList(this.#transport, {
      method: 'GET',
      path: '/v1/webhooks/{id}/deliveries',
      params: { id },
      query,
      options,
    });
  }

  /**
   * List deliveries across endpoints, newest first.
   * A page may be short, or even empty, and still have a `next_cursor`: follow it until it is null. Deliveries of deleted endpoints are listed only with `event_id`, which finds the deliveries that were created with the event, not those of replays. An organization with more than 1,000 endpoints names `workspace_id`, `endpoint_id` or `event_id`.
   * Needs the scope `webhooks:read`.
   *
   * @example
   * ```ts
   * for await (const delivery of outrider.deliveries.search()) console.log(delivery);
   * ```
   */
  search(query?: SearchDeliveriesQuery, options?: CallOptions): List<Delivery, CursorPage<Delivery>> {
    return cursorList(this.#transport, { method: 'GET', path: '/v1/deliveries', query, options });
  }

  /**
   * Get a delivery and its attempts.
   * Returns each attempt as it was sent and answered, except for the headers of the connection: `host`, `connection`, `content-length`, `accept-encoding`. Values of headers set on the endpoint are masked.
   * Needs the scopes `webhooks:read`, `events:read`.
   *
   * @example
   * ```ts
   * const delivery = await outrider.deliveries.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<DeliveryWithAttempts> {
    return this.#transport.data({ method: 'GET', path: '/v1/deliveries/{id}', params: { id }, options });
  }

  /**
   * Retry a delivery.
   * Sends the delivery again under the same id, with its retry schedule from the start. A finished delivery returns to the queue; a pending one is attempted now. A delivery whose attempt is in flight is left alone.
   * Needs the scope `webhooks:write`.
   *
   * @example
   * ```ts
   * const delivery = await outrider.deliveries.retry('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  retry(id: string, options?: CallOptions): Promise<Delivery> {
    return this.#transport.data({ method: 'POST', path: '/v1/deliveries/{id}/retry', params: { id }, options });
  }

  /**
   * Follow attempts as they happen.
   * Server-sent events, which stay open: `open` comes first, then `attempts` names the endpoints to which attempts were made in about the last half second, on any process, and how many were delivered and failed. `endpoints` is null if there were more than fit, or some may have been missed. It is a hint to read `GET /v1/deliveries`, not a log: what happens while no stream is open is not repeated. A comment comes every 15 s. The stream ends when any key or session ends, when the process stops, and after an hour: reconnect after 2 s.
   * Needs the scope `webhooks:read`.
   *
   * @example
   * ```ts
   * for await (const { event, data } of outrider.deliveries.streamAttempts()) console.log(event, data);
   * ```
   */
  streamAttempts(query?: StreamAttemptsQuery, options?: CallOptions): AsyncGenerator<ServerEvent, void, undefined> {
    return this.#transport.events({ method: 'GET', path: '/v1/deliveries/stream', query, options });
  }

  /**
   * Get what happens now, and which endpoints need attention.
   * Counts at most 100,000 of each. An organization with more than 1,000 endpoints names `workspace_id`.
   * Needs the scopes `webhooks:read`, `events:read`.
   *
   * @example
   * ```ts
   * const webhookOverview = await outrider.deliveries.getOverview();
   * ```
   */
  getOverview(query?: GetOverviewQuery, options?: CallOptions): Promise<WebhookOverview> {
    return this.#transport.data({ method: 'GET', path: '/v1/overview', query, options });
  }
}

/**
 * The calls of `outrider.events`.
 *
 * @example
 * ```ts
 * import type { EventsResource } from '@outrider/sdk';
 *
 * const events: EventsResource = outrider.events;
 * ```
 */
export class EventsResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Publish an event.
   * Answers once the event and its deliveries are durable: the event then reaches every subscribed endpoint at least once. With the header `Idempotency-Key`, the request is safe to repeat. Your own types need no registration. An event of a type registered with a schema is checked against the schema, one of a built-in type against its documented fields; the data of either must not contain duplicate member names. An event of a workspace (named here, or the one that the key is bound to) is delivered to the endpoints of that workspace and to those without a workspace; any other event only to those without a workspace. With `deliver_at`, the event is stored now and delivered at that time, to the endpoints that are subscribed now. A `traceparent` header (W3C Trace Context) is stored with the event and sent with its deliveries.
   * Needs the scope `events:write`.
   *
   * @example
   * ```ts
   * const publishedEvent = await outrider.events.publish({
   *   event: 'invoice.paid',
   *   data: { invoice_id: 'in_1042', amount: 4200, currency: 'EUR' },
   * });
   * ```
   */
  publish(body: PublishEventBody, options?: CreateOptions): Promise<PublishedEvent> {
    return this.#transport.data({ method: 'POST', path: '/v1/events', body, acceptsIdempotencyKey: true, options });
  }

  /**
   * List events, newest first.
   * Lists events without their data. The erasure of its data (`erased_at`) does not count as a change of an event. With `event`, `contact_id` or `workspace_id`, and for a key that is bound to a workspace, a page may have fewer events than `limit`, or none, and still a next page: follow `next_cursor` until it is null.
   * Needs the scope `events:read`.
   *
   * @example
   * ```ts
   * for await (const event of outrider.events.list()) console.log(event);
   * ```
   */
  list(query?: ListEventsQuery, options?: CallOptions): List<Event, CursorPage<Event>> {
    return cursorList(this.#transport, { method: 'GET', path: '/v1/events', query, options });
  }

  /**
   * Publish up to 1,000 events.
   * Stores the events in one commit, in order: all of them or, if one is invalid, none. The results have the order of the events. If the idempotency key of an event was used with another body, its result is an error, and the other events are published. With the header `Idempotency-Key`, the request is safe to repeat.
   * Needs the scope `events:write`.
   *
   * @example
   * ```ts
   * const result = await outrider.events.publishBatch({
   *   events: [
   *     { event: 'invoice.paid', data: { invoice_id: 'in_1042', amount: 4200, currency: 'EUR' } },
   *     {
   *       event: 'invoice.paid',
   *       data: { invoice_id: 'in_1042', amount: 4200, currency: 'EUR' },
   *       idempotency_key: 'in_1042',
   *     },
   *   ],
   * });
   * ```
   */
  publishBatch(body: PublishEventsBody, options?: CreateOptions): Promise<(PublishedEvent | RefusedEvent)[]> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/events/batch',
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * Get an event with its data and deliveries.
   * Includes the first 1,000 deliveries. Deliveries that a replay created later are listed with their endpoint.
   * Needs the scope `events:read`.
   *
   * @example
   * ```ts
   * const eventDetail = await outrider.events.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<EventDetail> {
    return this.#transport.data({ method: 'GET', path: '/v1/events/{id}', params: { id }, options });
  }

  /**
   * Erase an event's data.
   * Cannot be undone. Removes the data from the event and from the attempts of its deliveries, with what the receivers answered. Deliveries that are pending, held or scheduled are cancelled: they end as `failed`, with the reason, and without a `delivery.exhausted`. The event, its type and its times stay in the log, with `erased_at`, and it can neither be retried nor replayed. A request that is being sent at this moment is not called back.
   * Needs the scope `events:write`.
   *
   * @example
   * ```ts
   * await outrider.events.eraseData('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  eraseData(id: string, options?: CallOptions): Promise<void> {
    return this.#transport.nothing({ method: 'DELETE', path: '/v1/events/{id}/data', params: { id }, options });
  }

  /**
   * Get how long the data of events is kept.
   * A key bound to a workspace gets 403.
   * Needs the scope `events:read`.
   *
   * @example
   * ```ts
   * const eventRetention = await outrider.events.getRetention();
   * ```
   */
  getRetention(options?: CallOptions): Promise<EventRetention> {
    return this.#transport.data({ method: 'GET', path: '/v1/event-retention', options });
  }

  /**
   * Set how long the data of some types of events is kept.
   * Replaces the whole list. After the days of the shortest entry that matches its type, the data of an event is erased as by `DELETE /v1/events/{id}/data`, within two hours. The days of an event with `deliver_at` count from that time: what is scheduled is never cancelled by this. All events are deleted after the days of the installation, so an entry may have at most as many. A key bound to a workspace gets 403.
   * Needs the scope `events:write`.
   *
   * @example
   * ```ts
   * const eventRetention = await outrider.events.setRetention({ retention: { 'email.opened': 7, 'order.*': 14 } });
   * ```
   */
  setRetention(body: SetEventRetentionBody, options?: ChangeOptions): Promise<EventRetention> {
    return this.#transport.data({ method: 'PUT', path: '/v1/event-retention', body, acceptsIfMatch: true, options });
  }
}

/**
 * The calls of `outrider.eventTypes`.
 *
 * @example
 * ```ts
 * import type { EventTypesResource } from '@outrider/sdk';
 *
 * const eventTypes: EventTypesResource = outrider.eventTypes;
 * ```
 */
export class EventTypesResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * List event types: built-in ones, then your own by name.
   * Needs the scope `events:read`.
   *
   * @example
   * ```ts
   * for await (const eventType of outrider.eventTypes.list()) console.log(eventType);
   * ```
   */
  list(query?: ListEventTypesQuery, options?: CallOptions): List<EventType, NumberedPage<EventType>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/event-types', query, options });
  }

  /**
   * Register an event type.
   * Types need no registration to be published. A registered type is listed in the catalogue; if it has a schema, every event of the type is checked before it is accepted. A key bound to a workspace gets 403.
   * Needs the scope `events:write`.
   *
   * @example
   * ```ts
   * const eventType = await outrider.eventTypes.create({
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
   * });
   * ```
   */
  create(body: CreateEventTypeBody, options?: CreateOptions): Promise<EventType> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/event-types',
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * Get an event type.
   * A key bound to a workspace gets 403.
   * Needs the scope `events:read`.
   *
   * @example
   * ```ts
   * const eventType = await outrider.eventTypes.get('invoice.paid');
   * ```
   */
  get(name: string, options?: CallOptions): Promise<EventType> {
    return this.#transport.data({ method: 'GET', path: '/v1/event-types/{name}', params: { name }, options });
  }

  /**
   * Change an event type.
   * Changes only the given fields; null removes the schema or the example. Events already published are not checked again. A key bound to a workspace gets 403.
   * Needs the scope `events:write`.
   *
   * @example
   * ```ts
   * const eventType = await outrider.eventTypes.update('invoice.paid', {
   *   description: 'An invoice was paid, in full or in part.',
   * });
   * ```
   */
  update(name: string, body?: UpdateEventTypeBody, options?: ChangeOptions): Promise<EventType> {
    return this.#transport.data({
      method: 'PATCH',
      path: '/v1/event-types/{name}',
      params: { name },
      body,
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Delete an event type.
   * Events of the type can still be published, but are no longer checked. A key bound to a workspace gets 403.
   * Needs the scope `events:write`.
   *
   * @example
   * ```ts
   * await outrider.eventTypes.delete('invoice.paid');
   * ```
   */
  delete(name: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/event-types/{name}',
      params: { name },
      acceptsIfMatch: true,
      options,
    });
  }
}

/**
 * The calls of `outrider.replays`.
 *
 * @example
 * ```ts
 * import type { ReplaysResource } from '@outrider/sdk';
 *
 * const replays: ReplaysResource = outrider.replays;
 * ```
 */
export class ReplaysResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Replay deliveries to an endpoint.
   * Starts a durable job. `failed` sends failed deliveries again under their own ids, with a new schedule. `delivered` creates a new delivery for each one that was delivered. `all` creates one for every event that the endpoint's events and filter match now, including events before its creation. `webhook-id` remains the event's id, so a receiver that deduplicates skips what it has processed. The job waits while the endpoint is disabled or has 10,000 pending deliveries. An endpoint has at most one running replay.
   * Needs the scope `webhooks:write`.
   *
   * @example
   * ```ts
   * const replay = await outrider.replays.create({
   *   endpoint_id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00',
   *   since: '2026-01-04T00:00:00.000Z',
   *   status: 'failed',
   *   event_types: ['reply.*'],
   * });
   * ```
   */
  create(body: CreateReplayBody, options?: CreateOptions): Promise<Replay> {
    return this.#transport.data({ method: 'POST', path: '/v1/replays', body, acceptsIdempotencyKey: true, options });
  }

  /**
   * List replays, newest first.
   * Needs the scope `webhooks:read`.
   *
   * @example
   * ```ts
   * for await (const replay of outrider.replays.list()) console.log(replay);
   * ```
   */
  list(query?: ListReplaysQuery, options?: CallOptions): List<Replay, NumberedPage<Replay>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/replays', query, options });
  }

  /**
   * Count what a replay would send.
   * Queues nothing. Counts the first 100,000 deliveries of the range, or events if the status is `all`: the first 1,000 if the endpoint has a filter, because each is read.
   * Needs the scope `webhooks:read`.
   *
   * @example
   * ```ts
   * const replayPreview = await outrider.replays.preview({
   *   endpoint_id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00',
   *   since: '2026-01-04T00:00:00.000Z',
   *   status: 'failed',
   *   event_types: ['reply.*'],
   * });
   * ```
   */
  preview(body: PreviewReplayBody, options?: CallOptions): Promise<ReplayPreview> {
    return this.#transport.data({ method: 'POST', path: '/v1/replays/preview', body, options });
  }

  /**
   * Get a replay and its progress.
   * Needs the scope `webhooks:read`.
   *
   * @example
   * ```ts
   * const replay = await outrider.replays.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<Replay> {
    return this.#transport.data({ method: 'GET', path: '/v1/replays/{id}', params: { id }, options });
  }

  /**
   * Cancel a replay.
   * Deliveries that the job has already queued are still sent. Cancelling it again changes nothing.
   * Needs the scope `webhooks:write`.
   *
   * @example
   * ```ts
   * const replay = await outrider.replays.cancel('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  cancel(id: string, options?: CallOptions): Promise<Replay> {
    return this.#transport.data({ method: 'POST', path: '/v1/replays/{id}/cancel', params: { id }, options });
  }
}

/**
 * The calls of `outrider.listeners`.
 *
 * @example
 * ```ts
 * import type { ListenersResource } from '@outrider/sdk';
 *
 * const listeners: ListenersResource = outrider.listeners;
 * ```
 */
export class ListenersResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Create a listener.
   * Creates an endpoint whose deliveries are fetched, for a consumer that cannot be reached from outside. It works like any other endpoint, also under /v1/webhooks: deliveries are filtered, signed, retried, held and replayed. Failures never disable it.
   * Needs the scope `webhooks:write`.
   *
   * @example
   * ```ts
   * const listener = await outrider.listeners.create({ events: ['reply.*'] });
   * ```
   */
  create(body?: CreateListenerBody, options?: CreateOptions): Promise<Listener> {
    return this.#transport.data({ method: 'POST', path: '/v1/listeners', body, acceptsIdempotencyKey: true, options });
  }

  /**
   * Fetch deliveries.
   * Returns due deliveries, waiting up to `wait_seconds` for the first; the list is empty if none becomes due. A fetched delivery is reserved for 60 seconds; unless it is settled by then, it can be fetched again. With `ordering: fifo` only one delivery is fetched at a time.
   * Needs the scope `webhooks:write`.
   *
   * @example
   * ```ts
   * const result = await outrider.listeners.pull('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', { max: 10, wait_seconds: 20 });
   * ```
   */
  pull(id: string, body?: PullListenerBody, options?: CallOptions): Promise<FetchedDelivery[]> {
    return this.#transport.data({ method: 'POST', path: '/v1/listeners/{id}/pull', params: { id }, body, options });
  }

  /**
   * Report the results of fetched deliveries.
   * Each result counts as an attempt: 2xx marks the delivery as delivered, 410 as failed; any other result is retried by the retry schedule.
   * Needs the scope `webhooks:write`.
   *
   * @example
   * ```ts
   * const result = await outrider.listeners.settle('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   results: [{ delivery_id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d02', attempt: 1, status_code: 200, duration_ms: 12 }],
   * });
   * ```
   */
  settle(
    id: string,
    body: SettleListenerBody,
    options?: CallOptions,
  ): Promise<
    {
      delivery_id: string;
      /** `stale`: the delivery was already finished, or was fetched and settled again in the meantime; nothing changed. */
      outcome: 'delivered' | 'retry' | 'failed' | 'stale';
      next_attempt_at: string | null;
    }[]
  > {
    return this.#transport.data({ method: 'POST', path: '/v1/listeners/{id}/settle', params: { id }, body, options });
  }

  /**
   * Delete a listener.
   * Pending deliveries are marked as failed.
   * Needs the scope `webhooks:write`.
   *
   * @example
   * ```ts
   * await outrider.listeners.delete('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  delete(id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/listeners/{id}',
      params: { id },
      acceptsIfMatch: true,
      options,
    });
  }
}

/**
 * The calls of `outrider.alerts`.
 *
 * @example
 * ```ts
 * import type { AlertsResource } from '@outrider/sdk';
 *
 * const alerts: AlertsResource = outrider.alerts;
 * ```
 */
export class AlertsResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * List alerts, newest first.
   * Lists the alerts mailed to the alert address of the organization, including those that could not be mailed. A key bound to a workspace gets 403.
   * Needs the scope `webhooks:read`.
   *
   * @example
   * ```ts
   * for await (const alert of outrider.alerts.list()) console.log(alert);
   * ```
   */
  list(query?: ListAlertsQuery, options?: CallOptions): List<Alert, CursorPage<Alert>> {
    return cursorList(this.#transport, { method: 'GET', path: '/v1/alerts', query, options });
  }
}

/**
 * The calls of `outrider.inbound`.
 *
 * @example
 * ```ts
 * import type { InboundResource } from '@outrider/sdk';
 *
 * const inbound: InboundResource = outrider.inbound;
 * ```
 */
export class InboundResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Register a source of provider events.
   * The provider posts to `path`. What proves its posts depends on the provider: send its key or secret (`resend`, `mailgun`: `secret`; `sendgrid`: `public_key`; `ses`: `topic_arn`), or take the one in the response (`generic`, `calcom`, `calendly`: the key of the HMAC in the header; `postmark` and `brevo`: the password of basic authentication, or `token` in the URL), which is shown only once. The reports of a workspace's source concern only messages and addresses of the workspace, and so do the events that are emitted. A workspace, and an organization without its workspaces, has at most 100 sources.
   * Needs the scope `webhooks:write`.
   *
   * @example
   * ```ts
   * const inboundSource = await outrider.inbound.createSource({ provider: 'generic', name: 'Relay in Frankfurt' });
   * ```
   */
  createSource(body: CreateInboundSourceBody, options?: CreateOptions): Promise<InboundSourceWithSecret> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/inbound-sources',
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * List sources of provider events, newest first.
   * Needs the scope `webhooks:read`.
   *
   * @example
   * ```ts
   * for await (const inboundSource of outrider.inbound.listSources()) console.log(inboundSource);
   * ```
   */
  listSources(
    query?: ListInboundSourcesQuery,
    options?: CallOptions,
  ): List<InboundSource, NumberedPage<InboundSource>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/inbound-sources', query, options });
  }

  /**
   * Get a source of provider events.
   * Needs the scope `webhooks:read`.
   *
   * @example
   * ```ts
   * const inboundSource = await outrider.inbound.getSource('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  getSource(id: string, options?: CallOptions): Promise<InboundSource> {
    return this.#transport.data({ method: 'GET', path: '/v1/inbound-sources/{id}', params: { id }, options });
  }

  /**
   * Delete a source of provider events.
   * The source can no longer post events. The events it posted stay.
   * Needs the scope `webhooks:write`.
   *
   * @example
   * ```ts
   * await outrider.inbound.deleteSource('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  deleteSource(id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/inbound-sources/{id}',
      params: { id },
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Rotate what proves the posts of a source.
   * Takes the same fields as the registration. During the overlap, posts that are proved by the old or by the new secret, key, password or topic are accepted. Another rotation during the overlap drops the oldest.
   * Needs the scope `webhooks:write`.
   *
   * @example
   * ```ts
   * const inboundSource = await outrider.inbound.rotateSecret('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   overlap_seconds: 86400,
   * });
   * ```
   */
  rotateSecret(id: string, body?: RotateInboundSecretBody, options?: CreateOptions): Promise<InboundSourceWithSecret> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/inbound-sources/{id}/rotate-secret',
      params: { id },
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * List provider events, newest first.
   * With `matched`, `type` or `workspace_id`, and with a key that is bound to a workspace, a page may have fewer events than `limit`, or none, and still be followed by another: follow `next_cursor` until it is null.
   * Needs the scope `inbound:read`.
   *
   * @example
   * ```ts
   * for await (const inboundEvent of outrider.inbound.listEvents()) console.log(inboundEvent);
   * ```
   */
  listEvents(query?: ListInboundEventsQuery, options?: CallOptions): List<InboundEvent, CursorPage<InboundEvent>> {
    return cursorList(this.#transport, { method: 'GET', path: '/v1/inbound-events', query, options });
  }

  /**
   * Get a provider event with what the provider posted.
   * The evidence of a suppression, see `inbound_event_id` there.
   * Needs the scope `inbound:read`.
   *
   * @example
   * ```ts
   * const inboundEvent = await outrider.inbound.getEvent('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  getEvent(id: string, options?: CallOptions): Promise<InboundEventWithPayload> {
    return this.#transport.data({ method: 'GET', path: '/v1/inbound-events/{id}', params: { id }, options });
  }
}

/**
 * The calls of `outrider.mailboxes`.
 *
 * @example
 * ```ts
 * import type { MailboxesResource } from '@outrider/sdk';
 *
 * const mailboxes: MailboxesResource = outrider.mailboxes;
 * ```
 */
export class MailboxesResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Connect a mailbox.
   * Logs in to both servers first, which takes up to 30 s; nothing is stored when a stage fails. Emits `mailbox.connected`. A mailbox of a sandbox sends into the capture box, and its servers are not contacted.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * const mailbox = await outrider.mailboxes.createMailbox({
   *   email: 'grace@hopper.example',
   *   display_name: 'Grace Hopper',
   *   smtp: { host: 'smtp.hopper.example', port: 465, security: 'tls', username: 'grace@hopper.example', password: '…' },
   *   imap: { host: 'imap.hopper.example', port: 993, security: 'tls', username: 'grace@hopper.example', password: '…' },
   *   timezone: 'Europe/Berlin',
   * });
   * ```
   */
  createMailbox(body: CreateMailboxBody, options?: CreateOptions): Promise<Mailbox> {
    return this.#transport.data({ method: 'POST', path: '/v1/mailboxes', body, acceptsIdempotencyKey: true, options });
  }

  /**
   * List mailboxes, newest first.
   * A key that is bound to a workspace sees only the mailboxes of that workspace.
   * Needs the scope `mailboxes:read`.
   *
   * @example
   * ```ts
   * for await (const mailbox of outrider.mailboxes.list()) console.log(mailbox);
   * ```
   */
  list(query?: ListMailboxesQuery, options?: CallOptions): List<Mailbox, NumberedPage<Mailbox>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/mailboxes', query, options });
  }

  /**
   * Test the settings of a mailbox without storing it.
   * Takes the body of `POST /v1/mailboxes`, and up to 30 s.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * const mailboxCheck = await outrider.mailboxes.testMailboxSettings({
   *   email: 'grace@hopper.example',
   *   display_name: 'Grace Hopper',
   *   smtp: { host: 'smtp.hopper.example', port: 465, security: 'tls', username: 'grace@hopper.example', password: '…' },
   *   imap: { host: 'imap.hopper.example', port: 993, security: 'tls', username: 'grace@hopper.example', password: '…' },
   *   timezone: 'Europe/Berlin',
   * });
   * ```
   */
  testMailboxSettings(body: TestMailboxSettingsBody, options?: CallOptions): Promise<MailboxCheck> {
    return this.#transport.data({ method: 'POST', path: '/v1/mailboxes/check', body, options });
  }

  /**
   * Get a mailbox.
   * Needs the scope `mailboxes:read`.
   *
   * @example
   * ```ts
   * const mailbox = await outrider.mailboxes.getMailbox('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  getMailbox(id: string, options?: CallOptions): Promise<Mailbox> {
    return this.#transport.data({ method: 'GET', path: '/v1/mailboxes/{id}', params: { id }, options });
  }

  /**
   * Change a mailbox.
   * Changes the given fields. If they include `smtp` or `imap`, both servers are tested again, and nothing changes when a stage fails.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * const mailbox = await outrider.mailboxes.updateMailbox('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   daily_limit: 40,
   *   signature: 'Grace',
   * });
   * ```
   */
  updateMailbox(id: string, body?: UpdateMailboxBody, options?: ChangeOptions): Promise<Mailbox> {
    return this.#transport.data({
      method: 'PATCH',
      path: '/v1/mailboxes/{id}',
      params: { id },
      body,
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Disconnect a mailbox.
   * Deletes its credentials. Waiting messages fail with a reason; a message in flight is finished. Past messages remain available. Emits `mailbox.disconnected`.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * await outrider.mailboxes.deleteMailbox('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  deleteMailbox(id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/mailboxes/{id}',
      params: { id },
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Test a mailbox.
   * Logs in to its servers with the stored credentials. If every stage passes, a mailbox that was not connected is connected again.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * const mailboxCheck = await outrider.mailboxes.checkMailbox('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  checkMailbox(id: string, options?: CallOptions): Promise<MailboxCheck> {
    return this.#transport.data({ method: 'POST', path: '/v1/mailboxes/{id}/check', params: { id }, options });
  }

  /**
   * Pause a mailbox.
   * It sends nothing until it is resumed, and is still read.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * const mailbox = await outrider.mailboxes.pauseMailbox('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  pauseMailbox(id: string, options?: CallOptions): Promise<Mailbox> {
    return this.#transport.data({ method: 'POST', path: '/v1/mailboxes/{id}/pause', params: { id }, options });
  }

  /**
   * Resume a paused mailbox.
   * A mailbox that is not paused stays as it is.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * const mailbox = await outrider.mailboxes.resumeMailbox('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  resumeMailbox(id: string, options?: CallOptions): Promise<Mailbox> {
    return this.#transport.data({ method: 'POST', path: '/v1/mailboxes/{id}/resume', params: { id }, options });
  }

  /**
   * Get the health of a mailbox.
   * The score, the parts it is made of with their samples, and the band. Measured every hour (capture mailboxes every day), and after every bounce, complaint and message whose folder was found. `warmup.health_changed` is emitted when the band changes.
   * Needs the scope `mailboxes:read`.
   *
   * @example
   * ```ts
   * const mailboxHealth = await outrider.mailboxes.getMailboxHealth('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  getMailboxHealth(id: string, options?: CallOptions): Promise<MailboxHealth> {
    return this.#transport.data({ method: 'GET', path: '/v1/mailboxes/{id}/health', params: { id }, options });
  }

  /**
   * Get what happened to the messages of a mailbox, by day.
   * Messages count for the day on which they were sent, whenever they bounced or were found.
   * Needs the scope `mailboxes:read`.
   *
   * @example
   * ```ts
   * const result = await outrider.mailboxes.getMailboxStats('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  getMailboxStats(id: string, query?: GetMailboxStatsQuery, options?: CallOptions): Promise<MailboxDay[]> {
    return this.#transport.data({ method: 'GET', path: '/v1/mailboxes/{id}/stats', params: { id }, query, options });
  }

  /**
   * Get the warm-up of a mailbox.
   * Needs the scope `mailboxes:read`.
   *
   * @example
   * ```ts
   * const warmup = await outrider.mailboxes.getWarmup('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  getWarmup(id: string, options?: CallOptions): Promise<Warmup> {
    return this.#transport.data({ method: 'GET', path: '/v1/mailboxes/{id}/warmup', params: { id }, options });
  }

  /**
   * Change the warm-up of a mailbox.
   * Changes the given fields, and what may be sent today. A mailbox is warmed up once `enabled` is true, or after `resume`.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * const warmup = await outrider.mailboxes.updateWarmup('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   enabled: true,
   *   target_daily_volume: 30,
   *   strategy: 'gentle',
   * });
   * ```
   */
  updateWarmup(id: string, body?: UpdateWarmupBody, options?: ChangeOptions): Promise<Warmup> {
    return this.#transport.data({
      method: 'PATCH',
      path: '/v1/mailboxes/{id}/warmup',
      params: { id },
      body,
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Pause the warm-up of a mailbox.
   * The exchange and the ramp stand still. What the mailbox may send a day stays.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * const warmup = await outrider.mailboxes.pauseWarmup('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  pauseWarmup(id: string, options?: CallOptions): Promise<Warmup> {
    return this.#transport.data({ method: 'POST', path: '/v1/mailboxes/{id}/warmup/pause', params: { id }, options });
  }

  /**
   * Start or resume the warm-up of a mailbox.
   * Starts what was never started. A `blocked` mailbox begins its probation with 3 messages a day.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * const warmup = await outrider.mailboxes.resumeWarmup('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  resumeWarmup(id: string, options?: CallOptions): Promise<Warmup> {
    return this.#transport.data({ method: 'POST', path: '/v1/mailboxes/{id}/warmup/resume', params: { id }, options });
  }

  /**
   * Send a message from a mailbox to itself.
   * It takes the way of every message and is found by reading the mailbox. Its copy shows what the provider does: whether SPF, DKIM and DMARC pass, whether the signature is aligned and protects List-Unsubscribe, whether the Message-ID was replaced, and whether the provider files a copy in Sent. Counts against the daily limit. A self-test that was begun less than 10 minutes ago and not found yet is returned instead of a second one.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * const result = await outrider.mailboxes.sendSelfTest('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  sendSelfTest(id: string, options?: CreateOptions): Promise<SendSelfTestAnswer> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/mailboxes/{id}/self-test',
      params: { id },
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * Get the last self-test of a mailbox.
   * Needs the scope `mailboxes:read`.
   *
   * @example
   * ```ts
   * const result = await outrider.mailboxes.getSelfTest('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  getSelfTest(
    id: string,
    options?: CallOptions,
  ): Promise<{
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
  } | null> {
    return this.#transport.data({ method: 'GET', path: '/v1/mailboxes/{id}/self-test', params: { id }, options });
  }

  /**
   * Find the settings of an address.
   * Returns the servers to try for an address, without connecting to them. Looks in Outrider's table of providers first, then at the domain's mail exchangers, its configuration file (`https://autoconfig.DOMAIN/mail/config-v1.1.xml` or `https://DOMAIN/.well-known/autoconfig/mail/config-v1.1.xml`) and its SRV records. A key may call this 20 times a minute.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * const mailSettings = await outrider.mailboxes.findMailboxSettings({ email: 'ada@gmail.com' });
   * ```
   */
  findMailboxSettings(body: FindMailboxSettingsBody, options?: CallOptions): Promise<MailSettings> {
    return this.#transport.data({ method: 'POST', path: '/v1/mailboxes/autoconfig', body, options });
  }

  /**
   * Check the DNS of a mailbox’s domain.
   * Reads the records that decide whether messages arrive: MX, SPF, DKIM, DMARC and the CNAME of the tracking domain. A reading is used again for 5 minutes. Selectors of DKIM keys cannot be listed, so those that were seen in a self-test message are checked, and the usual ones.
   * Needs the scope `mailboxes:read`.
   *
   * @example
   * ```ts
   * const mailboxDns = await outrider.mailboxes.checkMailboxDns('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  checkMailboxDns(id: string, options?: CallOptions): Promise<MailboxDns> {
    return this.#transport.data({ method: 'GET', path: '/v1/mailboxes/{id}/dns', params: { id }, options });
  }

  /**
   * Start the authorization of a mailbox.
   * Returns a URL for the person who owns the mailbox. When they agree at Google or Microsoft, the mailbox is tested, stored and connected; its settings are the parameters of this call. The URL is valid for 10 minutes and once. With `mailbox_id`, an existing mailbox is authorized again, which connects it.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * const mailboxAuthorization = await outrider.mailboxes.startMailboxAuthorization('google');
   * ```
   */
  startMailboxAuthorization(
    provider: string,
    query?: StartMailboxAuthorizationQuery,
    options?: CallOptions,
  ): Promise<MailboxAuthorization> {
    return this.#transport.data({
      method: 'GET',
      path: '/v1/oauth/{provider}/start',
      params: { provider },
      query,
      options,
    });
  }

  /**
   * Show where messages of a mailbox arrive.
   * Of the warm-up messages that it sent: in the inbox, in spam, in another folder, or nowhere within a day, by the provider of their receivers. Mailboxes of the role `seed` receive only, so that what they receive is not influenced.
   * Needs the scope `mailboxes:read`.
   *
   * @example
   * ```ts
   * const mailboxPlacement = await outrider.mailboxes.getMailboxPlacement('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  getMailboxPlacement(id: string, query?: GetMailboxPlacementQuery, options?: CallOptions): Promise<MailboxPlacement> {
    return this.#transport.data({
      method: 'GET',
      path: '/v1/mailboxes/{id}/placement',
      params: { id },
      query,
      options,
    });
  }

  /**
   * List what was done with warm-up messages in a mailbox.
   * The messages that the mailbox received, newest first, and what Outrider does with each: it moves them out of spam, reads, flags, answers and files them. Other messages are never touched.
   * Needs the scope `mailboxes:read`.
   *
   * @example
   * ```ts
   * for await (const warmupMessage of outrider.mailboxes.listWarmupMessages('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00'))
   *   console.log(warmupMessage);
   * ```
   */
  listWarmupMessages(
    id: string,
    query?: ListWarmupMessagesQuery,
    options?: CallOptions,
  ): List<WarmupMessage, CursorPage<WarmupMessage>> {
    return cursorList(this.#transport, {
      method: 'GET',
      path: '/v1/mailboxes/{id}/warmup/messages',
      params: { id },
      query,
      options,
    });
  }
}

/**
 * The calls of `outrider.messages`.
 *
 * @example
 * ```ts
 * import type { MessagesResource } from '@outrider/sdk';
 *
 * const messages: MessagesResource = outrider.messages;
 * ```
 */
export class MessagesResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Send a message.
   * Answers once the message is stored. It is then sent exactly once, as soon as the limits of the mailbox allow, without the gaps and work hours of campaigns; or its status says what happened. Its `Idempotency-Key` is remembered as long as the message exists: a later request with it returns the message, and sends nothing. A suppressed recipient is refused. The signature and the reply address of the mailbox are added.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * const message = await outrider.messages.send({
   *   mailbox_id: '0199c9f3-4c18-7a9b-8d27-5e0b6c3f8a30',
   *   to: 'ada@lovelace.example',
   *   subject: 'Spring launch',
   *   text: 'Hi Ada,\n\nthe launch is in April.',
   * });
   * ```
   */
  send(body: SendMessageBody, options?: CreateOptions): Promise<Message> {
    return this.#transport.data({ method: 'POST', path: '/v1/messages', body, acceptsIdempotencyKey: true, options });
  }

  /**
   * List messages, newest first.
   * Sent and received messages, without their bodies.
   * Needs the scope `mailboxes:read`.
   *
   * @example
   * ```ts
   * for await (const message of outrider.messages.list()) console.log(message);
   * ```
   */
  list(query?: ListMessagesQuery, options?: CallOptions): List<Message, CursorPage<Message>> {
    return cursorList(this.#transport, { method: 'GET', path: '/v1/messages', query, options });
  }

  /**
   * Get a message with its bodies and what happened to it.
   * Needs the scope `mailboxes:read`.
   *
   * @example
   * ```ts
   * const messageDetail = await outrider.messages.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<MessageDetail> {
    return this.#transport.data({ method: 'GET', path: '/v1/messages/{id}', params: { id }, options });
  }

  /**
   * Send a message again whose fate is unknown.
   * For a person who has decided it: the recipient may get the message twice. The same bytes are sent with the same Message-ID, so mail programs that have the first one can show them as one. Only for `unknown` and `not_found`.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * const message = await outrider.messages.resend('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  resend(id: string, options?: CreateOptions): Promise<Message> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/messages/{id}/resend',
      params: { id },
      acceptsIdempotencyKey: true,
      options,
    });
  }
}

/**
 * The calls of `outrider.campaigns`.
 *
 * @example
 * ```ts
 * import type { CampaignsResource } from '@outrider/sdk';
 *
 * const campaigns: CampaignsResource = outrider.campaigns;
 * ```
 */
export class CampaignsResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * List campaigns, newest first.
   * A key that is bound to a workspace sees only the campaigns of that workspace.
   * Needs the scope `campaigns:read`.
   *
   * @example
   * ```ts
   * for await (const campaign of outrider.campaigns.list()) console.log(campaign);
   * ```
   */
  list(query?: ListCampaignsQuery, options?: CallOptions): List<Campaign, NumberedPage<Campaign>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/campaigns', query, options });
  }

  /**
   * Create a campaign.
   * Creates a draft with its steps, mailboxes and leads. With `autolaunch=true` it is launched in the same transaction: errors of the validation refuse the request, and nothing is created; warnings do not stop it. Contacts that match `contact_filter`, or belong to the segment, are added in the background, as are people whom `discover` finds, which needs `contacts:write`, too. Contacts of `contact_ids` that cannot be leads are left out: `leads.skipped` has each with the reason.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * const campaign = await outrider.campaigns.create({
   *   name: 'Spring launch',
   *   sequence: [{ subject: 'Hello {{first_name}}', body: 'Hi {{first_name}}, …' }],
   * });
   * ```
   */
  create(
    body: CreateCampaignBody,
    query?: CreateCampaignQuery,
    options?: CreateOptions,
  ): Promise<
    Campaign & {
      /** Of `contact_ids`: how many were added, and why the others were not. */
      leads?: AddedLeads;
    }
  > {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/campaigns',
      query,
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * Get a campaign.
   * With the state of each stage and step, and its figures. The `ETag` begins with its revision.
   * Needs the scope `campaigns:read`.
   *
   * @example
   * ```ts
   * const campaign = await outrider.campaigns.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<Campaign> {
    return this.#transport.data({ method: 'GET', path: '/v1/campaigns/{id}', params: { id }, options });
  }

  /**
   * Change a campaign, also while it runs.
   * Changes the given fields. Texts, windows, limits and mailboxes count from the next message on; after a change of delays, of the order or of the schedule, the due times of leads are computed again. `sequence` replaces all steps: an item with an `id` is that step, one without is new, and a missing step is deleted; leads that wait for it go on with the next one. A mailbox with open leads can be removed only with `reassign_to` or `finish`.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * const campaign = await outrider.campaigns.update('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   daily_limit: 80,
   *   schedule: { timezone: 'Europe/Oslo', start: '08:00', end: '16:00' },
   * });
   * ```
   */
  update(id: string, body?: UpdateCampaignBody, options?: ChangeOptions): Promise<Campaign> {
    return this.#transport.data({
      method: 'PATCH',
      path: '/v1/campaigns/{id}',
      params: { id },
      body,
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Delete a draft.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * await outrider.campaigns.delete('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  delete(id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/campaigns/{id}',
      params: { id },
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Pause a campaign.
   * Nothing more begins; a message that is on its way is finished. A paused campaign stays paused. Emits `campaign.paused`.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * const campaign = await outrider.campaigns.pause('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  pause(id: string, options?: CallOptions): Promise<Campaign> {
    return this.#transport.data({ method: 'POST', path: '/v1/campaigns/{id}/pause', params: { id }, options });
  }

  /**
   * Resume a campaign.
   * What is due is sent at the pace of its mailboxes. An active campaign stays active. The guards count from zero. Emits `campaign.started`.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * const campaign = await outrider.campaigns.resume('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  resume(id: string, options?: CallOptions): Promise<Campaign> {
    return this.#transport.data({ method: 'POST', path: '/v1/campaigns/{id}/resume', params: { id }, options });
  }

  /**
   * Archive a campaign.
   * Ends it for good: nothing more is sent to its leads.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * const campaign = await outrider.campaigns.archive('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  archive(id: string, options?: CallOptions): Promise<Campaign> {
    return this.#transport.data({ method: 'POST', path: '/v1/campaigns/{id}/archive', params: { id }, options });
  }

  /**
   * Validate a campaign.
   * Lists what stops a launch, and what should be looked at before, with the number of leads that each concerns. All texts are composed for leads that have no value for a variable, and for the first 100. Reads the DNS of the sending domains.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * const campaignValidation = await outrider.campaigns.validate('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  validate(id: string, options?: CallOptions): Promise<CampaignValidation> {
    return this.#transport.data({ method: 'POST', path: '/v1/campaigns/{id}/validate', params: { id }, options });
  }

  /**
   * Launch a campaign.
   * Starts a draft. Warnings of the validation stop it unless `accept_warnings=true`, or all its mailboxes send into the capture box. Emits `campaign.started`.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * const campaign = await outrider.campaigns.launch('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  launch(id: string, query?: LaunchCampaignQuery, options?: CallOptions): Promise<Campaign> {
    return this.#transport.data({ method: 'POST', path: '/v1/campaigns/{id}/launch', params: { id }, query, options });
  }

  /**
   * Send what is due now.
   * Sets the windows and the work hours of mailboxes aside once, for what is due now. Limits are kept.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * const campaign = await outrider.campaigns.send('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  send(id: string, options?: CallOptions): Promise<Campaign> {
    return this.#transport.data({ method: 'POST', path: '/v1/campaigns/{id}/send', params: { id }, options });
  }

  /**
   * Preview a message.
   * Composes and builds a step for a lead with the functions that send it, and lists what holds the lead back now. The bytes are those that would be sent at this moment; a later message differs in its `Date`, and so in its signature. A later step is shown in the thread of the steps before it, as if the lead had received them. A lead without a mailbox is shown with the first of the campaign.
   * Needs the scopes `campaigns:read`, `mailboxes:read`.
   *
   * @example
   * ```ts
   * const messagePreview = await outrider.campaigns.previewMessage('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   lead_id: '0199c9f2-0a44-7e55-b0c3-91d2e7a6f521',
   *   step: 1,
   * });
   * ```
   */
  previewMessage(id: string, body: PreviewCampaignMessageBody, options?: CallOptions): Promise<MessagePreview> {
    return this.#transport.data({ method: 'POST', path: '/v1/campaigns/{id}/preview', params: { id }, body, options });
  }

  /**
   * List leads that are not contacted, with the reason.
   * Every lead that gets no message now, the newest first, with a stable code and the time until which it holds: leads that wait, are held, have stopped, were skipped or failed. Leads that got every step are left out. `updated_since` and `updated_at` are about `last_event_at` of the leads. Computed when it is read.
   * Needs the scope `campaigns:read`.
   *
   * @example
   * ```ts
   * for await (const skippedAction of outrider.campaigns.listSkippedActions('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00'))
   *   console.log(skippedAction);
   * ```
   */
  listSkippedActions(
    id: string,
    query?: ListSkippedActionsQuery,
    options?: CallOptions,
  ): List<SkippedAction, CursorPage<SkippedAction>> {
    return cursorList(this.#transport, {
      method: 'GET',
      path: '/v1/campaigns/{id}/skipped-actions',
      params: { id },
      query,
      options,
    });
  }

  /**
   * Forecast a campaign.
   * What will be sent on each day until the end, at the present limits of the campaign and its mailboxes, which it may share with others, with the hourly limits of a domain and the limit of a company. `assumptions` has what is left out. A draft is forecast as if it were launched now, or at its start. Ends after 365 days.
   * Needs the scope `campaigns:read`.
   *
   * @example
   * ```ts
   * const campaignForecast = await outrider.campaigns.forecast('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  forecast(id: string, options?: CallOptions): Promise<CampaignForecast> {
    return this.#transport.data({ method: 'GET', path: '/v1/campaigns/{id}/forecast', params: { id }, options });
  }

  /**
   * Get the figures of all campaigns.
   * Needs the scope `campaigns:read`.
   *
   * @example
   * ```ts
   * const analyticsOverview = await outrider.campaigns.getAnalyticsOverview();
   * ```
   */
  getAnalyticsOverview(options?: CallOptions): Promise<AnalyticsOverview> {
    return this.#transport.data({ method: 'GET', path: '/v1/analytics', options });
  }

  /**
   * Get the figures of a campaign.
   * Totals and rates, and the figures of messages by step, variant, mailbox, provider of the recipient and day, each with what it is divided by. A breakdown has the 100 rows with the most messages, and the newest 366 days. What is not tracked is null, not 0.
   * Needs the scope `campaigns:read`.
   *
   * @example
   * ```ts
   * const campaignAnalytics = await outrider.campaigns.getAnalytics('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  getAnalytics(id: string, options?: CallOptions): Promise<CampaignAnalytics> {
    return this.#transport.data({ method: 'GET', path: '/v1/campaigns/{id}/analytics', params: { id }, options });
  }
}

/**
 * The calls of `outrider.leads`.
 *
 * @example
 * ```ts
 * import type { LeadsResource } from '@outrider/sdk';
 *
 * const leads: LeadsResource = outrider.leads;
 * ```
 */
export class LeadsResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Add contacts to a campaign.
   * With `contact_ids` (at most 10,000), answers what was added, and each contact that was not, with the reason. With `contact_filter` or `segment_id`, adds the contacts that match in the background: follow it with `GET /v1/campaigns/{id}/leads/additions`. A contact is in a campaign once; one that was removed is added again. Contacts must belong to the workspace of the campaign; a key without a workspace can also add contacts without one. Adding leads to a completed campaign continues it.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * const addedLeads = await outrider.leads.add('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   contact_ids: ['0199c9f1-7b20-7d02-8f11-3c5a7e90b410'],
   * });
   * ```
   */
  add(id: string, body: AddLeadsBody, options?: CreateOptions): Promise<AddedLeads> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/campaigns/{id}/leads',
      params: { id },
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * List the leads of a campaign, newest first.
   * `updated_since` and `updated_at` are about `last_event_at`: planning a lead again (`due_at`), or merging its contact, does not count as a change.
   * Needs the scope `campaigns:read`.
   *
   * @example
   * ```ts
   * for await (const lead of outrider.leads.list('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00')) console.log(lead);
   * ```
   */
  list(id: string, query?: ListLeadsQuery, options?: CallOptions): List<Lead, CursorPage<Lead>> {
    return cursorList(this.#transport, {
      method: 'GET',
      path: '/v1/campaigns/{id}/leads',
      params: { id },
      query,
      options,
    });
  }

  /**
   * List additions by filter or segment, newest first.
   * Needs the scope `campaigns:read`.
   *
   * @example
   * ```ts
   * for await (const leadAddition of outrider.leads.listAdditions('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00'))
   *   console.log(leadAddition);
   * ```
   */
  listAdditions(
    id: string,
    query?: ListLeadAdditionsQuery,
    options?: CallOptions,
  ): List<LeadAddition, CursorPage<LeadAddition>> {
    return cursorList(this.#transport, {
      method: 'GET',
      path: '/v1/campaigns/{id}/leads/additions',
      params: { id },
      query,
      options,
    });
  }

  /**
   * End an addition.
   * No more contacts are added, including those that enter the segment later. Leads that it added stay.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * const leadAddition = await outrider.leads.endAddition(
   *   '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00',
   *   '0199c9f2-0a44-7e55-b0c3-91d2e7a6f599',
   * );
   * ```
   */
  endAddition(id: string, addition_id: string, options?: CallOptions): Promise<LeadAddition> {
    return this.#transport.data({
      method: 'DELETE',
      path: '/v1/campaigns/{id}/leads/additions/{addition_id}',
      params: { id, addition_id },
      options,
    });
  }

  /**
   * Get a lead with its history and messages.
   * Needs the scopes `campaigns:read`, `mailboxes:read`.
   *
   * @example
   * ```ts
   * const leadDetail = await outrider.leads.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<LeadDetail> {
    return this.#transport.data({ method: 'GET', path: '/v1/leads/{id}', params: { id }, options });
  }

  /**
   * Pause a lead.
   * Nothing more begins for it until it is resumed. A final lead stays as it is.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * const lead = await outrider.leads.pause('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  pause(id: string, options?: CallOptions): Promise<Lead> {
    return this.#transport.data({ method: 'POST', path: '/v1/leads/{id}/pause', params: { id }, options });
  }

  /**
   * Resume a lead.
   * Ends its hold. Its next step is due by its delay; a lead that is not held stays as it is.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * const lead = await outrider.leads.resume('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  resume(id: string, options?: CallOptions): Promise<Lead> {
    return this.#transport.data({ method: 'POST', path: '/v1/leads/{id}/resume', params: { id }, options });
  }

  /**
   * Remove a lead from its campaign.
   * Ends it as `skipped` and drops its waiting messages; a message in flight is finished. A final lead stays as it is. The contact can be added again.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * const lead = await outrider.leads.remove('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  remove(id: string, options?: CallOptions): Promise<Lead> {
    return this.#transport.data({ method: 'POST', path: '/v1/leads/{id}/remove', params: { id }, options });
  }

  /**
   * Answer a lead in its thread.
   * Sends an answer to the person who wrote last in the thread, the lead or a colleague; `to` is their address. Receipts and notices of absence are not answered; if no person wrote, the message goes to the lead. A `Reply-To` is used if it is one address of the same company. The message is sent from the mailbox of the thread, as soon as its limits allow. It does not change the sequence.
   * Needs the scopes `campaigns:write`, `mailboxes:write`.
   *
   * @example
   * ```ts
   * const result = await outrider.leads.replyTo('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   body: 'Hi Ada,\n\nTuesday at ten works.',
   * });
   * ```
   */
  replyTo(id: string, body: ReplyToLeadBody, options?: CreateOptions): Promise<ReplyToLeadAnswer> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/leads/{id}/replies',
      params: { id },
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }
}

/**
 * The calls of `outrider.replies`.
 *
 * @example
 * ```ts
 * import type { RepliesResource } from '@outrider/sdk';
 *
 * const replies: RepliesResource = outrider.replies;
 * ```
 */
export class RepliesResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * List replies, newest first.
   * Received messages that answer one of ours, decrypted. Page by `page` and `page_size`, or, for long lists, by `cursor` and `limit`: replies that arrive in the meantime move pages, but not cursors.
   * Needs the scope `replies:read`.
   *
   * @example
   * ```ts
   * for await (const reply of outrider.replies.list()) console.log(reply);
   * ```
   */
  list(query?: ListRepliesQuery, options?: CallOptions): List<Reply, CursorPage<Reply>> {
    return cursorList(this.#transport, { method: 'GET', path: '/v1/replies', query, options });
  }

  /**
   * Get a reply with what it means and why.
   * Needs the scope `replies:read`.
   *
   * @example
   * ```ts
   * const reply = await outrider.replies.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<Reply> {
    return this.#transport.data({ method: 'GET', path: '/v1/replies/{id}', params: { id }, options });
  }

  /**
   * Correct what a reply means, or mark it as read or starred.
   * A new `classification` has the effects of a reply that was read so, ends those of the previous one that only this reply caused, and emits `reply.classified` with `previous_classification`. It is never changed again except by hand.
   * Needs the scope `replies:write`.
   *
   * @example
   * ```ts
   * const reply = await outrider.replies.update('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   classification: 'interested',
   *   is_read: true,
   * });
   * ```
   */
  update(id: string, body?: UpdateReplyBody, options?: ChangeOptions): Promise<Reply> {
    return this.#transport.data({
      method: 'PATCH',
      path: '/v1/replies/{id}',
      params: { id },
      body,
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Read the thread of a reply.
   * Messages of both directions: all with the lead of the reply, or without one, those that answer each other. Of long threads, the newest 200.
   * Needs the scopes `replies:read`, `mailboxes:read`.
   *
   * @example
   * ```ts
   * const result = await outrider.replies.getThread('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  getThread(id: string, options?: CallOptions): Promise<ThreadMessage[]> {
    return this.#transport.data({ method: 'GET', path: '/v1/replies/{id}/thread', params: { id }, options });
  }

  /**
   * Read the thread of a lead.
   * Messages of both directions. Of long threads, the newest 200.
   * Needs the scopes `replies:read`, `mailboxes:read`.
   *
   * @example
   * ```ts
   * const result = await outrider.replies.getLeadThread('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  getLeadThread(id: string, options?: CallOptions): Promise<ThreadMessage[]> {
    return this.#transport.data({ method: 'GET', path: '/v1/leads/{id}/thread', params: { id }, options });
  }
}

/**
 * The calls of `outrider.contacts`.
 *
 * @example
 * ```ts
 * import type { ContactsResource } from '@outrider/sdk';
 *
 * const contacts: ContactsResource = outrider.contacts;
 * ```
 */
export class ContactsResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * List what happened with a contact, newest first.
   * Activities, messages to and from it, meetings, changes of its leads in campaigns, suppressions of its addresses and when they were lifted, topics that they left, and merges, in the order in which they were recorded. Suppressions and topics of a workspace are in the timelines of the workspace's contacts only; those of a contact without a workspace have the organization's. Keys that are bound to a workspace do not see the organization's. A message has its first open and click. Changes of the contact's fields are in `GET /v1/events?contact_id=`.
   * Needs the scopes `contacts:read`, `crm:read`, `mailboxes:read`, `replies:read`, `campaigns:read`, `suppressions:read`.
   *
   * @example
   * ```ts
   * for await (const timelineEntry of outrider.contacts.listTimeline('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00'))
   *   console.log(timelineEntry);
   * ```
   */
  listTimeline(
    id: string,
    query?: ListContactTimelineQuery,
    options?: CallOptions,
  ): List<TimelineEntry, CursorPage<TimelineEntry>> {
    return cursorList(this.#transport, {
      method: 'GET',
      path: '/v1/contacts/{id}/timeline',
      params: { id },
      query,
      options,
    });
  }

  /**
   * Verify a contact's address.
   * Judges the address by its form, the DNS, what happened to earlier messages and, if there is one, the verifier of the organization, and stores the verdict with the contact. No message is sent. Mail servers of recipients are asked only if the operator has set `OUTRIDER_SMTP_PROBE_FROM`.
   * Needs the scope `contacts:write`.
   *
   * @example
   * ```ts
   * const verification = await outrider.contacts.verify('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  verify(id: string, options?: CallOptions): Promise<Verification> {
    return this.#transport.data({ method: 'POST', path: '/v1/contacts/{id}/verify', params: { id }, options });
  }

  /**
   * Create or update up to 500 contacts.
   * Contacts are identified by any of their addresses. A field that is left out is not changed, null clears it; custom fields are merged by their keys. Suppressed addresses are skipped. Each row has a result, in the order sent: a bad row is `rejected` with the reason, and the others are written, in one transaction. Rows for the same contact apply one after the other: the later ones return `updated`, and together they are one change of the contact.
   * Needs the scope `contacts:write`.
   *
   * @example
   * ```ts
   * const result = await outrider.contacts.upsert({
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
   * });
   * ```
   */
  upsert(body: UpsertContactsBody, options?: CreateOptions): Promise<UpsertContactsAnswer> {
    return this.#transport.whole({ method: 'POST', path: '/v1/contacts', body, acceptsIdempotencyKey: true, options });
  }

  /**
   * List contacts, newest first.
   * With a filter, `total` is counted up to 10,000, with `search` or `tag` only as far as the page needs. `total_capped` is true when there may be more than `total`.
   * Needs the scope `contacts:read`.
   *
   * @example
   * ```ts
   * for await (const contact of outrider.contacts.list()) console.log(contact);
   * ```
   */
  list(query?: ListContactsQuery, options?: CallOptions): List<Contact, NumberedPage<Contact>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/contacts', query, options });
  }

  /**
   * Look up contacts by up to 500 addresses.
   * Finds live contacts by any of their addresses, in any spelling and in the order of the addresses; a contact with several of them is found once. `missing` has the addresses, as sent, that no contact has.
   * Needs the scope `contacts:read`.
   *
   * @example
   * ```ts
   * const result = await outrider.contacts.lookup({ emails: ['Ada@Lovelace.example', 'nobody@lovelace.example'] });
   * ```
   */
  lookup(body: LookupContactsBody, options?: CallOptions): Promise<LookupContactsAnswer> {
    return this.#transport.whole({ method: 'POST', path: '/v1/contacts/lookup', body, options });
  }

  /**
   * Get a contact.
   * Needs the scope `contacts:read`.
   *
   * @example
   * ```ts
   * const contact = await outrider.contacts.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<Contact> {
    return this.#transport.data({ method: 'GET', path: '/v1/contacts/{id}', params: { id }, options });
  }

  /**
   * Change a contact.
   * Changes only the given fields; null clears a field. Custom fields are merged by their keys, tags are replaced. A contact without an address needs a first name.
   * Needs the scope `contacts:write`.
   *
   * @example
   * ```ts
   * const contact = await outrider.contacts.update('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   job_title: 'Countess',
   *   tags: ['vip', 'press'],
   * });
   * ```
   */
  update(id: string, body?: UpdateContactBody, options?: ChangeOptions): Promise<Contact> {
    return this.#transport.data({
      method: 'PATCH',
      path: '/v1/contacts/{id}',
      params: { id },
      body,
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Delete a contact.
   * It can be restored for 30 days, and is then permanently deleted.
   * Needs the scope `contacts:write`.
   *
   * @example
   * ```ts
   * await outrider.contacts.delete('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  delete(id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/contacts/{id}',
      params: { id },
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Add and remove tags of a contact.
   * Leaves the other tags as they are, so callers need not read the contact first, and do not overwrite tags that others add at the same time. A contact has at most 100 tags. Emits `contact.updated` if its tags change.
   * Needs the scope `contacts:write`.
   *
   * @example
   * ```ts
   * const contact = await outrider.contacts.changeTags('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   add: ['vip'],
   *   remove: ['prospect'],
   * });
   * ```
   */
  changeTags(id: string, body?: ChangeContactTagsBody, options?: ChangeOptions): Promise<Contact> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/contacts/{id}/tags',
      params: { id },
      body,
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Restore a deleted contact.
   * Restores the contact as it was when it was deleted; if its company has been deleted since, without the company and its name. Emits `contact.created`.
   * Needs the scope `contacts:write`.
   *
   * @example
   * ```ts
   * const contact = await outrider.contacts.restore('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  restore(id: string, options?: CreateOptions): Promise<Contact> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/contacts/{id}/restore',
      params: { id },
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * List the tags of contacts.
   * Sorted by name. A tag is listed from its first use on, even if no contact has it any more.
   * Needs the scope `contacts:read`.
   *
   * @example
   * ```ts
   * for await (const tag of outrider.contacts.listTags()) console.log(tag);
   * ```
   */
  listTags(query?: ListTagsQuery, options?: CallOptions): List<Tag, NumberedPage<Tag>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/tags', query, options });
  }
}

/**
 * The calls of `outrider.capturedMessages`.
 *
 * @example
 * ```ts
 * import type { CapturedMessagesResource } from '@outrider/sdk';
 *
 * const capturedMessages: CapturedMessagesResource = outrider.capturedMessages;
 * ```
 */
export class CapturedMessagesResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * List captured messages, newest first.
   * What `capture` mailboxes and the mailboxes of a sandbox have sent. They are kept as long as events, and nobody outside of the installation has received them.
   * Needs the scope `mailboxes:read`.
   *
   * @example
   * ```ts
   * for await (const listedCapturedMessage of outrider.capturedMessages.list()) console.log(listedCapturedMessage);
   * ```
   */
  list(
    query?: ListCapturedMessagesQuery,
    options?: CallOptions,
  ): List<ListedCapturedMessage, CursorPage<ListedCapturedMessage>> {
    return cursorList(this.#transport, { method: 'GET', path: '/v1/captured-messages', query, options });
  }

  /**
   * Get a captured message.
   * Needs the scope `mailboxes:read`.
   *
   * @example
   * ```ts
   * const capturedMessage = await outrider.capturedMessages.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<CapturedMessage> {
    return this.#transport.data({ method: 'GET', path: '/v1/captured-messages/{id}', params: { id }, options });
  }

  /**
   * Reply to a captured message.
   * The mailbox receives a reply in the message's thread, by the same path as real mail.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * const returnedMessage = await outrider.capturedMessages.replyTo('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   text: 'Tell me more.',
   * });
   * ```
   */
  replyTo(id: string, body: ReplyToCapturedMessageBody, options?: CreateOptions): Promise<ReturnedMessage> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/captured-messages/{id}/reply',
      params: { id },
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * Bounce a captured message.
   * The mailbox receives a delivery report (RFC 3464): `hard`, the recipient does not exist; `soft`, the mailbox is full; `block`, the message was refused as spam.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * const returnedMessage = await outrider.capturedMessages.bounce('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   kind: 'hard',
   * });
   * ```
   */
  bounce(id: string, body: BounceCapturedMessageBody, options?: CreateOptions): Promise<ReturnedMessage> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/captured-messages/{id}/bounce',
      params: { id },
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * Complain about a captured message.
   * The mailbox receives a feedback report (RFC 5965): the recipient marked the message as spam.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * const returnedMessage = await outrider.capturedMessages.complainAbout('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  complainAbout(id: string, options?: CreateOptions): Promise<ReturnedMessage> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/captured-messages/{id}/complaint',
      params: { id },
      acceptsIdempotencyKey: true,
      options,
    });
  }
}

/**
 * The calls of `outrider.sandboxClock`.
 *
 * @example
 * ```ts
 * import type { SandboxClockResource } from '@outrider/sdk';
 *
 * const sandboxClock: SandboxClockResource = outrider.sandboxClock;
 * ```
 */
export class SandboxClockResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Get the clock of the sandbox.
   * A key bound to a workspace gets 403.
   * Needs the scope `mailboxes:read`.
   *
   * @example
   * ```ts
   * const sandboxClock = await outrider.sandboxClock.get();
   * ```
   */
  get(options?: CallOptions): Promise<SandboxClock> {
    return this.#transport.data({ method: 'GET', path: '/v1/sandbox/clock', options });
  }

  /**
   * Move the clock of the sandbox forward.
   * The clock goes from one moment at which something is due to the next, and at each everything due is done: messages are sent, recipients react. Weeks of a campaign take seconds, and every record has its right time. While it moves, further calls add to the target. A key bound to a workspace gets 403.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * const sandboxClock = await outrider.sandboxClock.advance({ advance_seconds: 604800 });
   * ```
   */
  advance(body: AdvanceSandboxClockBody, options?: CreateOptions): Promise<SandboxClock> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/sandbox/clock',
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }
}

/**
 * The calls of `outrider.trackingDomains`.
 *
 * @example
 * ```ts
 * import type { TrackingDomainsResource } from '@outrider/sdk';
 *
 * const trackingDomains: TrackingDomainsResource = outrider.trackingDomains;
 * ```
 */
export class TrackingDomainsResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Add a tracking domain.
   * A host of your own for the links and pixels of your messages. Point it to this installation by DNS, add the TXT record of `record`, which proves that the host is yours, let a web server or proxy with a certificate pass its requests on, and call `verify`. With a workspace, it is for mailboxes of that workspace only. An organization has at most 200.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * const trackingDomain = await outrider.trackingDomains.create({ host: 'links.hopper.example' });
   * ```
   */
  create(body: CreateTrackingDomainBody, options?: CreateOptions): Promise<TrackingDomain> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/tracking-domains',
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * List tracking domains, newest first.
   * Needs the scope `mailboxes:read`.
   *
   * @example
   * ```ts
   * for await (const trackingDomain of outrider.trackingDomains.list()) console.log(trackingDomain);
   * ```
   */
  list(query?: ListTrackingDomainsQuery, options?: CallOptions): List<TrackingDomain, CursorPage<TrackingDomain>> {
    return cursorList(this.#transport, { method: 'GET', path: '/v1/tracking-domains', query, options });
  }

  /**
   * Get a tracking domain.
   * Needs the scope `mailboxes:read`.
   *
   * @example
   * ```ts
   * const trackingDomain = await outrider.trackingDomains.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<TrackingDomain> {
    return this.#transport.data({ method: 'GET', path: '/v1/tracking-domains/{id}', params: { id }, options });
  }

  /**
   * Delete a tracking domain.
   * New messages do not use it. Links that were sent work as long as it leads to this installation.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * await outrider.trackingDomains.delete('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  delete(id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/tracking-domains/{id}',
      params: { id },
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Verify a tracking domain.
   * Checks the DNS, the connection, the certificate, and by a random token that requests arrive here. `stages` has one sentence and one remedy for the first failure. A verified host is checked every day, and every hour while it fails; after 3 days of failures it is `pending` again, with an alert. A key may call this 20 times a minute.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * const trackingDomainCheck = await outrider.trackingDomains.verify('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  verify(id: string, options?: CallOptions): Promise<TrackingDomainCheck> {
    return this.#transport.data({ method: 'POST', path: '/v1/tracking-domains/{id}/verify', params: { id }, options });
  }
}

/**
 * The calls of `outrider.dKIMKeys`.
 *
 * @example
 * ```ts
 * import type { DKIMKeysResource } from '@outrider/sdk';
 *
 * const dKIMKeys: DKIMKeysResource = outrider.dKIMKeys;
 * ```
 */
export class DKIMKeysResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Create a DKIM key.
   * Generates an RSA key of 2,048 bits for a domain whose mail server does not sign. Add `record` to the DNS and call `verify`: from then on, messages of the domain are signed, except those of Google and Microsoft mailboxes, whose providers sign. The private key is never returned. An organization has at most 200 keys.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * const dkimKey = await outrider.dKIMKeys.createDkimKey({ domain: 'hopper.example' });
   * ```
   */
  createDkimKey(body: CreateDkimKeyBody, options?: CreateOptions): Promise<DkimKey> {
    return this.#transport.data({ method: 'POST', path: '/v1/dkim-keys', body, acceptsIdempotencyKey: true, options });
  }

  /**
   * List DKIM keys, newest first.
   * Needs the scope `mailboxes:read`.
   *
   * @example
   * ```ts
   * for await (const dkimKey of outrider.dKIMKeys.listDkimKeys()) console.log(dkimKey);
   * ```
   */
  listDkimKeys(query?: ListDkimKeysQuery, options?: CallOptions): List<DkimKey, NumberedPage<DkimKey>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/dkim-keys', query, options });
  }

  /**
   * Get a DKIM key.
   * Needs the scope `mailboxes:read`.
   *
   * @example
   * ```ts
   * const dkimKey = await outrider.dKIMKeys.getDkimKey('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  getDkimKey(id: string, options?: CallOptions): Promise<DkimKey> {
    return this.#transport.data({ method: 'GET', path: '/v1/dkim-keys/{id}', params: { id }, options });
  }

  /**
   * Delete a DKIM key.
   * Nothing is signed with it any more. Keep its record in the DNS for some days, for messages in transit.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * await outrider.dKIMKeys.deleteDkimKey('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  deleteDkimKey(id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/dkim-keys/{id}',
      params: { id },
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Verify a DKIM key.
   * Looks for the record in the DNS. If it is there, messages are signed with the key from now on. Otherwise `verified_at` is null and `problem` says what to do; if no name server answers, the key stays as it is.
   * Needs the scope `mailboxes:write`.
   *
   * @example
   * ```ts
   * const result = await outrider.dKIMKeys.verifyDkimKey('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  verifyDkimKey(id: string, options?: CallOptions): Promise<VerifyDkimKeyAnswer> {
    return this.#transport.data({ method: 'POST', path: '/v1/dkim-keys/{id}/verify', params: { id }, options });
  }
}

/**
 * The calls of `outrider.templates`.
 *
 * @example
 * ```ts
 * import type { TemplatesResource } from '@outrider/sdk';
 *
 * const templates: TemplatesResource = outrider.templates;
 * ```
 */
export class TemplatesResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Create a template.
   * A template that cannot be parsed is refused, with its line and column.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * const template = await outrider.templates.create({
   *   name: 'First message',
   *   subject: '{Question|A question} about {{ company | default: "your team" }}',
   *   body: '{Hello|Hi} {{ first_name | default: "there" }},\n\nhow do you find compilers?',
   * });
   * ```
   */
  create(body: CreateTemplateBody, options?: CreateOptions): Promise<Template> {
    return this.#transport.data({ method: 'POST', path: '/v1/templates', body, acceptsIdempotencyKey: true, options });
  }

  /**
   * List templates, newest first.
   * A key that is bound to a workspace sees only the templates of that workspace.
   * Needs the scope `campaigns:read`.
   *
   * @example
   * ```ts
   * for await (const template of outrider.templates.list()) console.log(template);
   * ```
   */
  list(query?: ListTemplatesQuery, options?: CallOptions): List<Template, NumberedPage<Template>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/templates', query, options });
  }

  /**
   * Get a template.
   * Needs the scope `campaigns:read`.
   *
   * @example
   * ```ts
   * const template = await outrider.templates.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<Template> {
    return this.#transport.data({ method: 'GET', path: '/v1/templates/{id}', params: { id }, options });
  }

  /**
   * Change a template.
   * Steps that were made from it keep their texts.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * const template = await outrider.templates.update('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   name: 'First message, shorter',
   * });
   * ```
   */
  update(id: string, body?: UpdateTemplateBody, options?: ChangeOptions): Promise<Template> {
    return this.#transport.data({
      method: 'PATCH',
      path: '/v1/templates/{id}',
      params: { id },
      body,
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Delete a template.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * await outrider.templates.delete('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  delete(id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/templates/{id}',
      params: { id },
      acceptsIfMatch: true,
      options,
    });
  }
}

/**
 * The calls of `outrider.discovery`.
 *
 * @example
 * ```ts
 * import type { DiscoveryResource } from '@outrider/sdk';
 *
 * const discovery: DiscoveryResource = outrider.discovery;
 * ```
 */
export class DiscoveryResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Set the ideal customer profile of a workspace.
   * Replaces the one that it has. A new campaign of the workspace keeps it as it is then, with the members of its own `icp` in place of those of the same name; a later change concerns new campaigns only.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * const workspaceIcp = await outrider.discovery.setWorkspaceIcp('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   industries: ['Manufacturing'],
   *   sizes: ['11-50', '51-200'],
   *   countries: ['GB', 'NO'],
   *   titles: ['Head of Research', 'CTO'],
   *   exclude: { domains: ['competitor.example'] },
   *   threshold: 60,
   * });
   * ```
   */
  setWorkspaceIcp(id: string, body?: SetWorkspaceIcpBody, options?: CallOptions): Promise<WorkspaceIcp> {
    return this.#transport.data({ method: 'POST', path: '/v1/workspaces/{id}/icp', params: { id }, body, options });
  }

  /**
   * Get the ideal customer profile of a workspace.
   * Needs the scope `campaigns:read`.
   *
   * @example
   * ```ts
   * const workspaceIcp = await outrider.discovery.getWorkspaceIcp('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  getWorkspaceIcp(id: string, options?: CallOptions): Promise<WorkspaceIcp> {
    return this.#transport.data({ method: 'GET', path: '/v1/workspaces/{id}/icp', params: { id }, options });
  }

  /**
   * Delete the ideal customer profile of a workspace.
   * Campaigns keep theirs.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * await outrider.discovery.deleteWorkspaceIcp('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  deleteWorkspaceIcp(id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/workspaces/{id}/icp',
      params: { id },
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Find people who match an ideal customer profile.
   * Searches in the background: follow it with `GET /v1/discovery-jobs/{id}`. People who reach the threshold of the profile become contacts with where they were found, and leads of the campaign if one is given and there is a lawful basis; each is emitted as `lead.discovered`. Suppressed and erased people, and those whom somebody deleted, are left out. With `autolaunch=true` a draft is launched in the same transaction, and writes to people as they are found and verified. An organization has at most 20 jobs that are queued or running.
   * Needs the scopes `campaigns:write`, `contacts:write`.
   *
   * @example
   * ```ts
   * const discoveryJob = await outrider.discovery.discoverLeads({
   *   icp: { countries: ['GB', 'NO'], titles: ['Head of Research'] },
   *   limit: 200,
   * });
   * ```
   */
  discoverLeads(body?: DiscoverLeadsBody, query?: DiscoverLeadsQuery, options?: CreateOptions): Promise<DiscoveryJob> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/leads/discover',
      query,
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * List discovery jobs, newest first.
   * Needs the scope `campaigns:read`.
   *
   * @example
   * ```ts
   * for await (const discoveryJob of outrider.discovery.listJobs()) console.log(discoveryJob);
   * ```
   */
  listJobs(query?: ListDiscoveryJobsQuery, options?: CallOptions): List<DiscoveryJob, CursorPage<DiscoveryJob>> {
    return cursorList(this.#transport, { method: 'GET', path: '/v1/discovery-jobs', query, options });
  }

  /**
   * Get a discovery job and its progress.
   * Needs the scope `campaigns:read`.
   *
   * @example
   * ```ts
   * const discoveryJob = await outrider.discovery.getJob('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  getJob(id: string, options?: CallOptions): Promise<DiscoveryJob> {
    return this.#transport.data({ method: 'GET', path: '/v1/discovery-jobs/{id}', params: { id }, options });
  }

  /**
   * Cancel a discovery job.
   * Stops it after the page in progress; what it found stays. Cancelling again has no effect.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * const discoveryJob = await outrider.discovery.cancelJob('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  cancelJob(id: string, options?: CallOptions): Promise<DiscoveryJob> {
    return this.#transport.data({ method: 'POST', path: '/v1/discovery-jobs/{id}/cancel', params: { id }, options });
  }

  /**
   * Resume a discovery job.
   * Continues a job that failed or was cancelled where it stopped. Nobody is found twice. Does nothing to one that is queued or running.
   * Needs the scopes `campaigns:write`, `contacts:write`.
   *
   * @example
   * ```ts
   * const discoveryJob = await outrider.discovery.resumeJob('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  resumeJob(id: string, options?: CallOptions): Promise<DiscoveryJob> {
    return this.#transport.data({ method: 'POST', path: '/v1/discovery-jobs/{id}/resume', params: { id }, options });
  }

  /**
   * List the people whom a discovery job accepted, newest first.
   * Each with its score, the reasons for it, and where the person was found.
   * Needs the scopes `campaigns:read`, `contacts:read`.
   *
   * @example
   * ```ts
   * for await (const discoveryFind of outrider.discovery.listFinds('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00'))
   *   console.log(discoveryFind);
   * ```
   */
  listFinds(
    id: string,
    query?: ListDiscoveryFindsQuery,
    options?: CallOptions,
  ): List<DiscoveryFind, CursorPage<DiscoveryFind>> {
    return cursorList(this.#transport, {
      method: 'GET',
      path: '/v1/discovery-jobs/{id}/finds',
      params: { id },
      query,
      options,
    });
  }

  /**
   * List where a contact was found, newest first.
   * The provenance of a contact: source, address and time (GDPR article 14). Kept as long as the contact.
   * Needs the scopes `campaigns:read`, `contacts:read`.
   *
   * @example
   * ```ts
   * for await (const discoveryFind of outrider.discovery.listContactFinds('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00'))
   *   console.log(discoveryFind);
   * ```
   */
  listContactFinds(
    id: string,
    query?: ListContactFindsQuery,
    options?: CallOptions,
  ): List<DiscoveryFind, CursorPage<DiscoveryFind>> {
    return cursorList(this.#transport, {
      method: 'GET',
      path: '/v1/contacts/{id}/finds',
      params: { id },
      query,
      options,
    });
  }

  /**
   * Add a provider of people.
   * Any HTTPS API with JSON answers: where it is, how it is asked for pages, and what its fields mean. Try it with `POST /v1/discovery-providers/{id}/test`, then name it in `sources` of `POST /v1/leads/discover`.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * const discoveryProvider = await outrider.discovery.createProvider({
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
   * });
   * ```
   */
  createProvider(body: CreateDiscoveryProviderBody, options?: CreateOptions): Promise<DiscoveryProvider> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/discovery-providers',
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * List providers of people, newest first.
   * Needs the scope `campaigns:read`.
   *
   * @example
   * ```ts
   * for await (const discoveryProvider of outrider.discovery.listProviders()) console.log(discoveryProvider);
   * ```
   */
  listProviders(
    query?: ListDiscoveryProvidersQuery,
    options?: CallOptions,
  ): List<DiscoveryProvider, CursorPage<DiscoveryProvider>> {
    return cursorList(this.#transport, { method: 'GET', path: '/v1/discovery-providers', query, options });
  }

  /**
   * Get a provider of people.
   * Needs the scope `campaigns:read`.
   *
   * @example
   * ```ts
   * const discoveryProvider = await outrider.discovery.getProvider('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  getProvider(id: string, options?: CallOptions): Promise<DiscoveryProvider> {
    return this.#transport.data({ method: 'GET', path: '/v1/discovery-providers/{id}', params: { id }, options });
  }

  /**
   * Replace the settings of a provider.
   * All of them, with the secret in `auth`.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * const discoveryProvider = await outrider.discovery.replaceProvider('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
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
   * });
   * ```
   */
  replaceProvider(id: string, body: ReplaceDiscoveryProviderBody, options?: ChangeOptions): Promise<DiscoveryProvider> {
    return this.#transport.data({
      method: 'PUT',
      path: '/v1/discovery-providers/{id}',
      params: { id },
      body,
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Delete a provider.
   * Searches that name it go on with their other sources. What it found stays.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * await outrider.discovery.deleteProvider('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  deleteProvider(id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/discovery-providers/{id}',
      params: { id },
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Ask a provider for its first page.
   * Shows what was understood, and stores nobody. Counts against the budgets.
   * Needs the scope `campaigns:write`.
   *
   * @example
   * ```ts
   * const result = await outrider.discovery.testProvider('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   icp: { titles: ['Head of Research'] },
   * });
   * ```
   */
  testProvider(
    id: string,
    body?: TestDiscoveryProviderBody,
    options?: CallOptions,
  ): Promise<TestDiscoveryProviderAnswer> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/discovery-providers/{id}/test',
      params: { id },
      body,
      options,
    });
  }
}

/**
 * The calls of `outrider.meetings`.
 *
 * @example
 * ```ts
 * import type { MeetingsResource } from '@outrider/sdk';
 *
 * const meetings: MeetingsResource = outrider.meetings;
 * ```
 */
export class MeetingsResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * List meetings, newest first.
   * Needs the scope `campaigns:read`.
   *
   * @example
   * ```ts
   * for await (const meeting of outrider.meetings.list()) console.log(meeting);
   * ```
   */
  list(query?: ListMeetingsQuery, options?: CallOptions): List<Meeting, CursorPage<Meeting>> {
    return cursorList(this.#transport, { method: 'GET', path: '/v1/meetings', query, options });
  }

  /**
   * Get a meeting.
   * Needs the scope `campaigns:read`.
   *
   * @example
   * ```ts
   * const meeting = await outrider.meetings.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<Meeting> {
    return this.#transport.data({ method: 'GET', path: '/v1/meetings/{id}', params: { id }, options });
  }
}

/**
 * The calls of `outrider.records`.
 *
 * @example
 * ```ts
 * import type { RecordsResource } from '@outrider/sdk';
 *
 * const records: RecordsResource = outrider.records;
 * ```
 */
export class RecordsResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Define a custom field.
   * A key bound to a workspace gets 403.
   * Needs the scope `contacts:write`.
   *
   * @example
   * ```ts
   * const customField = await outrider.records.createCustomField({
   *   entity: 'contact',
   *   key: 'loyalty_tier',
   *   label: 'Loyalty tier',
   *   type: 'text',
   * });
   * ```
   */
  createCustomField(body: CreateCustomFieldBody, options?: CreateOptions): Promise<CustomField> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/custom-fields',
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * List custom fields.
   * All of them, by entity and key. With parameters of paging, `sort` or `updated_since`, a page, newest first. A key bound to a workspace gets 403.
   * Needs the scope `contacts:read`.
   *
   * @example
   * ```ts
   * const result = await outrider.records.listCustomFields();
   * ```
   */
  listCustomFields(query?: ListCustomFieldsQuery, options?: CallOptions): Promise<CustomField[]> {
    return this.#transport.data({ method: 'GET', path: '/v1/custom-fields', query, options });
  }

  /**
   * Get a custom field.
   * A key bound to a workspace gets 403.
   * Needs the scope `contacts:read`.
   *
   * @example
   * ```ts
   * const customField = await outrider.records.getCustomField('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  getCustomField(id: string, options?: CallOptions): Promise<CustomField> {
    return this.#transport.data({ method: 'GET', path: '/v1/custom-fields/{id}', params: { id }, options });
  }

  /**
   * Change the label or the options of a custom field.
   * `options` replaces the options of a `select`. Values of a removed option stay on the records, but new values cannot use it. The type cannot be changed; define another field instead. A key bound to a workspace gets 403.
   * Needs the scope `contacts:write`.
   *
   * @example
   * ```ts
   * const customField = await outrider.records.updateCustomField('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   label: 'Loyalty tier',
   * });
   * ```
   */
  updateCustomField(id: string, body?: UpdateCustomFieldBody, options?: ChangeOptions): Promise<CustomField> {
    return this.#transport.data({
      method: 'PATCH',
      path: '/v1/custom-fields/{id}',
      params: { id },
      body,
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Delete the definition of a custom field.
   * Values stay on the records, and are valid again if the field is defined again. To remove a value, set it to null. A key bound to a workspace gets 403.
   * Needs the scope `contacts:write`.
   *
   * @example
   * ```ts
   * await outrider.records.deleteCustomField('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  deleteCustomField(id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/custom-fields/{id}',
      params: { id },
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Create a source of contacts.
   * Needs the scope `contacts:write`.
   *
   * @example
   * ```ts
   * const source = await outrider.records.createSource({ name: 'Trade fair 2026' });
   * ```
   */
  createSource(body: CreateSourceBody, options?: CreateOptions): Promise<Source> {
    return this.#transport.data({ method: 'POST', path: '/v1/sources', body, acceptsIdempotencyKey: true, options });
  }

  /**
   * List sources, newest first.
   * Needs the scope `contacts:read`.
   *
   * @example
   * ```ts
   * for await (const source of outrider.records.listSources()) console.log(source);
   * ```
   */
  listSources(query?: ListSourcesQuery, options?: CallOptions): List<Source, NumberedPage<Source>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/sources', query, options });
  }

  /**
   * Get a source.
   * Needs the scope `contacts:read`.
   *
   * @example
   * ```ts
   * const source = await outrider.records.getSource('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  getSource(id: string, options?: CallOptions): Promise<Source> {
    return this.#transport.data({ method: 'GET', path: '/v1/sources/{id}', params: { id }, options });
  }

  /**
   * Delete a source.
   * Refused with 409 while contacts have this source. Deleted contacts that had it are restored without a source.
   * Needs the scope `contacts:write`.
   *
   * @example
   * ```ts
   * await outrider.records.deleteSource('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  deleteSource(id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/sources/{id}',
      params: { id },
      acceptsIfMatch: true,
      options,
    });
  }
}

/**
 * The calls of `outrider.suppressions`.
 *
 * @example
 * ```ts
 * import type { SuppressionsResource } from '@outrider/sdk';
 *
 * const suppressions: SuppressionsResource = outrider.suppressions;
 * ```
 */
export class SuppressionsResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Suppress an address or a domain, or many.
   * No more email is sent to the address or the domain: from the workspace that the body names or the key is bound to, otherwise from the whole organization with all its workspaces. An existing suppression stays as it is, with its first reason. With `suppressions` (1 to 1,000), each row has a result, in the order sent: a bad row is `rejected` with the reason, the others are added.
   * Needs the scope `suppressions:write`.
   *
   * @example
   * ```ts
   * const suppression = await outrider.suppressions.create({ email: 'ada@lovelace.example', reason: 'unsubscribed' });
   * ```
   */
  create(body: CreateSuppressionsBody, options?: CreateOptions): Promise<Suppression> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/suppressions',
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * List suppressions, newest first.
   * `search` shows whether an address is suppressed, and by what: it finds the suppressions of the address itself, of its domain and of the domains above it. An empty list means that the address is not suppressed. A key that is bound to a workspace sees the suppressions of its workspace only: those of the whole organization apply, too.
   * Needs the scope `suppressions:read`.
   *
   * @example
   * ```ts
   * for await (const suppression of outrider.suppressions.list()) console.log(suppression);
   * ```
   */
  list(query?: ListSuppressionsQuery, options?: CallOptions): List<Suppression, NumberedPage<Suppression>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/suppressions', query, options });
  }

  /**
   * Get a suppression.
   * Needs the scope `suppressions:read`.
   *
   * @example
   * ```ts
   * const suppression = await outrider.suppressions.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<Suppression> {
    return this.#transport.data({ method: 'GET', path: '/v1/suppressions/{id}', params: { id }, options });
  }

  /**
   * Lift a suppression.
   * The address or domain can be emailed again, unless the workspace or the whole organization suppresses it, too. Emits `suppression.deleted`. A key that is bound to a workspace gets 403 for a suppression of the whole organization.
   * Needs the scope `suppressions:write`.
   *
   * @example
   * ```ts
   * await outrider.suppressions.delete('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  delete(id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/suppressions/{id}',
      params: { id },
      acceptsIfMatch: true,
      options,
    });
  }
}

/**
 * The calls of `outrider.topics`.
 *
 * @example
 * ```ts
 * import type { TopicsResource } from '@outrider/sdk';
 *
 * const topics: TopicsResource = outrider.topics;
 * ```
 */
export class TopicsResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Create a topic.
   * What campaigns write about, such as a newsletter: a person can leave a topic and still get other mail. Recipients read its name on the page of the unsubscribe link. An organization, and each of its workspaces, can have 200 topics.
   * Needs the scope `suppressions:write`.
   *
   * @example
   * ```ts
   * const topic = await outrider.topics.create({ name: 'Product news', description: 'New engines, once a month.' });
   * ```
   */
  create(body: CreateTopicBody, options?: CreateOptions): Promise<Topic> {
    return this.#transport.data({ method: 'POST', path: '/v1/topics', body, acceptsIdempotencyKey: true, options });
  }

  /**
   * List topics, newest first.
   * Needs the scope `suppressions:read`.
   *
   * @example
   * ```ts
   * for await (const topic of outrider.topics.list()) console.log(topic);
   * ```
   */
  list(query?: ListTopicsQuery, options?: CallOptions): List<Topic, NumberedPage<Topic>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/topics', query, options });
  }

  /**
   * Get a topic.
   * Needs the scope `suppressions:read`.
   *
   * @example
   * ```ts
   * const topic = await outrider.topics.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<Topic> {
    return this.#transport.data({ method: 'GET', path: '/v1/topics/{id}', params: { id }, options });
  }

  /**
   * Change a topic.
   * Needs the scope `suppressions:write`.
   *
   * @example
   * ```ts
   * const topic = await outrider.topics.update('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', { name: 'Engine news' });
   * ```
   */
  update(id: string, body?: UpdateTopicBody, options?: ChangeOptions): Promise<Topic> {
    return this.#transport.data({
      method: 'PATCH',
      path: '/v1/topics/{id}',
      params: { id },
      body,
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Delete a topic.
   * Deletes its opt-outs, too: a new topic of the same name begins without any. The links in messages that were sent then stop all mail. Refused with 409 while a campaign that is not archived has the topic; archived ones lose it.
   * Needs the scope `suppressions:write`.
   *
   * @example
   * ```ts
   * await outrider.topics.delete('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  delete(id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/topics/{id}',
      params: { id },
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Let an address leave a topic, or many.
   * No campaign of the topic writes to the address any more; its open leads in these campaigns are skipped as `left_topic`. Emits `topic.left`. An address that has left stays as it is, with its first reason. With `opt_outs` (1 to 1,000), each row has a result, in the order sent: a bad row is `rejected` with the reason, the others are added.
   * Needs the scope `suppressions:write`.
   *
   * @example
   * ```ts
   * const topicOptOut = await outrider.topics.createOptOuts('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   email: 'ada@lovelace.example',
   *   reason: 'unsubscribed',
   * });
   * ```
   */
  createOptOuts(id: string, body: CreateTopicOptOutsBody, options?: CreateOptions): Promise<TopicOptOut> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/topics/{id}/opt-outs',
      params: { id },
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * List the addresses that left a topic, newest first.
   * Needs the scope `suppressions:read`.
   *
   * @example
   * ```ts
   * for await (const topicOptOut of outrider.topics.listOptOuts('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00'))
   *   console.log(topicOptOut);
   * ```
   */
  listOptOuts(
    id: string,
    query?: ListTopicOptOutsQuery,
    options?: CallOptions,
  ): List<TopicOptOut, NumberedPage<TopicOptOut>> {
    return numberedList(this.#transport, {
      method: 'GET',
      path: '/v1/topics/{id}/opt-outs',
      params: { id },
      query,
      options,
    });
  }

  /**
   * Let addresses rejoin a topic.
   * As `DELETE /v1/topics/{id}/opt-outs/{opt_out_id}`, for 1 to 1,000 addresses. Each has a result, in the order sent; a bad one is `rejected` with the reason.
   * Needs the scope `suppressions:write`.
   *
   * @example
   * ```ts
   * const result = await outrider.topics.rejoin('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   emails: ['ada@lovelace.example'],
   * });
   * ```
   */
  rejoin(id: string, body: RejoinTopicBody, options?: CallOptions): Promise<RejoinTopicAnswer> {
    return this.#transport.whole({ method: 'POST', path: '/v1/topics/{id}/rejoin', params: { id }, body, options });
  }

  /**
   * Get an opt-out.
   * Needs the scope `suppressions:read`.
   *
   * @example
   * ```ts
   * const topicOptOut = await outrider.topics.getOptOut(
   *   '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00',
   *   '0199c9f2-0a44-7e55-b0c3-91d2e7a6f5b1',
   * );
   * ```
   */
  getOptOut(id: string, opt_out_id: string, options?: CallOptions): Promise<TopicOptOut> {
    return this.#transport.data({
      method: 'GET',
      path: '/v1/topics/{id}/opt-outs/{opt_out_id}',
      params: { id, opt_out_id },
      options,
    });
  }

  /**
   * Let an address rejoin a topic.
   * Campaigns of the topic may write to the address again. Leads that it stopped stay stopped; their contact can be added to the campaign again. Emits `topic.rejoined`.
   * Needs the scope `suppressions:write`.
   *
   * @example
   * ```ts
   * await outrider.topics.deleteOptOut('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', '0199c9f2-0a44-7e55-b0c3-91d2e7a6f5b1');
   * ```
   */
  deleteOptOut(id: string, opt_out_id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/topics/{id}/opt-outs/{opt_out_id}',
      params: { id, opt_out_id },
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * List the topics of a contact, by name.
   * The topics of its workspace and of the organization, with those that its `email` left. A key that is bound to a workspace sees the topics of its workspace.
   * Needs the scopes `contacts:read`, `suppressions:read`.
   *
   * @example
   * ```ts
   * const result = await outrider.topics.listContact('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  listContact(id: string, options?: CallOptions): Promise<ContactTopic[]> {
    return this.#transport.data({ method: 'GET', path: '/v1/contacts/{id}/topics', params: { id }, options });
  }
}

/**
 * The calls of `outrider.privacy`.
 *
 * @example
 * ```ts
 * import type { PrivacyResource } from '@outrider/sdk';
 *
 * const privacy: PrivacyResource = outrider.privacy;
 * ```
 */
export class PrivacyResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Export everything stored about a contact.
   * Answers a data access request. Deleted contacts can be exported until they are removed permanently. A response contains at most 1,000 rows of each kind and searches only part of a long log: `truncated` shows which parts are incomplete; `events_before` and `inbound_before` continue the search. A key bound to a workspace gets 403.
   * Needs the scopes `contacts:read`, `crm:read`, `suppressions:read`, `mailboxes:read`, `campaigns:read`, `events:read`, `inbound:read`.
   *
   * @example
   * ```ts
   * const contactExport = await outrider.privacy.exportContact('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  exportContact(id: string, query?: ExportContactQuery, options?: CallOptions): Promise<ContactExport> {
    return this.#transport.data({ method: 'POST', path: '/v1/contacts/{id}/export', params: { id }, query, options });
  }

  /**
   * Erase a person.
   * Cannot be undone. Immediately removes the contact, live or deleted, with all other contacts of its addresses, their activities and their places in projects; the addresses stay suppressed by keyed hashes, and the leads of campaigns end. A durable job then redacts what events, responses to deliveries, inbound events, messages and their opens and clicks, replies, meetings, leads, activities of others, imports and their rejected rows contain about the person. Pending deliveries are sent redacted. A key bound to a workspace gets 403.
   * Needs the scopes `contacts:write`, `crm:write`, `suppressions:write`.
   *
   * @example
   * ```ts
   * const erasure = await outrider.privacy.eraseContact('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  eraseContact(id: string, options?: CreateOptions): Promise<Erasure> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/contacts/{id}/erase',
      params: { id },
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * List erasures, newest first.
   * Proof that people were erased; it does not identify them. A key bound to a workspace gets 403.
   * Needs the scope `contacts:read`.
   *
   * @example
   * ```ts
   * for await (const erasure of outrider.privacy.listErasures()) console.log(erasure);
   * ```
   */
  listErasures(query?: ListErasuresQuery, options?: CallOptions): List<Erasure, NumberedPage<Erasure>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/erasures', query, options });
  }

  /**
   * Get an erasure and its progress.
   * A key bound to a workspace gets 403.
   * Needs the scope `contacts:read`.
   *
   * @example
   * ```ts
   * const erasure = await outrider.privacy.getErasure('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  getErasure(id: string, options?: CallOptions): Promise<Erasure> {
    return this.#transport.data({ method: 'GET', path: '/v1/erasures/{id}', params: { id }, options });
  }
}

/**
 * The calls of `outrider.imports`.
 *
 * @example
 * ```ts
 * import type { ImportsResource } from '@outrider/sdk';
 *
 * const imports: ImportsResource = outrider.imports;
 * ```
 */
export class ImportsResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Create an import of contacts.
   * The import waits for its file: `PUT /v1/imports/{id}/file`. A column fills the contact field or custom field of the same name, unless `mapping` says otherwise. An organization has at most 50 imports that are running or waiting for their files.
   * Needs the scope `contacts:write`.
   *
   * @example
   * ```ts
   * const importJob = await outrider.imports.create({
   *   lawful_basis: 'legitimate_interests',
   *   mapping: { 'Work e-mail': 'email', Fax: null },
   *   source: 'Trade fair 2026',
   *   tags: ['fair'],
   *   file_name: 'fair.csv',
   * });
   * ```
   */
  create(body: CreateImportBody, options?: CreateOptions): Promise<Import> {
    return this.#transport.data({ method: 'POST', path: '/v1/imports', body, acceptsIdempotencyKey: true, options });
  }

  /**
   * List imports, newest first.
   * Needs the scope `contacts:read`.
   *
   * @example
   * ```ts
   * for await (const importJob of outrider.imports.list()) console.log(importJob);
   * ```
   */
  list(query?: ListImportsQuery, options?: CallOptions): List<Import, NumberedPage<Import>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/imports', query, options });
  }

  /**
   * Upload the file of an import and start it.
   * CSV in UTF-8, at most 200 MiB, separated by commas, semicolons or tabs; the first line names the columns. After an interrupted upload or a rejected file, send the file again from the beginning.
   * Needs the scope `contacts:write`.
   *
   * @example
   * ```ts
   * const importJob = await outrider.imports.uploadFile(
   *   '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00',
   *   'Work e-mail,First name,Fax\r\nada@lovelace.example,Ada,\r\n',
   * );
   * ```
   */
  uploadFile(id: string, file: FileBody, options?: CallOptions): Promise<Import> {
    return this.#transport.data({
      method: 'PUT',
      path: '/v1/imports/{id}/file',
      params: { id },
      file: { type: 'text/csv', content: file },
      options,
    });
  }

  /**
   * Get an import and its progress.
   * Needs the scope `contacts:read`.
   *
   * @example
   * ```ts
   * const importJob = await outrider.imports.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<Import> {
    return this.#transport.data({ method: 'GET', path: '/v1/imports/{id}', params: { id }, options });
  }

  /**
   * Cancel an import.
   * Stops the import immediately; contacts already written stay. Cancelling again has no effect.
   * Needs the scope `contacts:write`.
   *
   * @example
   * ```ts
   * const importJob = await outrider.imports.cancel('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  cancel(id: string, options?: CallOptions): Promise<Import> {
    return this.#transport.data({ method: 'POST', path: '/v1/imports/{id}/cancel', params: { id }, options });
  }

  /**
   * List rows that were rejected or written without some values.
   * In the order of the file: the first 100,000 rejected rows, and as many rows that `on_bad_value: blank` wrote without some values. `format=csv` returns all of them as one file with the columns line, email, reason, column and value: one line for each rejected row, with empty column and value, and one for each value left out.
   * Needs the scope `contacts:read`.
   *
   * @example
   * ```ts
   * for await (const importError of outrider.imports.listErrors('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00'))
   *   console.log(importError);
   * ```
   */
  listErrors(
    id: string,
    query?: ListImportErrorsQuery,
    options?: CallOptions,
  ): List<ImportError, CursorPage<ImportError>> {
    return cursorList(this.#transport, {
      method: 'GET',
      path: '/v1/imports/{id}/errors',
      params: { id },
      query,
      options,
    });
  }

  /**
   * List rows that were rejected or written without some values, as CSV.
   * In the order of the file: the first 100,000 rejected rows, and as many rows that `on_bad_value: blank` wrote without some values. `format=csv` returns all of them as one file with the columns line, email, reason, column and value: one line for each rejected row, with empty column and value, and one for each value left out.
   * Needs the scope `contacts:read`.
   *
   * @example
   * ```ts
   * const text = await outrider.imports.listErrorsCsv('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  listErrorsCsv(id: string, options?: CallOptions): Promise<string> {
    return this.#transport.text({
      method: 'GET',
      path: '/v1/imports/{id}/errors',
      params: { id },
      query: { format: 'csv' },
      options,
    });
  }
}

/**
 * The calls of `outrider.companies`.
 *
 * @example
 * ```ts
 * import type { CompaniesResource } from '@outrider/sdk';
 *
 * const companies: CompaniesResource = outrider.companies;
 * ```
 */
export class CompaniesResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Create a company.
   * Needs the scope `crm:write`.
   *
   * @example
   * ```ts
   * const company = await outrider.companies.create({
   *   name: 'Analytical Engines',
   *   domain: 'lovelace.example',
   *   employee_count: 42,
   *   tags: ['manufacturing'],
   * });
   * ```
   */
  create(body: CreateCompanyBody, options?: CreateOptions): Promise<Company> {
    return this.#transport.data({ method: 'POST', path: '/v1/companies', body, acceptsIdempotencyKey: true, options });
  }

  /**
   * List companies, newest first.
   * Needs the scope `crm:read`.
   *
   * @example
   * ```ts
   * for await (const company of outrider.companies.list()) console.log(company);
   * ```
   */
  list(query?: ListCompaniesQuery, options?: CallOptions): List<Company, NumberedPage<Company>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/companies', query, options });
  }

  /**
   * Create or update up to 500 companies by their domains.
   * A field that is left out is not changed, null clears it; tags are replaced, custom fields are merged by their keys. A new company needs a name. Each row has a result, in the order sent: a bad row is `rejected` with the reason, and the others are written, in one transaction. A domain that several companies have is rejected, because it identifies none of them. Rows for the same domain apply one after the other: the later ones return `updated`, and together they are one change of the company. Two callers that send the same new domain at the same time create one company.
   * Needs the scope `crm:write`.
   *
   * @example
   * ```ts
   * const result = await outrider.companies.upsert({
   *   companies: [{ domain: 'lovelace.example', name: 'Analytical Engines', owner: 'grace@engines.example' }],
   * });
   * ```
   */
  upsert(body: UpsertCompaniesBody, options?: CreateOptions): Promise<UpsertCompaniesAnswer> {
    return this.#transport.whole({
      method: 'POST',
      path: '/v1/companies/upsert',
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * Get a company.
   * Needs the scope `crm:read`.
   *
   * @example
   * ```ts
   * const company = await outrider.companies.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<Company> {
    return this.#transport.data({ method: 'GET', path: '/v1/companies/{id}', params: { id }, options });
  }

  /**
   * Change a company.
   * Changes only the given fields; null clears a field. Tags are replaced, custom fields are merged by their keys.
   * Needs the scope `crm:write`.
   *
   * @example
   * ```ts
   * const company = await outrider.companies.update('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', { employee_count: 48 });
   * ```
   */
  update(id: string, body?: UpdateCompanyBody, options?: ChangeOptions): Promise<Company> {
    return this.#transport.data({
      method: 'PATCH',
      path: '/v1/companies/{id}',
      params: { id },
      body,
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Delete a company.
   * Removes its contacts and projects from the company, each with an event of its own. Activities keep its id.
   * Needs the scopes `crm:write`, `contacts:write`.
   *
   * @example
   * ```ts
   * await outrider.companies.delete('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  delete(id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/companies/{id}',
      params: { id },
      acceptsIfMatch: true,
      options,
    });
  }
}

/**
 * The calls of `outrider.projects`.
 *
 * @example
 * ```ts
 * import type { ProjectsResource } from '@outrider/sdk';
 *
 * const projects: ProjectsResource = outrider.projects;
 * ```
 */
export class ProjectsResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Create a project.
   * Needs the scope `crm:write`.
   *
   * @example
   * ```ts
   * const project = await outrider.projects.create({
   *   name: 'Difference Engine rollout',
   *   stage: 'active',
   *   value: 2400000,
   *   start_date: '2026-01-05',
   *   end_date: '2026-06-30',
   * });
   * ```
   */
  create(body: CreateProjectBody, options?: CreateOptions): Promise<Project> {
    return this.#transport.data({ method: 'POST', path: '/v1/projects', body, acceptsIdempotencyKey: true, options });
  }

  /**
   * List projects, newest first.
   * Needs the scope `crm:read`.
   *
   * @example
   * ```ts
   * for await (const project of outrider.projects.list()) console.log(project);
   * ```
   */
  list(query?: ListProjectsQuery, options?: CallOptions): List<Project, NumberedPage<Project>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/projects', query, options });
  }

  /**
   * Get a project.
   * Needs the scope `crm:read`.
   *
   * @example
   * ```ts
   * const project = await outrider.projects.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<Project> {
    return this.#transport.data({ method: 'GET', path: '/v1/projects/{id}', params: { id }, options });
  }

  /**
   * Change a project.
   * Changes only the given fields; null clears a field. Tags are replaced, custom fields are merged by their keys.
   * Needs the scope `crm:write`.
   *
   * @example
   * ```ts
   * const project = await outrider.projects.update('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', { stage: 'review' });
   * ```
   */
  update(id: string, body?: UpdateProjectBody, options?: ChangeOptions): Promise<Project> {
    return this.#transport.data({
      method: 'PATCH',
      path: '/v1/projects/{id}',
      params: { id },
      body,
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Delete a project.
   * Its contacts stay. Activities keep its id.
   * Needs the scope `crm:write`.
   *
   * @example
   * ```ts
   * await outrider.projects.delete('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  delete(id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/projects/{id}',
      params: { id },
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Add contacts to a project.
   * Adds all of them, or none if one does not exist in the project's workspace (or, without one, in the organization). Contacts already in the project stay.
   * Needs the scope `crm:write`.
   *
   * @example
   * ```ts
   * const project = await outrider.projects.addContacts('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   contact_ids: ['0199c9f1-7b20-7d02-8f11-3c5a7e90b410'],
   * });
   * ```
   */
  addContacts(id: string, body: AddProjectContactsBody, options?: CreateOptions): Promise<Project & { added: number }> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/projects/{id}/contacts',
      params: { id },
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * List the contacts of a project, newest first.
   * Needs the scopes `crm:read`, `contacts:read`.
   *
   * @example
   * ```ts
   * for await (const contact of outrider.projects.listContacts('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00'))
   *   console.log(contact);
   * ```
   */
  listContacts(
    id: string,
    query?: ListProjectContactsQuery,
    options?: CallOptions,
  ): List<Contact, NumberedPage<Contact>> {
    return numberedList(this.#transport, {
      method: 'GET',
      path: '/v1/projects/{id}/contacts',
      params: { id },
      query,
      options,
    });
  }

  /**
   * Remove a contact from a project.
   * Needs the scope `crm:write`.
   *
   * @example
   * ```ts
   * await outrider.projects.removeContact('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', '0199c9f1-7b20-7d02-8f11-3c5a7e90b410');
   * ```
   */
  removeContact(id: string, contact_id: string, options?: CallOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/projects/{id}/contacts/{contact_id}',
      params: { id, contact_id },
      options,
    });
  }
}

/**
 * The calls of `outrider.activities`.
 *
 * @example
 * ```ts
 * import type { ActivitiesResource } from '@outrider/sdk';
 *
 * const activities: ActivitiesResource = outrider.activities;
 * ```
 */
export class ActivitiesResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Record a call, an email, a meeting or a note.
   * Requires a contact, a company or a project, or several of these.
   * Needs the scope `crm:write`.
   *
   * @example
   * ```ts
   * const activity = await outrider.activities.create({
   *   activity_type: 'call',
   *   contact_id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b410',
   *   occurred_at: '2026-01-05T09:00:00.000Z',
   *   metadata: {
   *     direction: 'outbound',
   *     outcome: 'connected',
   *     duration_seconds: 340,
   *     notes: 'Asked for a demo next week.',
   *   },
   * });
   * ```
   */
  create(body: CreateActivityBody, options?: CreateOptions): Promise<Activity> {
    return this.#transport.data({ method: 'POST', path: '/v1/activities', body, acceptsIdempotencyKey: true, options });
  }

  /**
   * List activities, last recorded first.
   * Needs the scope `crm:read`.
   *
   * @example
   * ```ts
   * for await (const activity of outrider.activities.list()) console.log(activity);
   * ```
   */
  list(query?: ListActivitiesQuery, options?: CallOptions): List<Activity, NumberedPage<Activity>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/activities', query, options });
  }

  /**
   * Get an activity.
   * Needs the scope `crm:read`.
   *
   * @example
   * ```ts
   * const activity = await outrider.activities.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<Activity> {
    return this.#transport.data({ method: 'GET', path: '/v1/activities/{id}', params: { id }, options });
  }

  /**
   * Change an activity.
   * Changes only the given fields; null clears a field. Metadata is replaced as a whole, and is required with a new activity_type.
   * Needs the scope `crm:write`.
   *
   * @example
   * ```ts
   * const activity = await outrider.activities.update('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   occurred_at: '2026-01-05T08:30:00Z',
   * });
   * ```
   */
  update(id: string, body?: UpdateActivityBody, options?: ChangeOptions): Promise<Activity> {
    return this.#transport.data({
      method: 'PATCH',
      path: '/v1/activities/{id}',
      params: { id },
      body,
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Delete an activity.
   * Needs the scope `crm:write`.
   *
   * @example
   * ```ts
   * await outrider.activities.delete('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  delete(id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/activities/{id}',
      params: { id },
      acceptsIfMatch: true,
      options,
    });
  }
}

/**
 * The calls of `outrider.segments`.
 *
 * @example
 * ```ts
 * import type { SegmentsResource } from '@outrider/sdk';
 *
 * const segments: SegmentsResource = outrider.segments;
 * ```
 */
export class SegmentsResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Create a segment.
   * A saved filter over contacts or companies. Fields are named as in the record; also `custom.<key>`, of a contact `company.<field>`, `company.custom.<key>`, `email_domain`, `suppressed`, `last_activity_at`, `last_reply_at`, `last_contacted_at`, `campaign_id` and `left_topic_id`. A segment of a workspace selects only records of the workspace. An organization can have 1,000 segments.
   * Needs the scope `contacts:write`.
   *
   * @example
   * ```ts
   * const segment = await outrider.segments.create({
   *   name: 'Customers with 50 people',
   *   entity: 'contact',
   *   filter: {
   *     and: [
   *       { field: 'tags', op: 'eq', value: 'customer' },
   *       { field: 'company.employee_count', op: 'gte', value: 50 },
   *       { not: { field: 'suppressed', op: 'eq', value: true } },
   *     ],
   *   },
   * });
   * ```
   */
  create(body: CreateSegmentBody, options?: CreateOptions): Promise<Segment> {
    return this.#transport.data({ method: 'POST', path: '/v1/segments', body, acceptsIdempotencyKey: true, options });
  }

  /**
   * List segments, newest first.
   * Needs the scope `contacts:read`.
   *
   * @example
   * ```ts
   * for await (const segment of outrider.segments.list()) console.log(segment);
   * ```
   */
  list(query?: ListSegmentsQuery, options?: CallOptions): List<Segment, NumberedPage<Segment>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/segments', query, options });
  }

  /**
   * Get a segment.
   * Needs the scope `contacts:read`.
   *
   * @example
   * ```ts
   * const segment = await outrider.segments.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<Segment> {
    return this.#transport.data({ method: 'GET', path: '/v1/segments/{id}', params: { id }, options });
  }

  /**
   * Change the name or the filter of a segment.
   * Needs the scope `contacts:write`.
   *
   * @example
   * ```ts
   * const segment = await outrider.segments.update('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', { name: 'Larger customers' });
   * ```
   */
  update(id: string, body?: UpdateSegmentBody, options?: ChangeOptions): Promise<Segment> {
    return this.#transport.data({
      method: 'PATCH',
      path: '/v1/segments/{id}',
      params: { id },
      body,
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Delete a segment.
   * Its records stay. A campaign that adds the contacts of the segment stops adding them.
   * Needs the scope `contacts:write`.
   *
   * @example
   * ```ts
   * await outrider.segments.delete('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  delete(id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.nothing({
      method: 'DELETE',
      path: '/v1/segments/{id}',
      params: { id },
      acceptsIfMatch: true,
      options,
    });
  }

  /**
   * Count the records of a segment.
   * Counts immediately if that takes few rows. Otherwise returns the last complete count and, if it is older than a minute, has the records counted again in the background; before the first one, an estimate.
   * Needs the scopes `contacts:read`, `crm:read`.
   *
   * @example
   * ```ts
   * const segmentCount = await outrider.segments.count('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  count(id: string, options?: CallOptions): Promise<SegmentCount> {
    return this.#transport.data({ method: 'GET', path: '/v1/segments/{id}/count', params: { id }, options });
  }

  /**
   * List the contacts of a segment, newest first.
   * A page may have fewer records than `limit`, or none, and still a next page: follow `next_cursor` until it is null. The other filters are those of `GET /v1/contacts`; a contact matches all of them.
   * Needs the scopes `contacts:read`, `crm:read`.
   *
   * @example
   * ```ts
   * for await (const contact of outrider.segments.listContacts('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00'))
   *   console.log(contact);
   * ```
   */
  listContacts(
    id: string,
    query?: ListSegmentContactsQuery,
    options?: CallOptions,
  ): List<Contact, CursorPage<Contact>> {
    return cursorList(this.#transport, {
      method: 'GET',
      path: '/v1/segments/{id}/contacts',
      params: { id },
      query,
      options,
    });
  }

  /**
   * List the companies of a segment, newest first.
   * A page may have fewer records than `limit`, or none, and still a next page: follow `next_cursor` until it is null.
   * Needs the scopes `contacts:read`, `crm:read`.
   *
   * @example
   * ```ts
   * for await (const company of outrider.segments.listCompanies('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00'))
   *   console.log(company);
   * ```
   */
  listCompanies(
    id: string,
    query?: ListSegmentCompaniesQuery,
    options?: CallOptions,
  ): List<Company, CursorPage<Company>> {
    return cursorList(this.#transport, {
      method: 'GET',
      path: '/v1/segments/{id}/companies',
      params: { id },
      query,
      options,
    });
  }
}

/**
 * The calls of `outrider.merges`.
 *
 * @example
 * ```ts
 * import type { MergesResource } from '@outrider/sdk';
 *
 * const merges: MergesResource = outrider.merges;
 * ```
 */
export class MergesResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Merge another contact into a contact.
   * The contact of the path survives. It keeps its own values and takes those that it lacks from the other; tags and custom fields are united. Its addresses become further addresses of the surviving contact; its activities, places in projects, messages, replies, meetings and leads follow. The other contact goes away: `GET` of its id answers 404 with `merged_into`. Emits one event, `contact.merged`. `POST /v1/merges/{id}/undo` undoes the merge for 30 days.
   * Needs the scopes `contacts:write`, `crm:write`.
   *
   * @example
   * ```ts
   * const result = await outrider.merges.mergeContacts('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   from_id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4e9',
   * });
   * ```
   */
  mergeContacts(id: string, body: MergeContactsBody, options?: CreateOptions): Promise<MergeContactsAnswer> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/contacts/{id}/merge',
      params: { id },
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * Merge another company into a company.
   * The company of the path survives. It keeps its own values and takes those that it lacks from the other; tags and custom fields are united. Contacts, projects, activities and leads follow. The other company goes away: `GET` of its id answers 404 with `merged_into`. Emits one event, `company.merged`. `POST /v1/merges/{id}/undo` undoes the merge for 30 days.
   * Needs the scopes `contacts:write`, `crm:write`.
   *
   * @example
   * ```ts
   * const result = await outrider.merges.mergeCompanies('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00', {
   *   from_id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4e9',
   * });
   * ```
   */
  mergeCompanies(id: string, body: MergeCompaniesBody, options?: CreateOptions): Promise<MergeCompaniesAnswer> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/companies/{id}/merge',
      params: { id },
      body,
      acceptsIdempotencyKey: true,
      options,
    });
  }

  /**
   * List merges, newest first.
   * Those of the kinds of records that the key can read.
   *
   * @example
   * ```ts
   * for await (const merge of outrider.merges.list()) console.log(merge);
   * ```
   */
  list(query?: ListMergesQuery, options?: CallOptions): List<Merge, NumberedPage<Merge>> {
    return numberedList(this.#transport, { method: 'GET', path: '/v1/merges', query, options });
  }

  /**
   * Get a merge.
   *
   * @example
   * ```ts
   * const merge = await outrider.merges.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<Merge> {
    return this.#transport.data({ method: 'GET', path: '/v1/merges/{id}', params: { id }, options });
  }

  /**
   * Undo a merge.
   * Gives the record that went away back as it was, under its id, with what still belongs to the surviving record of what followed. The surviving record loses what the merge filled, except what has been changed since. Emits one event, `contact.unmerged` or `company.unmerged`. Merges into one record are undone in reverse order.
   * Needs the scopes `contacts:write`, `crm:write`.
   *
   * @example
   * ```ts
   * const merge = await outrider.merges.undo('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  undo(id: string, options?: CreateOptions): Promise<Merge> {
    return this.#transport.data({
      method: 'POST',
      path: '/v1/merges/{id}/undo',
      params: { id },
      acceptsIdempotencyKey: true,
      options,
    });
  }
}

/**
 * The calls of `outrider.bulkJobs`.
 *
 * @example
 * ```ts
 * import type { BulkJobsResource } from '@outrider/sdk';
 *
 * const bulkJobs: BulkJobsResource = outrider.bulkJobs;
 * ```
 */
export class BulkJobsResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Change, delete or export many records.
   * The job changes each record as the single call does, with its event, in chunks that commit with the progress. Records created after the job are not part of it. An organization has at most 50 jobs that are queued or running. Needs the scopes of the single calls; `filter` and `segment_id` need `contacts:read` and `crm:read`, too.
   *
   * @example
   * ```ts
   * const bulkJob = await outrider.bulkJobs.create({
   *   entity: 'contact',
   *   action: 'update',
   *   select: { filter: { field: 'tags', op: 'eq', value: 'fair' } },
   *   change: { tags: { add: ['fair 2026'], remove: ['fair'] } },
   * });
   * ```
   */
  create(body: CreateBulkJobBody, options?: CreateOptions): Promise<BulkJob> {
    return this.#transport.data({ method: 'POST', path: '/v1/bulk-jobs', body, acceptsIdempotencyKey: true, options });
  }

  /**
   * List bulk jobs, newest first.
   * Those for kinds of records that the key can read.
   *
   * @example
   * ```ts
   * for await (const bulkJob of outrider.bulkJobs.list()) console.log(bulkJob);
   * ```
   */
  list(query?: ListBulkJobsQuery, options?: CallOptions): List<BulkJob, CursorPage<BulkJob>> {
    return cursorList(this.#transport, { method: 'GET', path: '/v1/bulk-jobs', query, options });
  }

  /**
   * Get a bulk job and its progress.
   *
   * @example
   * ```ts
   * const bulkJob = await outrider.bulkJobs.get('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  get(id: string, options?: CallOptions): Promise<BulkJob> {
    return this.#transport.data({ method: 'GET', path: '/v1/bulk-jobs/{id}', params: { id }, options });
  }

  /**
   * Cancel a bulk job.
   * Stops it after the chunk in progress; what it changed stays. Cancelling again has no effect.
   *
   * @example
   * ```ts
   * const bulkJob = await outrider.bulkJobs.cancel('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  cancel(id: string, options?: CallOptions): Promise<BulkJob> {
    return this.#transport.data({ method: 'POST', path: '/v1/bulk-jobs/{id}/cancel', params: { id }, options });
  }

  /**
   * Fetch the file of an export.
   * CSV in UTF-8, with a header. The records of the export as they are now; those deleted since are left out. Text that a spreadsheet would evaluate as a formula begins with an apostrophe. The file can be fetched for 7 days.
   *
   * @example
   * ```ts
   * const text = await outrider.bulkJobs.getFile('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00');
   * ```
   */
  getFile(id: string, options?: CallOptions): Promise<string> {
    return this.#transport.text({ method: 'GET', path: '/v1/bulk-jobs/{id}/file', params: { id }, options });
  }
}

/**
 * The calls of `outrider.operations`.
 *
 * @example
 * ```ts
 * import type { OperationsResource } from '@outrider/sdk';
 *
 * const operations: OperationsResource = outrider.operations;
 * ```
 */
export class OperationsResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Liveness: the process is running.
   *
   * @example
   * ```ts
   * const result = await outrider.operations.health();
   * ```
   */
  health(options?: CallOptions): Promise<GetHealthzAnswer> {
    return this.#transport.whole({ method: 'GET', path: '/healthz', options });
  }

  /**
   * Readiness: the process can take work.
   *
   * @example
   * ```ts
   * const result = await outrider.operations.ready();
   * ```
   */
  ready(options?: CallOptions): Promise<GetReadyzAnswer> {
    return this.#transport.whole({ method: 'GET', path: '/readyz', options });
  }

  /**
   * Metrics in the Prometheus text format.
   *
   * @example
   * ```ts
   * const text = await outrider.operations.metrics();
   * ```
   */
  metrics(options?: CallOptions): Promise<string> {
    return this.#transport.text({ method: 'GET', path: '/metrics', options });
  }
}

/**
 * The resources of the API; `Outrider` extends this class.
 *
 * @example
 * ```ts
 * import { Outrider } from '@outrider/sdk';
 *
 * const { webhooks, events } = new Outrider({ baseUrl: 'https://outrider.example', apiKey: 'otr_test_1' });
 * ```
 */
export class Resources {
  readonly organization: OrganizationResource;
  readonly keys: KeysResource;
  readonly workspaces: WorkspacesResource;
  readonly accounts: AccountsResource;
  readonly customerPortal: CustomerPortalResource;
  readonly webhooks: WebhooksResource;
  readonly deliveries: DeliveriesResource;
  readonly events: EventsResource;
  readonly eventTypes: EventTypesResource;
  readonly replays: ReplaysResource;
  readonly listeners: ListenersResource;
  readonly alerts: AlertsResource;
  readonly inbound: InboundResource;
  readonly mailboxes: MailboxesResource;
  readonly messages: MessagesResource;
  readonly campaigns: CampaignsResource;
  readonly leads: LeadsResource;
  readonly replies: RepliesResource;
  readonly contacts: ContactsResource;
  readonly capturedMessages: CapturedMessagesResource;
  readonly sandboxClock: SandboxClockResource;
  readonly trackingDomains: TrackingDomainsResource;
  readonly dKIMKeys: DKIMKeysResource;
  readonly templates: TemplatesResource;
  readonly discovery: DiscoveryResource;
  readonly meetings: MeetingsResource;
  readonly records: RecordsResource;
  readonly suppressions: SuppressionsResource;
  readonly topics: TopicsResource;
  readonly privacy: PrivacyResource;
  readonly imports: ImportsResource;
  readonly companies: CompaniesResource;
  readonly projects: ProjectsResource;
  readonly activities: ActivitiesResource;
  readonly segments: SegmentsResource;
  readonly merges: MergesResource;
  readonly bulkJobs: BulkJobsResource;
  readonly operations: OperationsResource;

  constructor(transport: Transport) {
    this.organization = new OrganizationResource(transport);
    this.keys = new KeysResource(transport);
    this.workspaces = new WorkspacesResource(transport);
    this.accounts = new AccountsResource(transport);
    this.customerPortal = new CustomerPortalResource(transport);
    this.webhooks = new WebhooksResource(transport);
    this.deliveries = new DeliveriesResource(transport);
    this.events = new EventsResource(transport);
    this.eventTypes = new EventTypesResource(transport);
    this.replays = new ReplaysResource(transport);
    this.listeners = new ListenersResource(transport);
    this.alerts = new AlertsResource(transport);
    this.inbound = new InboundResource(transport);
    this.mailboxes = new MailboxesResource(transport);
    this.messages = new MessagesResource(transport);
    this.campaigns = new CampaignsResource(transport);
    this.leads = new LeadsResource(transport);
    this.replies = new RepliesResource(transport);
    this.contacts = new ContactsResource(transport);
    this.capturedMessages = new CapturedMessagesResource(transport);
    this.sandboxClock = new SandboxClockResource(transport);
    this.trackingDomains = new TrackingDomainsResource(transport);
    this.dKIMKeys = new DKIMKeysResource(transport);
    this.templates = new TemplatesResource(transport);
    this.discovery = new DiscoveryResource(transport);
    this.meetings = new MeetingsResource(transport);
    this.records = new RecordsResource(transport);
    this.suppressions = new SuppressionsResource(transport);
    this.topics = new TopicsResource(transport);
    this.privacy = new PrivacyResource(transport);
    this.imports = new ImportsResource(transport);
    this.companies = new CompaniesResource(transport);
    this.projects = new ProjectsResource(transport);
    this.activities = new ActivitiesResource(transport);
    this.segments = new SegmentsResource(transport);
    this.merges = new MergesResource(transport);
    this.bulkJobs = new BulkJobsResource(transport);
    this.operations = new OperationsResource(transport);
  }
}
