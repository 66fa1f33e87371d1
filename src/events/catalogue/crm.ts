import { z } from 'zod';
import { activityFields } from '../../base/records/activity.ts';
import { companyFields } from '../../base/records/company.ts';
import { contactFields } from '../../base/records/contact.ts';
import { examplesOf, isNullable } from '../../base/records/field.ts';
import type { Field, Fields } from '../../base/records/field.ts';
import { projectFields } from '../../base/records/project.ts';
import {
  builtIn,
  by,
  byExample,
  cents,
  count,
  customFields,
  day,
  example,
  id,
  moment,
  tags,
  text,
  workspaceId,
} from './built-in.ts';
import type { BuiltInType } from './built-in.ts';

/** The schema of a field in events. Ids are text: see `id`. */
function shapeOf(field: Field): z.ZodType {
  const { type, of = '', choices = [], open } = field;
  switch (type) {
    case 'text':
    case 'url':
    case 'domain':
    case 'timezone':
      return text;
    case 'id':
      return id(of);
    case 'choice':
      return open === true ? text : z.enum(choices);
    case 'flag':
      return z.boolean();
    case 'count':
      return count;
    case 'cents':
      return cents;
    case 'day':
      return day;
    case 'moment':
      return moment;
    case 'tags':
      return tags;
    case 'custom':
      return customFields;
    case 'json':
      return z.record(z.string(), z.unknown());
    case 'emails':
      return z.array(z.object({ email: text, primary: z.boolean() }));
  }
}

/** The schema of a kind of record in events. */
const recordOf = (what: string, fields: Fields) =>
  z.object({
    id: id(what),
    ...Object.fromEntries(
      Object.entries(fields).map(([name, field]) => {
        const shape = isNullable(field) ? shapeOf(field).nullable() : shapeOf(field);
        const { description = '' } = field;
        const values = field.open === true ? `One of ${(field.choices ?? []).join(', ')}.` : '';
        const described = [description, values].filter((each) => each !== '').join(' ');
        return [name, described === '' ? shape : shape.describe(described)];
      }),
    ),
    account_id: id('organization'),
    workspace_id: workspaceId,
    created_by: id('user or key that created it').nullable(),
    created_at: moment,
    updated_at: moment,
  });

const changed = { changed: z.array(z.string()).describe('Names of the fields that changed.') };
const erased = {
  erased: z.boolean().describe('Whether the person was erased: the record then has only its id and times.'),
};
const contactsChanged = {
  contacts_added: z.array(id('contact')).describe('Contacts that were added to the project.'),
  contacts_removed: z.array(id('contact')).describe('Contacts that were removed from it.'),
};

const merged = {
  merge_id: id('merge'),
  from_id: id('record that went away'),
};
const moved = {
  moved: z
    .record(z.string(), count)
    .describe('How many records of each kind now belong to this record instead. They emit no events of their own.'),
};

interface RecordEvents<Name extends string> {
  readonly name: Name;
  readonly fields: Fields;
  /** The id in the examples. */
  readonly exampleId: string;
  readonly created: string;
  readonly updated: string;
  /** Fields named as changed in the example of an update. */
  readonly changed: string[];
  /** What an update has beside the record, with an example. */
  readonly onUpdate?: readonly [z.ZodRawShape, object];
  /** Whether an erasure deletes records of the kind. */
  readonly erasable?: boolean;
}

/** A merge of two records of a kind, and its undo: what each has beside the surviving record. */
interface MergeEvents {
  readonly changed: string[];
  readonly moved: Record<string, number>;
}

/** The event types of merges of a kind of record. */
function mergeEvents<Name extends string>(
  { name, fields, exampleId }: Pick<RecordEvents<Name>, 'name' | 'fields' | 'exampleId'>,
  { changed: changedFields, moved: movedExample }: MergeEvents,
) {
  const shape = recordOf(name, fields);
  const shown = { ...shownOf(fields, exampleId), updated_at: example.later };
  const ids = { merge_id: example.merge, from_id: example.duplicate };
  const types = {
    merged: builtIn(
      `Another ${name} was merged into this one and is gone; what belonged to it belongs to this one.`,
      shape.extend({ ...merged, ...changed, ...moved, ...by }),
      { ...shown, ...ids, changed: changedFields, moved: movedExample, ...byExample },
    ),
    unmerged: builtIn(
      `A merge was undone: \`from\` exists again, with what belonged to it.`,
      shape.extend({ ...merged, from: shape, ...changed, ...by }),
      {
        ...shown,
        ...ids,
        from: { ...shownOf(fields, example.duplicate), updated_at: example.later },
        changed: changedFields,
        ...byExample,
      },
    ),
  };
  return Object.fromEntries(Object.entries(types).map(([verb, type]) => [`${name}.${verb}`, type])) as Record<
    `${Name}.${keyof typeof types}`,
    BuiltInType
  >;
}

const shownOf = (fields: Fields, exampleId: string) => ({
  id: exampleId,
  ...examplesOf(fields),
  account_id: example.organization,
  workspace_id: null,
  created_by: example.user,
  created_at: example.at,
  updated_at: example.at,
});

