import type { Attempt } from '@outrider/sdk';
import { useState } from 'react';
import { CodeBlock, CopyLine, Json } from '../../components/copy.tsx';
import { Segmented } from '../../components/field.tsx';

const views = [
  { value: 'body', label: 'Body' },
  { value: 'headers', label: 'Headers' },
  { value: 'raw', label: 'Raw bytes' },
  { value: 'curl', label: 'curl' },
] as const;
type View = (typeof views)[number]['value'];

/** Exactly what an attempt sent. */
export function Request({ attempt: { request } }: { readonly attempt: Attempt }) {
  const [view, setView] = useState<View>('body');
  const { url, headers, body } = request;
  return (
    <div className="stack">
      <CopyLine text={url} label="Copy URL" />
      <Segmented label="Request" options={views} value={view} onChange={setView} />
      {view === 'headers' ? (
        <CodeBlock
          wrap
          text={Object.entries(headers)
            .map(([name, value]) => `${name}: ${value}`)
            .join('\n')}
        />
      ) : body === null ? (
        <p className="muted">The event is past its retention, or its data was erased.</p>
      ) : view === 'curl' ? (
        <CodeBlock wrap text={curlOf(request, body)} />
      ) : view === 'raw' ? (
        <CodeBlock wrap text={body} />
      ) : (
        <Pretty body={body} />
      )}
    </div>
  );
}

function Pretty({ body }: { readonly body: string }) {
  try {
    return <Json value={JSON.parse(body)} title="Body" />;
  } catch {
    // A body template may produce anything.
    return <CodeBlock wrap text={body} />;
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The same request for a terminal. */
function curlOf({ url, headers }: Attempt['request'], body: string): string {
  const lines = Object.entries(headers)
    .filter(([name]) => !/^(content-length|host|connection)$/i.test(name))
    .map(([name, value]) => `  -H ${quoted(`${name}: ${value}`)}`);
  return [`curl -i ${quoted(url)}`, ...lines, `  --data-raw ${quoted(body)}`].join(' \\\n');
}
