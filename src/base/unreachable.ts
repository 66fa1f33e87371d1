/**
 * Ends a branch that no input can reach: a broken invariant of ours, never the caller's mistake.
 * @param what the fact that was broken, such as `no result for row 3`; it is logged, and the caller gets `internal`.
 * @throws Error always.
 * @example
 * const [row] = await db.query(…);
 * return row ?? unreachable('INSERT … RETURNING returned no row');
 */
export function unreachable(what: string): never {
  throw new Error(`unreachable: ${what}`);
}