/** The three event types of a kind of record. */
function recordEvents<Name extends string>({
  name,
  fields,
  exampleId,
  created,
  updated,
  changed: changedFields,
  onUpdate: [updateShape, updateExample] = [{}, {}],
  erasable = false,
}: RecordEvents<Name>) {
  const shape = recordOf(name, fields);
  const shown = shownOf(fields, exampleId);
  const types = {
    created: builtIn(created, shape.extend(by), { ...shown, ...byExample }),
    updated: builtIn(updated, shape.extend({ ...changed, ...updateShape, ...by }), {
      ...shown,
      updated_at: example.later,
      changed: changedFields,
      ...updateExample,
      ...byExample,
    }),
    deleted: builtIn(
      `The ${name} was deleted; the record has its last values.`,
      shape.extend({ ...by, ...(erasable ? erased : {}) }),
      { ...shown, ...byExample, ...(erasable ? { erased: false } : {}) },
    ),
  };
  return Object.fromEntries(Object.entries(types).map(([verb, type]) => [`${name}.${verb}`, type])) as Record<
    `${Name}.${keyof typeof types}`,
    BuiltInType
  >;
}

// What records refer to ------------------------------------------------------------------------------

const source = z.object({ id: id('source'), workspace_id: workspaceId, name: text, created_at: moment, ...by });
const sourceExample = {
  id: example.source,
  workspace_id: null,
  name: 'Trade fair 2026',
  created_at: example.at,
  ...byExample,
};

const customField = z.object({
  id: id('custom field'),
  entity: z.enum(['contact', 'company', 'project']).describe('The kind of record that has the field.'),
  key: text,
  label: text,
  type: z.enum(['text', 'number', 'boolean', 'date', 'url', 'select']),
  options: z.array(z.string()).nullable().describe('The values that a `select` allows.'),
  created_at: moment,
  ...by,
});
const customFieldExample = {
  id: example.customField,
  entity: 'contact' as const,
  key: 'loyalty_tier',
  label: 'Loyalty tier',
  type: 'text' as const,
  options: null,
  created_at: example.at,
  ...byExample,
};

const segment = z.object({
  id: id('segment'),
  workspace_id: id('workspace').nullable(),
  name: text,
  entity: z.enum(['contact', 'company']).describe('The kind of record that it selects.'),
  filter: z.record(z.string(), z.unknown()).describe('The conditions that its records match.'),
  created_by: id('user or key that created it').nullable(),
  created_at: moment,
  updated_at: moment,
  ...by,
});
const segmentExample = {
  id: example.segment,
  workspace_id: null,
  name: 'Customers in Norway',
  entity: 'contact' as const,
  filter: {
    and: [
      { field: 'tags', op: 'eq', value: 'customer' },
      { field: 'country', op: 'eq', value: 'NO' },
    ],
  },
  created_by: example.user,
  created_at: example.at,
  updated_at: example.at,
  ...byExample,
};

export const crm = {
  ...recordEvents({
    name: 'contact',
    fields: contactFields,
    exampleId: example.contact,
    created: 'A contact was created, or restored after it was deleted.',
    updated: 'A contact was changed.',
    changed: ['job_title', 'tags'],
    erasable: true,
  }),
  ...mergeEvents(
    { name: 'contact', fields: contactFields, exampleId: example.contact },
    {
      changed: ['emails', 'phone'],
      moved: { imports: 0, projects: 1, activities: 4, replies: 1, messages: 3, leads: 1, meetings: 0 },
    },
  ),
  ...recordEvents({
    name: 'company',
    fields: companyFields,
    exampleId: example.company,
    created: 'A company was created.',
    updated: 'A company was changed.',
    changed: ['employee_count'],
  }),
  ...mergeEvents(
    { name: 'company', fields: companyFields, exampleId: example.company },
    { changed: ['phone', 'tags'], moved: { contacts: 3, projects: 1, activities: 12, leads: 0 } },
  ),
  ...recordEvents({
    name: 'activity',
    fields: activityFields,
    exampleId: example.activity,
    created: 'A call, email, meeting or note was recorded.',
    updated: 'An activity was changed.',
    changed: ['metadata'],
    erasable: true,
  }),
  ...recordEvents({
    name: 'project',
    fields: projectFields,
    exampleId: example.project,
    created: 'A project was created.',
    updated: 'A project was changed, or contacts were added to it or removed from it.',
    changed: ['contacts'],
    onUpdate: [contactsChanged, { contacts_added: [example.contact], contacts_removed: [] }],
  }),
  'source.created': builtIn(
    'A source of contacts was created: through the API, by an import, or by a lead that named it.',
    source,
    sourceExample,
  ),
  'source.deleted': builtIn('A source of contacts was deleted.', source, sourceExample),
  'custom_field.created': builtIn(
    'A custom field was defined: through the API, or by a lead that had a value for it.',
    customField,
    customFieldExample,
  ),
  'custom_field.updated': builtIn('The label or the options of a custom field changed.', customField.extend(changed), {
    ...customFieldExample,
    changed: ['label'],
  }),
  'custom_field.deleted': builtIn(
    'The definition of a custom field was deleted; its values stay on the records.',
    customField,
    customFieldExample,
  ),
  'segment.created': builtIn('A segment was created.', segment, segmentExample),
  'segment.updated': builtIn('The name or the filter of a segment changed.', segment.extend(changed), {
    ...segmentExample,
    changed: ['filter'],
  }),
  'segment.deleted': builtIn('A segment was deleted.', segment, segmentExample),
};
