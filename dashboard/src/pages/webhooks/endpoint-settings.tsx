import type { Webhook } from '@outrider/sdk';
import { CopyLine, Json } from '../../components/copy.tsx';
import { duration } from '../../components/format.ts';
import { Columns, Facts, Region } from '../../components/page.tsx';
import { Time } from '../../components/value.tsx';
import { Verify } from './verify.tsx';
import { scheduleText } from './words.ts';

/** The settings that apply to its deliveries: its own, or the dialect's. */
export function EndpointSettings({ endpoint }: { readonly endpoint: Webhook }) {
  const { effective } = endpoint;
  return (
    <Columns even>
      <div>
        <Region title="Settings">
          <Facts
            width={148}
            rows={[
              ['URL', <CopyLine text={endpoint.target_url} label="Copy URL" wrap />],
              ['Id', <CopyLine text={endpoint.id} label="Copy id" />],
              [
                'Attempts',
                `${effective.retry_schedule_seconds.length + 1}: at once, then after ${scheduleText(effective.retry_schedule_seconds)}`,
              ],
              ['Timeout', duration(effective.timeout_ms)],
              ['At the same time', `${endpoint.max_in_flight} at most`],
              [
                'Rate',
                endpoint.rate_limit_per_second === null
                  ? 'no limit'
                  : `${endpoint.rate_limit_per_second} per second at most`,
              ],
              ['Order', endpoint.ordering === 'fifo' ? 'first in, first out' : 'none'],
              ['Signature', endpoint.signing],
              ['Secret', <span className="mono">{`${endpoint.secret_prefix}…`}</span>],
              ['Client certificate', endpoint.tls?.client_certificate?.subject ?? 'none'],
              [
                'OAuth 2.0',
                endpoint.oauth2 === null ? 'none' : `${endpoint.oauth2.client_id} at ${endpoint.oauth2.token_url}`,
              ],
              ['Changed', <Time at={endpoint.updated_at} />],
            ]}
          />
        </Region>
        <Region title="Events">
          <p className="mono small">{endpoint.events.join(', ')}</p>
        </Region>
      </div>
      <div>
        {endpoint.filter === null ? null : (
          <Region title="Filter">
            <Json value={endpoint.filter} title="Only events whose data matches" />
          </Region>
        )}
        {Object.keys(endpoint.headers).length === 0 ? null : (
          <Region title="Headers">
            <Json value={endpoint.headers} title="Sent with each delivery" />
          </Region>
        )}
        <Verify dialect={endpoint.dialect} />
      </div>
    </Columns>
  );
}
