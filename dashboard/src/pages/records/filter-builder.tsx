import { Button } from '../../components/button.tsx';
import { Input, Segmented, Select, TextArea } from '../../components/field.tsx';
import { sentence } from '../../components/format.ts';

/** A condition as it is typed. */
interface Condition {
  readonly field: string;
  readonly op: string;
  readonly value: string;
}

/** A filter that is being edited: conditions, or JSON for what conditions cannot say. */
export interface Draft {
  readonly join: 'and' | 'or';
  readonly conditions: readonly Condition[];
  /** Undefined: the conditions apply. */
  readonly json: string | undefined;
}

const fields = {
  contact: [
    'tags',
    'status',
    'email',
    'email_domain',
    'first_name',
    'last_name',
    'job_title',
    'country',
    'city',
    'owner',
    'company.name',
    'company.industry',
    'suppressed',
    'last_activity_at',
    'last_reply_at',
    'last_contacted_at',
    'created_at',
    'updated_at',
  ],
  company: [
    'tags',
    'name',
    'domain',
    'industry',
    'country',
    'city',
    'owner',
    'employee_count',
    'last_activity_at',
    'created_at',
    'updated_at',
  ],
} as const;

const operators = [
  { value: 'eq', label: 'is' },
  { value: 'ne', label: 'is not' },
  { value: 'in', label: 'is any of' },
  { value: 'not_in', label: 'is none of' },
  { value: 'contains', label: 'contains' },
  { value: 'starts_with', label: 'starts with' },
  { value: 'gt', label: 'is after or more than' },
  { value: 'gte', label: 'is at least' },
  { value: 'lt', label: 'is before or less than' },
  { value: 'lte', label: 'is at most' },
  { value: 'exists', label: 'has a value' },
] as const;

const first: Condition = { field: 'tags', op: 'eq', value: '' };

/** A draft of a stored filter. What is not a flat list of conditions opens as JSON. */
export function emptyDraft(filter?: Readonly<Record<string, unknown>>): Draft {
  if (filter === undefined) return { join: 'and', conditions: [first], json: undefined };
  const join = Array.isArray(filter['or']) ? 'or' : 'and';
  const list: readonly unknown[] = Array.isArray(filter[join]) ? filter[join] : [filter];
  const conditions = list.flatMap((each) =>
    isCondition(each) ? [{ field: each.field, op: each.op, value: textOf(each.value) }] : [],
  );
  return conditions.length === list.length
    ? { join, conditions, json: undefined }
    : { join, conditions: [first], json: JSON.stringify(filter, null, 2) };
}

const isCondition = (
  value: unknown,
): value is { readonly field: string; readonly op: string; readonly value?: unknown } =>
  typeof value === 'object' && value !== null && 'field' in value && 'op' in value;
const textOf = (value: unknown): string =>
  Array.isArray(value) ? value.join(', ') : value === undefined ? '' : String(value);

/** The filter as the API reads it. @throws Error for JSON that is none */
export function filterOf({ join, conditions, json }: Draft): object {
  if (json !== undefined) {
    try {
      return JSON.parse(json) as object;
    } catch {
      throw new Error('The filter must be JSON.');
    }
  }
  return {
    [join]: conditions.map(({ field, op, value }) => ({
      field,
      op,
      ...(op === 'exists' && value === '' ? {} : { value: valueOf(op, value) }),
    })),
  };
}

function valueOf(op: string, text: string): unknown {
  const one = (each: string): unknown =>
    each === 'true' ? true : each === 'false' ? false : /^-?\d+(\.\d+)?$/.test(each) ? Number(each) : each;
  return op === 'in' || op === 'not_in' ? text.split(',').map((each) => one(each.trim())) : one(text.trim());
}

/** A filter as words. */
export function sentenceOf(filter: unknown): string {
  if (typeof filter !== 'object' || filter === null) return '';
  if (isCondition(filter))
    return `${filter.field} ${operators.find(({ value }) => value === filter.op)?.label ?? filter.op} ${textOf(filter.value)}`.trim();
  const [[name, inner] = ['', undefined]] = Object.entries(filter);
  if (Array.isArray(inner)) return inner.map(sentenceOf).join(` ${name} `);
  return name === 'not' ? `not (${sentenceOf(inner)})` : '';
}

/** Conditions that all, or any, must match. */
export function FilterBuilder({
  entity,
  draft,
  onChange,
  problems,
}: {
  readonly entity: 'contact' | 'company';
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  readonly problems: Readonly<Record<string, string>>;
}) {
  const { join, conditions, json } = draft;
  const change = (index: number, changed: Partial<Condition>): void => {
    onChange({ ...draft, conditions: conditions.map((each, at) => (at === index ? { ...each, ...changed } : each)) });
  };
  return (
    <div className="stack">
      <div className="row wrap">
        <Segmented
          label="Conditions"
          options={[
            { value: 'and', label: 'All match' },
            { value: 'or', label: 'Any matches' },
            { value: 'json', label: 'JSON' },
          ]}
          value={json === undefined ? join : 'json'}
          onChange={(next) => {
            if (next === 'json') onChange({ ...draft, json: JSON.stringify(filterOf(draft), null, 2) });
            else onChange({ ...draft, join: next, json: undefined });
          }}
        />
      </div>
      {json !== undefined ? (
        <TextArea
          className="mono"
          rows={10}
          aria-label="Filter as JSON"
          value={json}
          onChange={({ target }) => {
            onChange({ ...draft, json: target.value });
          }}
        />
      ) : (
        conditions.map((condition, index) => (
          <div key={index} className="row condition">
            <Select
              aria-label={`Field ${index + 1}`}
              className="auto"
              value={condition.field}
              options={[...new Set<string>([...fields[entity], condition.field])].map((value) => ({
                value,
                label: sentence(value),
              }))}
              onChange={({ target }) => {
                change(index, { field: target.value });
              }}
            />
            <Select
              aria-label={`Operator ${index + 1}`}
              className="auto"
              value={condition.op}
              options={operators}
              onChange={({ target }) => {
                change(index, { op: target.value });
              }}
            />
            <Input
              aria-label={`Value ${index + 1}`}
              value={condition.value}
              placeholder={
                condition.field.endsWith('_at') ? 'now-30d or 2026-01-31' : condition.op.endsWith('in') ? 'a, b' : ''
              }
              onChange={({ target }) => {
                change(index, { value: target.value });
              }}
            />
            <Button
              look="quiet"
              icon="close"
              aria-label={`Remove condition ${index + 1}`}
              disabled={conditions.length === 1}
              onClick={() => {
                onChange({ ...draft, conditions: conditions.filter((_, at) => at !== index) });
              }}
            />
          </div>
        ))
      )}
      {json === undefined ? (
        <div className="row">
          <Button
            size="sm"
            icon="plus"
            onClick={() => {
              onChange({ ...draft, conditions: [...conditions, first] });
            }}
          >
            Condition
          </Button>
        </div>
      ) : null}
      {Object.entries(problems)
        .filter(([name]) => name.startsWith('filter'))
        .map(([name, problem]) => (
          <span key={name} className="st failed quiet" role="alert">
            {placeOf(name)}: {problem}
          </span>
        ))}
    </div>
  );
}

/** `filter.and.1.value` is the value of condition 2. */
const placeOf = (name: string): string => {
  const [, index, part] = /^filter\.(?:and|or)\.(\d+)\.?(.*)$/.exec(name) ?? [];
  return index === undefined
    ? name
    : `Condition ${Number(index) + 1}${part === undefined || part === '' ? '' : `, ${part}`}`;
};
