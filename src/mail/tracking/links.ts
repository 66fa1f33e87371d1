import type { KeyObject } from 'node:crypto';
import { Parser } from 'htmlparser2';
import { parse } from 'tldts';
import { linksMax, pixelNumber, tokenLength, tokenOf, unsubscribeNumber } from './token.ts';

/** Where the links of a mailbox's messages lead to: origins such as `https://links.hopper.example`. Null: there is no host for them. */
export interface LinkHosts {
  /** For opens and clicks. */
  readonly tracking: string | null;
  readonly unsubscribe: string | null;
}

/** What a message's links are made of: the same options give the same links. */
export interface LinkOptions {
  readonly tag: string;
  /** UUID, see `messages.send_key`. */
  readonly sendKey: string;
  readonly hosts: LinkHosts;
  /** The sender's address, which reads opt-outs that are sent by mail. */
  readonly mailbox: string;
  readonly tracking: { readonly opens: boolean; readonly clicks: boolean };
}

/** The links of one message. */
export interface MessageLinks {
  /** Null: recipients can opt out only by mail. */
  readonly unsubscribeUrl: string | null;
  /** `List-Unsubscribe` (RFC 2369) and, with a URL, `List-Unsubscribe-Post` (RFC 8058). */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Replaces the links of an HTML body, and adds the pixel. Every other byte stays as it is.
   * @returns the body, and the URLs of the links in the order of their numbers, from 1
   */
  rewrite(html: string): { readonly html: string; readonly links: readonly string[] };
}

/** The subject by which an opt-out is recognized: this and the token. */
const unsubscribeSubject = 'unsubscribe-';
const optOutPattern = new RegExp(`${unsubscribeSubject}([\\w-]{${tokenLength}})(?![\\w-])`);

/** The token of an opt-out in a text, such as a subject; it is not checked. */
export const optOutIn = (text: string): string | undefined => optOutPattern.exec(text)?.[1];

/**
 * Makes the links of a message. Only links to `http` and `https` are replaced, and none whose visible text names an address: filters take
 * a text that differs from its target for phishing.
 * @param key of the organization, as `tokenOf` needs it
 * @example
 * const { rewrite, headers } = linksOf(key, { tag, sendKey, hosts, mailbox: 'ada@hopper.example', tracking: { opens: true, clicks: true } });
 */
export function linksOf(key: KeyObject, options: LinkOptions): MessageLinks {
  const { tag, sendKey, hosts, mailbox, tracking } = options;
  const token = (number: number): string => tokenOf(key, tag, { sendKey, number });
  const optOut = token(unsubscribeNumber);
  const unsubscribeUrl = hosts.unsubscribe === null ? null : `${hosts.unsubscribe}/u/${optOut}`;
  const mailto = `<mailto:${mailtoAddress(mailbox)}?subject=${unsubscribeSubject}${optOut}>`;
  return {
    unsubscribeUrl,
    headers:
      unsubscribeUrl === null
        ? { 'List-Unsubscribe': mailto }
        : {
            'List-Unsubscribe': `<${unsubscribeUrl}>, ${mailto}`,
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          },
    rewrite(html) {
      const host = hosts.tracking;
      if (host === null || (!tracking.opens && !tracking.clicks)) return { html, links: [] };
      const { anchors, end } = placesIn(html);
      const numbers = new Map<string, number>();
      const edits: Edit[] = [];
      for (const { from, to, url, text } of tracking.clicks ? anchors : []) {
        if (url === unsubscribeUrl || namesAddress(text)) continue;
        const number = numbers.get(url) ?? numbers.size + 1;
        if (number > linksMax) continue;
        numbers.set(url, number);
        edits.push({ from, to, text: `href="${host}/t/c/${token(number)}"` });
      }
      if (tracking.opens)
        edits.push({
          from: end,
          to: end,
          text: `<img src="${host}/t/o/${token(pixelNumber)}" width="1" height="1" alt="" style="border:0">`,
        });
      return { html: edited(html, edits), links: [...numbers.keys()] };
    },
  };
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** @param edits in the order of their places */
function edited(html: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { from, to, text } of edits) {
    parts.push(html.slice(at, from), text);
    at = to;
  }
  parts.push(html.slice(at));
  return parts.join('');
}

/** A link to a web page, and where its `href` is written. */
interface Anchor {
  readonly from: number;
  readonly to: number;
  readonly url: string;
  text: string;
}

/** Elements whose end tag closes the message. */
const closing = new Set(['body', 'html']);
const linking = new Set(['a', 'area']);

/** Finds the links of a body, and the place at which the pixel belongs. */
function placesIn(html: string): { readonly anchors: readonly Anchor[]; readonly end: number } {
  const anchors: Anchor[] = [];
  let end: number | undefined;
  let element = '';
  /** A repeated attribute does not count. */
  let hasHref = false;
  const open: (Anchor | undefined)[] = [];
  const parser = new Parser({
    onopentagname(name) {
      element = name;
      hasHref = false;
      if (name === 'a') open.push(undefined);
    },
    onattribute(name, value) {
      if (name !== 'href' || hasHref || !linking.has(element)) return;
      hasHref = true;
      const url = webUrlOf(value);
      if (url === undefined) return;
      const anchor = { from: parser.startIndex, to: parser.endIndex, url, text: '' };
      anchors.push(anchor);
      if (element === 'a') open[open.length - 1] = anchor;
    },
    ontext(text) {
      const anchor = open.at(-1);
      if (anchor !== undefined) anchor.text += text;
    },
    onclosetag(name, isImplied) {
      if (name === 'a') open.pop();
      if (closing.has(name) && !isImplied) end ??= parser.startIndex;
    },
  });
  parser.end(html);
  return { anchors, end: end ?? html.length };
}

/** The URL as it is stored; undefined for what does not lead to a web page. */
export function webUrlOf(href: string): string | undefined {
  const url = URL.parse(href.trim());
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && /^https?:\/\//i.test(href.trim())
    ? url.href
    : undefined;
}

/** Whether a word of a link's text is a URL or a host name. */
const namesAddress = (text: string): boolean =>
  text.split(/\s+/).some((word) => {
    if (/https?:\/\//i.test(word)) return true;
    if (!word.includes('.') || word.includes('@')) return false;
    const { isIcann, domain } = parse(word.replace(/^[("'<[]+|[)"'>\],.;:!?]+$/g, ''));
    return isIcann === true && domain !== null;
  });

/** An address in a `mailto:` URL (RFC 6068 §2). */
function mailtoAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${encodeURIComponent(address.slice(0, at))}@${address.slice(at + 1)}`;
}
