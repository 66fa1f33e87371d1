/** Turns filters into SQL: parameters for every value, and text that is the same for every organization. Pure. */
import { dayOf } from '../../base/clock.ts';
import { containing, joinParts, part, plainArray } from '../../db/sql.ts';
import type { Part } from '../../db/sql.ts';
import { folded } from '../records/index.ts';
import type { SegmentField } from './fields.ts';
import type { Comparison, Condition, Moment, Value } from './filter.ts';

/** Where the conditions are evaluated. */
interface Compiling {
  readonly nowMs: number;
}

export interface Compiled {
  /** True or not, for a row of the record's table with the alias `c`. */
  readonly condition: Part;
  /** What evaluating it for one row takes, as a multiple of comparing one column. */
  readonly cost: number;
  /** A necessary condition by which an index finds rows; undefined: there is none. */
  readonly anchor: Anchor | undefined;
}

export interface Anchor {
  readonly condition: Part;
  /** The smaller, the fewer rows it usually finds. */
  readonly rank: number;
}

/**
 * Compiles a filter for rows of its table with the alias `c`.
 * A field without a value matches no condition except `ne`, `not_in` and `exists: false`; `not` is the exact complement.
 */
export function compile(condition: Condition, { nowMs }: Compiling): Compiled {
  return { condition: write(condition, false), cost: costOf(condition), anchor: anchorOf(condition, false) };

  /** Negation is moved to the leaves, so that no comparison with null makes a `not` unknown. */
  function write(node: Condition, negated: boolean): Part {
    switch (node.kind) {
      case 'not':
        return write(node.of, !negated);
      case 'and':
      case 'or': {
        const parts = node.of.toSorted((a, b) => costOf(a) - costOf(b)).map((each) => write(each, negated));
        return part`(${joinParts(parts, (node.kind === 'and') === negated ? ' OR ' : ' AND ')})`;
      }
      case 'leaf': {
        const held = node.ofCompany
          ? // As a value, not as a join: the planner would read all companies for it.
            part`(SELECT ${leaf(node.field, node.comparison, 'o')} FROM companies o WHERE o.id = c.company_id)`
          : leaf(node.field, node.comparison, 'c');
        return negated ? part`(${held}) IS NOT TRUE` : held;
      }
    }
  }

  function leaf(field: SegmentField, comparison: Comparison, of: string): Part {
    const value = field.read(of);
    const { kind } = field;
    switch (comparison.op) {
      case 'exists':
        if (kind === 'set' || kind === 'ids') return part`cardinality(${value}) > 0`;
        return part`${value} IS NOT NULL`;
      case 'eq':
        if (kind === 'set') return part`${value} @> ARRAY[${comparison.value}::text]`;
        if (kind === 'ids') return part`${comparison.value}::uuid = ANY(${value})`;
        return part`${value} = ${parameter(field, comparison.value)}`;
      case 'in': {
        if (kind === 'set') return part`${value} && ${comparison.values}::text[]`;
        if (kind === 'ids') return part`${value} && ${comparison.values}::uuid[]`;
        return part`${value} = ANY(ARRAY[${joinParts(
          comparison.values.map((each) => parameter(field, each)),
          ', ',
        )}])`;
      }
      case 'contains':
        return part`lower(${value}) LIKE lower(${containing(comparison.text)}::text)`;
      case 'starts_with': {
        const pattern = containing(comparison.text).slice(1);
        return kind === 'set'
          ? part`EXISTS (SELECT FROM unnest(${value}) AS t (tag) WHERE lower(t.tag) LIKE lower(${pattern}::text))`
          : part`lower(${value}) LIKE lower(${pattern}::text)`;
      }
      case 'gt':
        return part`${value} > ${parameter(field, comparison.value)}`;
      case 'gte':
        return part`${value} >= ${parameter(field, comparison.value)}`;
      case 'lt':
        return part`${value} < ${parameter(field, comparison.value)}`;
      case 'lte':
        return part`${value} <= ${parameter(field, comparison.value)}`;
    }
  }

  function parameter({ kind }: SegmentField, value: Value): Part {
    switch (kind) {
      case 'number':
        return part`${value}::numeric`;
      case 'flag':
        return part`${value}::boolean`;
      case 'id':
      case 'ids':
        return part`${value}::uuid`;
      case 'moment':
        return part`${timeOf(value as Moment)}::timestamptz`;
      case 'day':
        // Days of custom fields are text.
        return part`${dayOf(timeOf(value as Moment).getTime())}::text COLLATE "C"`;
      case 'text':
      case 'email':
      case 'set':
        return part`${value}::text`;
    }
  }

  function timeOf({ atMs, fromNowMs = 0 }: Moment): Date {
    return new Date(atMs ?? nowMs + fromNowMs);
  }

  function anchorOf(node: Condition, negated: boolean): Anchor | undefined {
    if (node.kind === 'not') return anchorOf(node.of, !negated);
    if (node.kind === 'leaf') return negated || node.ofCompany ? undefined : leafAnchor(node.field, node.comparison);
    const anchors = node.of.map((each) => anchorOf(each, negated));
    const found = anchors.filter((each) => each !== undefined);
    // Of conditions that must all hold, one is enough; of alternatives, each needs an index.
    if ((node.kind === 'and') !== negated) return found.toSorted((a, b) => a.rank - b.rank)[0];
    if (found.length < anchors.length) return undefined;
    const conditions = found.map((each) => each.condition);
    return { condition: part`(${joinParts(conditions, ' OR ')})`, rank: Math.max(...found.map(({ rank }) => rank)) };
  }

  function leafAnchor(field: SegmentField, comparison: Comparison): Anchor | undefined {
    const { index, searched } = field;
    if (comparison.op === 'contains' || comparison.op === 'starts_with') {
      // Only letters are folded one by one, so that the folded text contains them wherever the field does.
      if (searched !== true || !/^\p{L}{3,}$/u.test(comparison.text)) return undefined;
      return { condition: part`c.search LIKE ${containing(folded(comparison.text))}::text`, rank: 5 };
    }
    const values = comparison.op === 'in' ? comparison.values : comparison.op === 'eq' ? [comparison.value] : undefined;
    if (values === undefined) return undefined;
    const condition = leaf(field, comparison, 'c');
    if (index === 'exceptDefault')
      return values.includes('active')
        ? undefined
        : { condition: part`(${condition} AND c.status <> 'active')`, rank: 3 };
    if (index === 'gin') return { condition, rank: 4 };
    return index === 'btree' ? { condition, rank: field.kind === 'email' ? 1 : 2 } : undefined;
  }
}

function costOf(node: Condition): number {
  if (node.kind === 'not') return costOf(node.of);
  if (node.kind === 'leaf') {
    const { op } = node.comparison;
    return node.field.cost + (node.ofCompany ? 4 : 0) + (op === 'contains' || op === 'starts_with' ? 1 : 0);
  }
  return node.of.reduce((sum, each) => sum + costOf(each), 0);
}

/** A condition that holds for the records with these ids. */
export const hasId = (ids: readonly string[]): Part => part`c.id = ANY(${plainArray(ids)}::uuid[])`;
