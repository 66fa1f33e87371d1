import { escapeHtml } from '../../base/html.ts';
import type { Reply } from '../../http/route.ts';

/** A page for the person at the browser. Its URL has a code in it, so it is neither stored nor passed on. */
export const page = (status: 200 | 400, title: string, text: string): Reply => ({
  status,
  body: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title></head>
<body><h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p></body>
</html>
`,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
  },
});
