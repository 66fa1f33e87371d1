import type { Clock } from '../../base/clock.ts';
import { checkUrl, resolveChecked } from '../../base/egress.ts';
import type { EgressPolicy, Refusal, Resolve } from '../../base/egress.ts';
import { invalid } from '../../base/errors.ts';
import type { ApiError } from '../../base/errors.ts';
import type { OrganizationId } from '../../base/ids.ts';

export interface CallableOptions {
  readonly clock: Clock;
  readonly egress: EgressPolicy;
  readonly resolve: Resolve;
  /** Called when a host resolves to an address that may not be called; the refusal's detail is for the operator's log. */
  readonly onRefused: (host: string, refusal: Refusal) => void;
}

/**
 * Refuses a URL that may not be called. A host name without an address is accepted: each connection checks it again.
 * @throws ApiError `validation_failed` for the field
 */
export async function assertCallable(
  { clock, egress, resolve, onRefused }: CallableOptions,
  field: string,
  text: string,
  organization: OrganizationId,
): Promise<void> {
  if (/[\s\p{Cc}]/u.test(text)) throw invalid({ [field]: 'must not contain spaces or control characters' });
  const checked = checkUrl(text, egress);
  if (!checked.ok) throw uncallable(field, checked);
  const resolved = await resolveChecked(checked.url.hostname, egress, resolve, { clock, organization });
  if (resolved.ok || resolved.cause === 'dns') return;
  onRefused(checked.url.hostname, resolved);
  throw uncallable(field, resolved);
}

/** Names the setting for the operator, who may not be the caller. */
const uncallable = (field: string, { reason, setting }: Refusal): ApiError =>
  invalid({
    [field]: setting === undefined ? reason : `${reason} (the operator of this server can allow it: ${setting})`,
  });
