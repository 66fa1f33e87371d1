import { hourMs, minuteMs } from '../../base/clock.ts';
import type { Folder } from '../receiving/index.ts';

/** A folder as LIST shows it; names are decoded from modified UTF-7. */
export interface ListedFolder {
  readonly path: string;
  readonly flags: ReadonlySet<string>;
  /** By RFC 6154, or by its name in one of many languages. */
  readonly specialUse?: string | undefined;
}

export interface FolderRole {
  readonly path: string;
  readonly role: Exclude<Folder, 'other'>;
}

const roles: ReadonlyMap<string, FolderRole['role']> = new Map([
  ['\\Inbox', 'inbox'],
  ['\\Sent', 'sent'],
  ['\\Junk', 'junk'],
  ['\\Archive', 'archive'],
  ['\\All', 'all'],
  ['\\Drafts', 'drafts'],
  ['\\Trash', 'trash'],
]);

/** Folders that cannot be selected (RFC 9051 §7.3.1). */
const unselectable = ['\\noselect', '\\nonexistent'];

/**
 * The folders with a role, one for each role. Others are not read.
 * @example
 * rolesOf([{ path: 'Gesendet', flags: new Set(), specialUse: '\\Sent' }]) // [{ path: 'Gesendet', role: 'sent' }]
 */
export function rolesOf(listed: readonly ListedFolder[]): FolderRole[] {
  const found = new Map<string, FolderRole>();
  for (const { path, flags, specialUse } of listed) {
    const role = path.toUpperCase() === 'INBOX' ? 'inbox' : roles.get(specialUse ?? '');
    const selectable = ![...flags].some((flag) => unselectable.includes(flag.toLowerCase()));
    if (role !== undefined && selectable && !found.has(role)) found.set(role, { path, role });
  }
  return [...found.values()];
}

/** How often a folder is looked at without any sign from the server; undefined: it is not read. IDLE reports new mail of INBOX only. */
export const pollMs = {
  inbox: 2 * minuteMs,
  junk: 5 * minuteMs,
  sent: 5 * minuteMs,
} as const satisfies Partial<Record<Folder, number>>;

export type ReadRole = keyof typeof pollMs;

export const isRead = (role: string | null): role is ReadRole => role !== null && Object.hasOwn(pollMs, role);

const failuresMax = 3;
const probeMs = 6 * hourMs;

/** After a SELECT that the server refused: the third in a row puts the folder aside for six hours. */
export const afterRefusal = (
  failures: number,
  nowMs: number,
): { readonly failures: number; readonly retryAt: Date | null } =>
  failures + 1 < failuresMax
    ? { failures: failures + 1, retryAt: null }
    : { failures: 0, retryAt: new Date(nowMs + probeMs) };
