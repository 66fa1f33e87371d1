/** A due lead, as an index has it. */
export interface DueLead {
  readonly id: string;
  readonly campaignId: string;
  readonly domain: string;
  /** Unix milliseconds of the organization's clock. */
  readonly dueMs: number;
  /** It was not contacted yet. */
  readonly isNew: boolean;
}

/** How a campaign takes its turn in a mailbox. */
export interface CampaignTurn {
  readonly newLeadsFirst: boolean;
  /** When the mailbox last sent a message of the campaign; null: never. */
  readonly servedMs: number | null;
}

/** A due lead with its place in the order. */
export interface OrderedLead extends DueLead {
  readonly priority: 1 | 2;
}

/** Candidates of one mailbox in one turn: enough to find one whose domain is not at its limit. */
export const candidatesMax = 16;

/**
 * The candidates of one mailbox, the first to be sent first: follow-ups before new leads, unless a campaign says otherwise; campaigns take
 * turns, the one that was served longest ago first; within a campaign, what was due first. Of each domain there is one.
 * @example
 * const [first] = inOrder(due, new Map([[campaign.id, { newLeadsFirst: false, servedMs: null }]]));
 */
export function inOrder(due: readonly DueLead[], campaigns: ReadonlyMap<string, CampaignTurn>): OrderedLead[] {
  const turnOf = (id: string): CampaignTurn => campaigns.get(id) ?? { newLeadsFirst: false, servedMs: null };
  const prioritized = due.map((lead): OrderedLead => ({
    ...lead,
    priority: lead.isNew === turnOf(lead.campaignId).newLeadsFirst ? 1 : 2,
  }));
  const candidates: OrderedLead[] = [];
  const domains = new Set<string>();
  for (const priority of [1, 2] as const) {
    const queues = [
      ...Map.groupBy(
        prioritized.filter((lead) => lead.priority === priority),
        (lead) => lead.campaignId,
      ),
    ]
      .toSorted(([one], [other]) => bySize(servedOf(one), servedOf(other)) || bySize(one, other))
      .map(([, leads]) => leads.toSorted((a, b) => bySize(a.dueMs, b.dueMs) || bySize(a.id, b.id)));
    for (let open = queues; open.length > 0 && candidates.length < candidatesMax;) {
      for (const queue of open) {
        const next = firstOfNewDomain(queue);
        if (next === undefined || candidates.length === candidatesMax) continue;
        domains.add(next.domain);
        candidates.push(next);
      }
      open = open.filter((queue) => queue.length > 0);
    }
  }
  return candidates;

  function servedOf(id: string): number {
    return turnOf(id).servedMs ?? -Infinity;
  }

  /** Removes leads from a queue up to the first whose domain has no candidate yet. */
  function firstOfNewDomain(queue: OrderedLead[]): OrderedLead | undefined {
    for (let lead = queue.shift(); lead !== undefined; lead = queue.shift()) if (!domains.has(lead.domain)) return lead;
    return undefined;
  }
}

const bySize = <Value extends string | number>(a: Value, b: Value): number => Number(a > b) - Number(a < b);
