import { escapeHtml } from '../../base/html.ts';

/** What the page of an opt-out shows. `left` and `rejoined` are about the topic of the message, the others about all mail. */
export type PageState = 'ask' | 'done' | 'undone' | 'left' | 'rejoined' | 'too_late';

/** What an opt-out page is about. */
export interface PageSubject {
  /** The address that wrote. */
  readonly sender: string;
  /** The name of the message's topic; undefined: it has none. */
  readonly topic: string | undefined;
  /** Of the page. */
  readonly path: string;
  readonly canUndo: boolean;
}

const button = (action: string, label: string, isSecond = false): string =>
  `<form method="post" action="${escapeHtml(action)}"><button type="submit"${isSecond ? ' class="second"' : ''}>${label}</button></form>`;

interface Content {
  readonly title: string;
  readonly text: string;
  readonly forms: readonly string[];
}

function contentOf(state: PageState, { sender, topic, path, canUndo }: PageSubject): Content {
  const from = escapeHtml(sender.slice(sender.lastIndexOf('@') + 1));
  const all = (label: string, isSecond = false): string => button(`${path}?by=link&of=all`, label, isSecond);
  const ask: readonly string[] =
    topic === undefined
      ? [all('Unsubscribe')]
      : [
          button(`${path}?by=link&of=topic`, `Leave \u201c${escapeHtml(topic)}\u201d`),
          all(`Stop all email from ${from}`, true),
        ];
  const undoable = canUndo ? ' You can undo this for 10 minutes.' : '';
  switch (state) {
    case 'ask':
      return {
        title: 'Unsubscribe',
        text:
          topic === undefined
            ? `Do you want no more email from ${from}?`
            : `You get this email from ${from} about \u201c${escapeHtml(topic)}\u201d. What do you want to stop?`,
        forms: ask,
      };
    case 'done':
      return {
        title: 'You are unsubscribed',
        text: `You get no more email from ${from}.${undoable}`,
        forms: canUndo ? [button(`${path}/undo?of=all`, 'Undo')] : [],
      };
    case 'left':
      return {
        title: 'You are unsubscribed',
        text: `You get no more email from ${from} about \u201c${escapeHtml(topic ?? '')}\u201d.${undoable}`,
        forms: [
          ...(canUndo ? [button(`${path}/undo?of=topic`, 'Undo')] : []),
          all(`Stop all email from ${from}`, canUndo),
        ],
      };
    case 'undone':
    case 'rejoined':
      return { title: 'You are subscribed again', text: `You may get email from ${from} again.`, forms: ask };
    case 'too_late':
      return {
        title: 'You are unsubscribed',
        text: `You get no more email from ${from}. It is too late to undo this here.`,
        forms: [],
      };
  }
}

/** A page without scripts and without anything to load. */
export function pageOf(state: PageState, subject: PageSubject): string {
  const { title, text, forms } = contentOf(state, subject);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${title}</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem;color:#1a1a1a;background:#fff}form{margin:.6rem 0}button{font:inherit;padding:.6rem 1.4rem;border:2px solid #1a4fa3;border-radius:.4rem;background:#1a4fa3;color:#fff;cursor:pointer;overflow-wrap:anywhere}button.second{background:#fff;color:#1a4fa3}button:focus-visible{outline:3px solid #f5a623}</style></head>
<body><main><h1>${title}</h1><p>${text}</p>${forms.join('')}</main></body></html>
`;
}

export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
};
