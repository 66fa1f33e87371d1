import { escapeHtml } from '../../base/html.ts';

/** What the page of an opt-out shows. */
export type PageState = 'ask' | 'done' | 'undone' | 'too_late';

const button = (action: string, label: string): string =>
  `<form method="post" action="${escapeHtml(action)}"><button type="submit">${label}</button></form>`;

/**
 * A page without scripts and without anything to load.
 * @param sender the address that wrote
 * @param path of the page
 */
export function pageOf(state: PageState, sender: string, path: string, canUndo: boolean): string {
  const from = escapeHtml(sender.slice(sender.lastIndexOf('@') + 1));
  const [title, text, form] = {
    ask: ['Unsubscribe', `Do you want no more email from ${from}?`, button(`${path}?by=link`, 'Unsubscribe')],
    done: [
      'You are unsubscribed',
      `You get no more email from ${from}.${canUndo ? ' You can undo this for 10 minutes.' : ''}`,
      canUndo ? button(`${path}/undo`, 'Undo') : '',
    ],
    undone: [
      'You are subscribed again',
      `You may get email from ${from} again.`,
      button(`${path}?by=link`, 'Unsubscribe'),
    ],
    too_late: ['You are unsubscribed', `You get no more email from ${from}. It is too late to undo this here.`, ''],
  }[state];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${title}</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem;color:#1a1a1a;background:#fff}button{font:inherit;padding:.6rem 1.4rem;border:0;border-radius:.4rem;background:#1a4fa3;color:#fff;cursor:pointer}button:focus-visible{outline:3px solid #f5a623}</style></head>
<body><main><h1>${title}</h1><p>${text}</p>${form}</main></body></html>
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
