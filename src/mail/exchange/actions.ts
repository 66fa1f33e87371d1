import { hourMs, minuteMs } from '../../base/clock.ts';
import { openAt, workSchedule } from '../schedule/index.ts';
import type { Window } from '../schedule/index.ts';
import { draw } from './draw.ts';

/** What is done with a letter that a mailbox received, in this order. */
export const actionKinds = ['move', 'read', 'flag', 'reply', 'file'] as const;
export type ActionKind = (typeof actionKinds)[number];

/** Where a letter was found. `other`: in another folder, where a filter put it. `missing`: nowhere, a day after it was sent. */
export const placements = ['inbox', 'spam', 'other', 'missing'] as const;
export type Placement = (typeof placements)[number];

export interface Receipt {
  readonly letterId: string;
  readonly placement: Placement;
  /** An answer is not answered. */
  readonly isAnswer: boolean;
  /** Of the receiver: how many of 100 letters it answers. */
  readonly replyRate: number;
  readonly timezone: string;
  readonly workHours: Window;
}

export interface Action {
  readonly kind: ActionKind;
  /** Unix milliseconds of the organization's clock. */
  readonly atMs: number;
}

const flagged = 0.2;
const firstMs = { least: 10 * minuteMs, most: 4 * hourMs };
const nextMs = { least: minuteMs, most: hourMs };

/**
 * What is done with a letter, and when: 10 minutes to 8 hours after it was found, in the work hours of its receiver, one after the other.
 * @example
 * actionsOf(receipt, now)[0] // { kind: 'move', atMs: 1767600000000 }
 */
export function actionsOf(receipt: Receipt, nowMs: number): Action[] {
  const { letterId, placement, isAnswer, replyRate, timezone, workHours } = receipt;
  // A filter of the owner has filed it, or it is not there.
  if (placement !== 'inbox' && placement !== 'spam') return [];
  const hours = workSchedule(timezone, workHours);
  const done: Record<ActionKind, boolean> = {
    move: placement === 'spam',
    read: true,
    flag: !isAnswer && draw(`${letterId} flag`) < flagged,
    reply: !isAnswer && draw(`${letterId} reply`) * 100 < replyRate,
    file: true,
  };
  const actions: Action[] = [];
  let atMs = nowMs;
  for (const kind of actionKinds) {
    if (!done[kind]) continue;
    const { least, most } = actions.length === 0 ? firstMs : nextMs;
    const wantedMs = Math.round(atMs + least + (most - least) * draw(`${letterId} ${kind} at`));
    const opening = openAt(hours, '', wantedMs);
    // Its owner never works.
    if (!opening.open && opening.opensMs === null) return [];
    atMs = opening.open ? wantedMs : (opening.opensMs ?? wantedMs);
    actions.push({ kind, atMs });
  }
  return actions;
}
