import { Parser } from 'htmlparser2';

/** Attributes whose value a reader's program may open. */
const linkAttributes = new Set(['href', 'src', 'action', 'formaction', 'background', 'xlink:href']);
const allowedSchemes = new Set(['http', 'https', 'mailto', 'tel', 'sms', 'cid']);

interface Link {
  readonly attribute: string;
  readonly value: string;
}

function linksOf(html: string): Link[] {
  const links: Link[] = [];
  const parser = new Parser({
    onattribute(name, value) {
      if (linkAttributes.has(name)) links.push({ attribute: name, value });
    },
  });
  parser.end(html);
  return links;
}

/** The scheme of a URL as browsers read it: without blanks and controls. Undefined for a relative URL, or one that begins with a variable. */
const schemeOf = (value: string): string | undefined =>
  /^([a-z][a-z0-9+.-]*):/i.exec(value.replaceAll(/[\p{Cc}\s]/gu, ''))?.[1]?.toLowerCase();

/** What is wrong with the links of an HTML body: schemes such as `javascript:`. Undefined if nothing is. */
export function hrefProblem(html: string): string | undefined {
  for (const { attribute, value } of linksOf(html)) {
    const scheme = schemeOf(value);
    if (scheme !== undefined && !allowedSchemes.has(scheme))
      return `has a link with ${scheme}: in ${attribute}; links begin with https:, http:, mailto: or tel:`;
  }
  return undefined;
}

/** Hosts that hide where a link leads to; filters distrust them. */
const shorteners = new Set(
  'bit.ly tinyurl.com goo.gl t.co ow.ly is.gd buff.ly rebrand.ly cutt.ly rb.gy shorturl.at tiny.cc lnkd.in t.ly'.split(
    ' ',
  ),
);
const linksWanted = 2;
/** In UTF-8. Gmail cuts off what comes after 102 KB. */
const htmlBytesWanted = 100 * 1024;

export interface Warning {
  readonly code: 'many_links' | 'shortened_link' | 'large_html';
  readonly message: string;
}

const webUrl = /\bhttps?:\/\/[^\s"'<>]+/gi;

/**
 * What may bring a message into the spam folder, or hide a part of it.
 * @param body of a template or of a rendered message
 * @example
 * contentWarnings({ body: 'See https://bit.ly/x', format: 'text' }); // [{ code: 'shortened_link', … }]
 */
export function contentWarnings({
  body,
  format,
}: {
  readonly body: string;
  readonly format: 'text' | 'html';
}): Warning[] {
  const urls =
    format === 'html'
      ? linksOf(body).flatMap(({ attribute, value }) =>
          attribute === 'href' && /^https?:/i.test(value.trim()) ? [value.trim()] : [],
        )
      : [...body.matchAll(webUrl)].map(([found]) => found);
  const hosts = urls.map((found) => URL.parse(found)?.hostname ?? '');
  const shortened = hosts.filter((host) => shorteners.has(host.replace(/^www\./, '')));
  const bytes = Buffer.byteLength(body);
  const warnings: (Warning | false)[] = [
    urls.length > linksWanted && {
      code: 'many_links',
      message: `has ${urls.length} links; more than ${linksWanted} in a first message look like advertising`,
    },
    shortened.length > 0 && {
      code: 'shortened_link',
      message: `has a shortened link (${shortened[0] ?? ''}); use the full URL`,
    },
    format === 'html' &&
      bytes > htmlBytesWanted && {
        code: 'large_html',
        message: `has ${Math.ceil(bytes / 1024)} KiB of HTML; Gmail hides what comes after 102 KB`,
      },
  ];
  return warnings.filter((warning) => warning !== false);
}
