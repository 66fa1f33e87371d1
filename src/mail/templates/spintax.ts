/** Spintax: `{Hello|Hi}` in the text of a template becomes a tag of Liquid, so that a template is parsed once and each message only chooses. */

/** Tags that only this file writes. */
export const spinTags = { group: 'spin_group', or: 'spin_or', end: 'spin_end', brace: 'spin_brace' } as const;

export const spinDepthMax = 5;
/** Of groups, and of variables and tags. The parser's time grows faster than their number. */
const marksMax = 5_000;

export interface Spun {
  /** The template for Liquid. */
  readonly text: string;
  /** Where an offset of `text` is in the source. */
  readonly sourceOffset: (offset: number) => number;
}

/** A problem of the source, at an offset of it. */
export class TemplateProblem extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Text that is taken as it is: in HTML the contents of styles and scripts, and comments. */
const opaqueHtml = /<(style|script)\b[^>]*>[\s\S]*?<\/\1\s*>|<!--[\s\S]*?-->/iy;
/** A URL, with braces that belong to it: `https://example.com/{a|b}`. A bar or a brace that is open before it ends it. */
const url = /\b(?:https?:\/\/|mailto:|tel:)(?:[^\s"'<>{}|\\]|\{\{[^{}]*\}\}|\{[^\s"'<>{}]*\})*/iy;
/** Contents that Liquid does not read, up to the tag that ends them. */
const rawTag = /\{%-?\s*(raw|comment)\b[\s\S]*?%\}[\s\S]*?\{%-?\s*end\1\s*-?%\}/y;
const tag = /\{%-?\s*([a-z_]*)[\s\S]*?%\}/y;
/** Quoted text may contain the end. */
const output = /\{\{(?:"[^"]*"|'[^']*'|[^"'}]|\}(?!\}))*\}\}/y;
/** From here on, the text has no meaning for spintax. */
const plain = /[^\\{}|<hmt]+/iy;

interface Frame {
  /** Of the opening brace, in the pieces and in the source. */
  readonly piece: number;
  readonly offset: number;
  readonly bars: number[];
  /** How many groups are nested in it. */
  depth: number;
}

/**
 * Replaces the spintax of a template. A group needs a bar; other braces are text, and so are `\{`, `\|` and `\}`. Linear in the length.
 * @throws TemplateProblem if groups are nested deeper than 5, or there are too many of them
 */
export function spin(source: string, format: 'text' | 'html'): Spun {
  const pieces: string[] = [];
  const offsets: number[] = [];
  const frames: Frame[] = [];
  let at = 0;
  let marks = 0;
  const add = (text: string): void => {
    pieces.push(text);
    offsets.push(at);
  };
  const count = (): void => {
    marks += 1;
    if (marks > marksMax) throw new TemplateProblem('has more than 5,000 variables, tags and groups', at);
  };
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(source);
  };
  /** Copies what a pattern finds here. */
  const copies = (pattern: RegExp): boolean => {
    const found = take(pattern)?.[0];
    if (found === undefined || found === '') return false;
    add(found);
    at += found.length;
    return true;
  };
  const close = ({ piece, bars, depth, offset }: Frame): void => {
    const outer = frames.at(-1);
    const own = bars.length > 0 ? depth + 1 : depth;
    if (outer !== undefined) outer.depth = Math.max(outer.depth, own);
    add('}');
    if (bars.length === 0) return;
    if (own > spinDepthMax) throw new TemplateProblem(`nests groups deeper than ${spinDepthMax}`, offset);
    count();
    // Its place in the source, not its turn, so that a group keeps its choices when others change after it.
    pieces[piece] = `{%${spinTags.group} ${offset}%}`;
    for (const bar of bars) pieces[bar] = `{%${spinTags.or}%}`;
    pieces[pieces.length - 1] = `{%${spinTags.end}%}`;
  };

  while (at < source.length) {
    if (copies(plain)) continue;
    const character = source.charAt(at);
    if (character === '{' && '{%'.includes(source.charAt(at + 1)) && at + 1 < source.length) {
      count();
      const name = take(tag)?.[1] ?? '';
      if (name.startsWith('spin_')) throw new TemplateProblem(`tag "${name}" does not exist`, at);
      if (copies(rawTag) || copies(output) || copies(tag)) continue;
      // Liquid reports what is not closed.
      add(source.slice(at));
      break;
    }
    if (format === 'html' && character === '<' && copies(opaqueHtml)) continue;
    if (/[hmt]/i.test(character) && copies(url)) continue;
    if (character === '\\' && '{|}'.includes(source.charAt(at + 1)) && at + 1 < source.length) {
      const escaped = source.charAt(at + 1);
      add(escaped === '{' ? `{%${spinTags.brace}%}` : escaped);
      at += 2;
      continue;
    }
    const frame = frames.at(-1);
    if (character === '{') frames.push({ piece: pieces.length, offset: at, bars: [], depth: 0 });
    if (character === '|' && frame !== undefined) frame.bars.push(pieces.length);
    if (character === '}' && frame !== undefined) {
      frames.pop();
      close(frame);
    } else add(character);
    at += 1;
  }
  return { text: pieces.join(''), sourceOffset: (offset) => sourceOffset(pieces, offsets, offset) };
}

function sourceOffset(pieces: readonly string[], offsets: readonly number[], offset: number): number {
  let start = 0;
  for (const [index, piece] of pieces.entries()) {
    if (offset < start + piece.length) return (offsets[index] ?? 0) + Math.min(offset - start, piece.length);
    start += piece.length;
  }
  return offsets.at(-1) ?? 0;
}
