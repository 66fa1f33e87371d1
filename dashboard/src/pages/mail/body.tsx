import { useMemo, useState } from 'react';
import { Segmented } from '../../components/field.tsx';

/** What a mail from anybody may bring into its frame: text and its structure. The frame has no scripts, no origin, and loads nothing. */
const dropped = 'script,style,link,meta,base,iframe,frame,object,embed,form,input,button,svg,math,template,title';
const kept = new Set(['dir', 'lang', 'colspan', 'rowspan', 'align', 'href', 'alt']);
const policy = `default-src 'none'; style-src ${location.origin}/mail.css`;

function harmless(html: string): string {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  for (const each of parsed.querySelectorAll(dropped)) each.remove();
  for (const image of parsed.querySelectorAll('img,picture,video,audio,source')) {
    const alt = image.getAttribute('alt')?.trim() ?? '';
    image.replaceWith(parsed.createTextNode(alt === '' ? '' : `[${alt}]`));
  }
  for (const element of parsed.querySelectorAll('*'))
    for (const { name } of [...element.attributes]) if (!kept.has(name)) element.removeAttribute(name);
  for (const link of parsed.querySelectorAll('a[href]')) {
    link.setAttribute('title', link.getAttribute('href') ?? '');
    link.removeAttribute('href');
  }
  return `<!doctype html><html><head><meta http-equiv="Content-Security-Policy" content="${policy}"><link rel="stylesheet" href="${location.origin}/mail.css"></head><body dir="auto">${parsed.body.innerHTML}</body></html>`;
}

/**
 * The body of a mail: its text, or its HTML in a sandboxed frame that runs nothing and loads nothing.
 * @param quoted the whole text, when `text` is only what the person wrote
 */
export function MailBody({
  text,
  html,
  quoted,
  lang,
}: {
  readonly text: string;
  readonly html: string | null;
  readonly quoted?: string;
  readonly lang?: string;
}) {
  const [view, setView] = useState<'text' | 'html'>('text');
  const [whole, setWhole] = useState(false);
  const source = useMemo(() => (html === null ? '' : harmless(html)), [html]);
  const rest = quoted === undefined ? 0 : quoted.trim().split('\n').length - text.trim().split('\n').length;
  return (
    <div className="mailbody">
      {html === null ? null : (
        <Segmented
          label="Show as"
          value={view}
          onChange={setView}
          options={[
            { value: 'text', label: 'Text' },
            { value: 'html', label: 'HTML' },
          ]}
        />
      )}
      {view === 'html' && html !== null ? (
        <>
          <iframe className="mailframe" title="Mail as HTML" sandbox="" srcDoc={source} />
          <p className="small muted">Images and links are switched off; nothing was loaded.</p>
        </>
      ) : (
        <div className="mailtext" dir="auto" lang={lang}>
          {text === '' ? <span className="faint">no text</span> : text}
        </div>
      )}
      {rest <= 0 || quoted === undefined ? null : whole ? (
        <div className="mailtext quoted small" dir="auto">
          {quoted}
        </div>
      ) : (
        <button
          type="button"
          className="quote"
          onClick={() => {
            setWhole(true);
          }}
        >
          Whole text, {rest} more {rest === 1 ? 'line' : 'lines'}
        </button>
      )}
    </div>
  );
}
