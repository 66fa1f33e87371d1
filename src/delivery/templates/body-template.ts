import { createHash } from 'node:crypto';
import type { WireEvent } from '../wire.ts';

/** What an endpoint sends instead of its dialect's body. One object per endpoint and epoch, which names the bodies in memory. */
export interface BodyTemplate {
  readonly text: string;
  readonly contentType: string;
  /** Identifies the template among those that the endpoint had. */
  readonly digest: string;
}

export const templateOf = (text: string, contentType: string): BodyTemplate => ({
  text,
  contentType,
  digest: createHash('sha256').update(`${contentType}\n${text}`).digest('base64url').slice(0, 16),
});

/** What an attempt records of its format: the dialect, and the digest of the template. */
export const formatOf = (dialect: string, template: BodyTemplate | undefined): string =>
  template === undefined ? dialect : `${dialect}/${template.digest}`;

export function parsedFormat(format: string): { readonly dialect: string; readonly digest: string | undefined } {
  const [dialect = '', digest] = format.split('/');
  return { dialect, digest };
}

export const isJson = (contentType: string): boolean => /^application\/(.+\+)?json\b/i.test(contentType);

/** The variables of a template; `data` is JSON text, which is parsed where the template is rendered. */
export const variablesOf = ({ id, organizationId, workspaceId, type, occurredAtMs, sandbox }: WireEvent): string =>
  JSON.stringify({
    id,
    type,
    occurred_at: new Date(occurredAtMs).toISOString(),
    organization_id: organizationId,
    ...(workspaceId === undefined ? undefined : { workspace_id: workspaceId }),
    sandbox,
  });
