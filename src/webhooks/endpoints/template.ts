import { z } from 'zod';
import { canonicalTypes } from '../../base/event-types.ts';
import { invalid } from '../../base/errors.ts';
import type { EventId, OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import { patternMatches } from '../../delivery/endpoint.ts';
import { templateOf } from '../../delivery/templates/body-template.ts';
import type { BodyRenderer } from '../../delivery/templates/renderer.ts';
import { keepTemplate } from './queries.ts';
import type { EndpointRow } from './queries.ts';
import type { EndpointSettings } from './settings.ts';

/** The template of an endpoint's bodies. */

const templateCharactersMax = 32_768;
/** The examples of so many types are tried; each is a render on the thread. */
const triedMax = 10;
/** RFC 9110 §8.3.1, without parameters but the charset that bodies have. */
const mediaType = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,60}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}(; ?charset=utf-8)?$/i;

export const contentTypeDefault = 'application/json';

export const templateFields = {
  body_template: z
    .string()
    .min(1)
    .max(templateCharactersMax)
    .nullable()
    .describe(
      "A Liquid template of the body, instead of the dialect's body (dialect `standard` only), with the variables `data`, `type`, `id`, `occurred_at`, `organization_id`, `workspace_id` and `sandbox`. The filter `json` prints a value as JSON. It is tried with examples of the event types. The signature is over the rendered body.",
    ),
  content_type: z
    .string()
    .max(150)
    .regex(mediaType, 'must be a media type such as application/json or text/plain; charset=utf-8')
    .nullable()
    .describe(`The media type of the template's bodies; null: \`${contentTypeDefault}\`. JSON bodies are checked.`),
};

export interface TemplateOptions {
  readonly templates: BodyRenderer;
  /** An example of a type's `data`, or a promise of one; undefined if the type has none. */
  readonly exampleOf: (type: string, organizationId: OrganizationId) => unknown;
}

type Templated = Pick<EndpointSettings, 'body_template' | 'content_type' | 'dialect' | 'events'>;

/** Whether a change may make a template fail that did not fail before. */
export const rendersAnew = (change: object): boolean =>
  ['body_template', 'content_type', 'dialect', 'events'].some((name) => Object.hasOwn(change, name));

/**
 * Renders a template with the examples of the types that the endpoint gets.
 * @throws ApiError `validation_failed`
 */
export async function assertRenders(
  { templates, exampleOf }: TemplateOptions,
  { body_template: text, content_type: contentType, dialect, events }: Templated,
  organizationId: OrganizationId,
  nowMs: number,
): Promise<void> {
  if (text === null) {
    if (contentType !== null)
      throw invalid({ content_type: 'needs a body_template; to remove the template, send null for both' });
    return;
  }
  if (dialect !== 'standard')
    throw invalid({ body_template: `the ${dialect} dialect has bodies of its own; use dialect standard` });
  const template = templateOf(text, contentType ?? contentTypeDefault);
  for (const [type, example] of await examplesOf(events, (each) => exampleOf(each, organizationId))) {
    const rendered = await templates.render(template, {
      id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1e00' as EventId,
      organizationId,
      type,
      data: Buffer.from(JSON.stringify(example)),
      occurredAtMs: nowMs,
      sandbox: false,
    });
    if (rendered.kind === 'failed')
      throw invalid({ body_template: `${rendered.message} (with the example of ${type})` });
  }
}

/** Examples of the types that patterns match; that of a test if no type has one. */
async function examplesOf(
  events: readonly string[],
  exampleOf: (type: string) => unknown,
): Promise<readonly (readonly [string, unknown])[]> {
  const matched = canonicalTypes.filter((type) => events.some((pattern) => patternMatches(pattern, type)));
  const named = events.filter((pattern) => !pattern.endsWith('*'));
  const types = [...new Set([...named, ...matched])].slice(0, triedMax);
  const examples = await Promise.all(types.map(async (type) => [type, await exampleOf(type)] as const));
  const found = examples.filter(([, example]) => example !== undefined);
  return found.length > 0 ? found : [['webhook.test', await exampleOf('webhook.test')]];
}

/** Attempts show the bodies of this many templates of an endpoint. */
const templatesMax = 20;

/** Keeps the endpoint's template for the attempts that are made with it. */
export async function keep(tx: Transaction, row: Omit<EndpointRow, 'number'>): Promise<void> {
  const { id, body_template: text, content_type: contentType, updated_at: at } = row;
  if (text !== null) await keepTemplate(tx, id, templateOf(text, contentType ?? contentTypeDefault), at, templatesMax);
}
