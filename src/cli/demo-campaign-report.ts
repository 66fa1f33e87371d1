import type { Arrival } from './demo-receiver.ts';
import { own } from '../base/own.ts';
import { table } from './help.ts';

/** What the API says of the campaign when it has ended. */
export interface Ended {
  readonly campaign: {
    readonly name: string;
    readonly status: string;
    readonly metrics: Readonly<Record<string, number | null>>;
    readonly sequence: readonly {
      readonly number: number;
      readonly metrics: Readonly<Record<string, number | null>>;
    }[];
  };
  readonly leads: readonly { readonly status: string; readonly blocked_reason: string | null }[];
}

const figures = ['sent', 'delivered', 'bounced', 'opened', 'clicked', 'replied', 'unsubscribed'] as const;
const cell = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : String(value);

/** The table of the campaign: one line for each step and one for all, and what became of the leads. */
export function campaignTable({ campaign, leads }: Ended): string {
  const fates = Map.groupBy(leads, ({ status, blocked_reason: reason }) =>
    status === 'finished' ? 'finished: all steps were sent' : reason === null ? status : `${status}: ${reason}`,
  );
  const lineOf = (title: string, metrics: Readonly<Record<string, number | null>>): string[] => [
    title,
    ...figures.map((name) => cell(own(metrics, name))),
  ];
  const steps = campaign.sequence.map(({ number, metrics }) => lineOf(`step ${number}`, metrics));
  return [
    `Campaign "${campaign.name}": ${campaign.status}, ${cell(campaign.metrics['leads'])} leads, ${cell(campaign.metrics['contacted'])} contacted`,
    '',
    table(['', ...figures], [...steps, lineOf('all', campaign.metrics)]),
    '',
    'delivered: a server reported the delivery. The event email.delivered means that a server accepted the message.',
    '',
    table(
      ['what became of them', 'leads'],
      [...fates].toSorted(([a], [b]) => a.localeCompare(b)).map(([fate, all]) => [fate, String(all.length)]),
    ),
  ].join('\n');
}

/** The table of deliveries: how many of each event arrived, and whether all signatures were valid. */
export function deliveryTable(arrivals: readonly Arrival[]): { readonly text: string; readonly good: boolean } {
  const byEvent = Map.groupBy(arrivals, ({ event }) => event);
  const valid = ({ standard }: Arrival): boolean => standard;
  const rows = [...byEvent]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([event, all]) => [event, String(all.length), `${all.filter(valid).length} of ${all.length}`]);
  const repeated = arrivals.length - new Set(arrivals.map(({ deliveryId }) => deliveryId)).size;
  return {
    text: table(['event', 'deliveries', 'signatures verified'], rows),
    good: repeated === 0 && arrivals.every(valid),
  };
}
