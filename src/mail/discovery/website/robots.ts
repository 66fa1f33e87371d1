/** What a robots.txt says to one crawler. */
export interface RobotRules {
  /** @param path path and query of a URL */
  readonly isAllowed: (path: string) => boolean;
  /** The pause between two requests that is asked for; 0: none. */
  readonly delayMs: number;
}

/** A hostile file must not take long to apply. One with more rules forbids everything. */
const rulesMax = 5_000;
const patternMax = 500;

interface Rule {
  readonly pattern: string;
  readonly allows: boolean;
}

/** Rules that hold for the same crawlers. */
interface Group {
  readonly agents: string[];
  readonly rules: Rule[];
  delayMs: number;
  hasBegun: boolean;
}

/** Paths and patterns are compared in one spelling (RFC 9309 §2.2.2). */
const spelled = (text: string): string =>
  text
    .toWellFormed()
    .replace(/%[0-9a-f]{2}/gi, (code) => {
      const character = String.fromCharCode(Number.parseInt(code.slice(1), 16));
      return /[A-Za-z0-9._~-]/.test(character) ? character : code.toUpperCase();
    })
    .replace(/[^\x21-\x7e]/gu, encodeURIComponent);

/** A path, in which `*` and `$` stand for themselves (RFC 9309 §2.2.3): they are encoded where patterns mean them so. */
const literal = (path: string): string => spelled(path).replaceAll('*', '%2A').replaceAll('$', '%24');

/** Whether a pattern, in which `*` is anything and a final `$` the end, matches the beginning of a path. */
function matches(pattern: string, path: string): boolean {
  const isWhole = pattern.endsWith('$');
  const [first = '', ...rest] = (isWhole ? pattern.slice(0, -1) : pattern).split('*');
  if (!path.startsWith(first)) return false;
  if (isWhole && rest.length === 0) return path.length === first.length;
  let at = first.length;
  for (const [place, part] of rest.entries()) {
    if (isWhole && place === rest.length - 1) return path.length - part.length >= at && path.endsWith(part);
    const found = path.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}

function groupsOf(text: string): readonly Group[] {
  const groups: Group[] = [];
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n?|\n/)) {
    const [, name = '', given = ''] = /^\s*([A-Za-z-]+)\s*:(.*)$/.exec(line.replace(/#.*/, '')) ?? [];
    const value = given.trim();
    const key = name.toLowerCase();
    let group = groups.at(-1);
    if (key === 'user-agent') {
      if (group === undefined || group.hasBegun) {
        group = { agents: [], rules: [], delayMs: 0, hasBegun: false };
        groups.push(group);
      }
      group.agents.push(value === '*' ? value : (/^[A-Za-z_-]*/.exec(value)?.[0] ?? '').toLowerCase());
      continue;
    }
    if (group === undefined || !['allow', 'disallow', 'crawl-delay'].includes(key)) continue;
    group.hasBegun = true;
    if (key === 'crawl-delay') group.delayMs = Math.max(group.delayMs, Number(value) * 1_000 || 0);
    else if (value !== '' && (key === 'disallow' || value.length <= patternMax))
      group.rules.push({
        pattern: spelled(value.slice(0, patternMax)).replace(/\$(?!$)/g, '%24'),
        allows: key === 'allow',
      });
  }
  return groups;
}

/**
 * Reads a robots.txt (RFC 9309, and `Crawl-delay`): the groups that name the crawler, otherwise those of all. The longest pattern that
 * matches decides; of two, the one that allows.
 * @param product the name of the crawler, without a version
 * @example
 * readRobots('User-agent: *\nDisallow: /private', 'OutriderBot').isAllowed('/private/team') // false
 */
export function readRobots(text: string, product: string): RobotRules {
  const groups = groupsOf(text);
  const own = groups.filter(({ agents }) => agents.includes(product.toLowerCase()));
  const chosen = own.length > 0 ? own : groups.filter(({ agents }) => agents.includes('*'));
  const rules = chosen.flatMap((group) => group.rules);
  return {
    delayMs: Math.max(0, ...chosen.map((group) => group.delayMs)),
    isAllowed(given) {
      if (rules.length > rulesMax) return false;
      const path = literal(given);
      let best: Rule | undefined;
      for (const rule of rules)
        if (
          (best === undefined ||
            rule.pattern.length > best.pattern.length ||
            (rule.pattern.length === best.pattern.length && rule.allows)) &&
          matches(rule.pattern, path)
        )
          best = rule;
      return best?.allows ?? true;
    },
  };
}
