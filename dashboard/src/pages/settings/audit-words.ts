import { counted, sentence } from '../../components/format.ts';

/** What the audit log can be limited to. */
export const auditTopics = ['people', 'sign_ins', 'keys', 'settings', 'definitions', 'jobs', 'suppressions'] as const;
export type AuditTopic = (typeof auditTopics)[number];

const patterns: Readonly<Record<AuditTopic, string>> = {
  people: 'member.invited,member.joined,member.role_changed,member.removed',
  sign_ins: 'member.signed_in',
  keys: 'key.*',
  settings: 'setting.changed',
  definitions: 'custom_field.*,source.*,segment.*,topic.created,topic.updated,topic.deleted',
  jobs: 'import.*,bulk_job.*',
  suppressions: 'suppression.deleted',
};

/** The types of events that concern administration: each has an actor. */
export const patternsOf = (topic: AuditTopic | undefined): string =>
  topic === undefined ? Object.values(patterns).join(',') : patterns[topic];

export const topicOptions = [
  { value: 'people', label: 'People' },
  { value: 'sign_ins', label: 'Sign-ins' },
  { value: 'keys', label: 'Keys' },
  { value: 'settings', label: 'Endpoints, mailboxes, settings, accounts' },
  { value: 'definitions', label: 'Fields, sources, segments, topics' },
  { value: 'jobs', label: 'Imports and bulk jobs' },
  { value: 'suppressions', label: 'Lifted suppressions' },
] as const satisfies readonly { readonly value: AuditTopic; readonly label: string }[];

type Data = Readonly<Record<string, unknown>>;

const textOf = (data: Data, name: string): string | undefined => {
  const value = data[name];
  return typeof value === 'string' ? value : undefined;
};
const numberOf = (data: Data, name: string): number => (typeof data[name] === 'number' ? data[name] : 0);

/** What happened, in one sentence without its subject. */
export function whatOf(event: string, data: Data): string {
  const named = textOf(data, 'label') ?? textOf(data, 'name') ?? '';
  const email = textOf(data, 'email') ?? '';
  const role = textOf(data, 'role') ?? '';
  const [family = '', change = ''] = event.split('.');
  if (event === 'member.invited') return `Invited ${email} as ${role}`;
  if (event === 'member.joined') return `${email} joined as ${role}`;
  if (event === 'member.role_changed')
    return `Made ${email} ${role}, before: ${textOf(data, 'previous_role') ?? 'none'}`;
  if (event === 'member.removed') return `Removed ${email}, ${role}`;
  if (event === 'member.signed_in') return `Signed in as ${role}`;
  if (event === 'setting.changed') {
    const action = (textOf(data, 'action') ?? 'changed').replaceAll('-', ' ');
    const fields =
      Array.isArray(data['fields']) && action === 'changed' ? data['fields'].join(', ').replaceAll('_', ' ') : '';
    const kind = (textOf(data, 'kind') ?? 'setting').replaceAll('_', ' ');
    return `${sentence(action)}: ${kind}${named === '' ? '' : ` “${named}”`}${fields === '' ? '' : `, ${fields}`}`;
  }
  if (event === 'suppression.deleted') {
    const lifted = textOf(data, 'email') ?? textOf(data, 'domain') ?? 'an erased address';
    return `Lifted the suppression of ${lifted} (${sentence(textOf(data, 'reason') ?? '').toLowerCase()})`;
  }
  if (family === 'bulk_job')
    return `${sentence(`${textOf(data, 'action') ?? 'changed'} of ${counted(numberOf(data, 'total'), textOf(data, 'entity') ?? 'record')}`)}: ${change}`;
  if (family === 'import')
    return `Import${data['file_name'] == null ? '' : ` of ${textOf(data, 'file_name') ?? ''}`} with ${counted(numberOf(data, 'rows_read'), 'row')}: ${change}`;
  return `${sentence(change)} the ${family.replaceAll('_', ' ')} “${named}”`;
}

export interface Actor {
  readonly type: string;
  readonly id: string | null;
}

export function actorOf(data: Data): Actor | undefined {
  const { actor } = data;
  if (typeof actor !== 'object' || actor === null) return undefined;
  const { type, id } = actor as { readonly type?: unknown; readonly id?: unknown };
  return typeof type === 'string' ? { type, id: typeof id === 'string' ? id : null } : undefined;
}
