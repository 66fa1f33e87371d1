import { compile } from 'html-to-text';

/** The converter's time grows with the square of the elements that are open at a place: 5,000 take 20 ms, 100,000 take 10 s. */
const openElementsMax = 5_000;
const depthMax = 100;
const voidElements = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));

const convert = compile({
  wordwrap: false,
  limits: { maxDepth: depthMax, ellipsis: '' },
  selectors: [
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
    { selector: 'img', format: 'skip' },
    ...[1, 2, 3, 4, 5, 6].map((level) => ({ selector: `h${level}`, options: { uppercase: false } })),
  ],
});

/**
 * The text of an HTML body, for readers that show no HTML: links with their targets, lists with bullets, no images.
 * @returns undefined if more than 5,000 elements are open at one place, which no editor produces
 */
export const textOfHtml = (html: string): string | undefined => (isTooDeep(html) ? undefined : convert(html));

/** Whether more elements are open at some place than the converter can take. Counts at least as many as a parser would have open. */
export function isTooDeep(html: string): boolean {
  const open = new Map<string, number>();
  let total = 0;
  for (const [, slash, written = ''] of html.matchAll(/<(\/?)([a-z][^\s/>]*)/gi)) {
    const name = written.toLowerCase();
    if (voidElements.has(name)) continue;
    const count = open.get(name) ?? 0;
    if (slash === '') {
      open.set(name, count + 1);
      if (++total > openElementsMax) return true;
    } else if (count > 0) {
      open.set(name, count - 1);
      total -= 1;
    }
  }
  return false;
}
