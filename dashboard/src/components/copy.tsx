import { useEffect, useState } from 'react';
import { Button } from './button.tsx';

const shownMs = 1_500;

/** Copies a text; says so for a moment. */
export function CopyButton({
  text,
  label = 'Copy',
  word,
}: {
  readonly text: string;
  readonly label?: string;
  readonly word?: string;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => {
      setCopied(false);
    }, shownMs);
    return () => {
      clearTimeout(timer);
    };
  }, [copied]);
  return (
    <Button
      look="quiet"
      size="sm"
      icon={copied ? 'done' : 'copy'}
      aria-label={word === undefined ? (copied ? 'Copied' : label) : undefined}
      title={label}
      onClick={() => {
        void navigator.clipboard.writeText(text).then(() => {
          setCopied(true);
        });
      }}
    >
      {word === undefined ? undefined : copied ? 'Copied' : word}
    </Button>
  );
}

/** An id, a URL or a secret on one line, to copy. */
export function CopyLine({
  text,
  label,
  wrap = false,
}: {
  readonly text: string;
  readonly label?: string;
  readonly wrap?: boolean;
}) {
  return (
    <div className={wrap ? 'code line wrap' : 'code line'}>
      <code title={text}>{text}</code>
      <CopyButton text={text} label={label} />
    </div>
  );
}

/** Text of several lines in a fixed-width font, to read or copy. Never HTML: what receivers and people write is shown as text. */
export function CodeBlock({
  text,
  title,
  wrap = false,
}: {
  readonly text: string;
  readonly title?: string;
  readonly wrap?: boolean;
}) {
  return (
    <div className={wrap ? 'code wrap' : 'code'}>
      {title === undefined ? (
        <span className="copy">
          <CopyButton text={text} />
        </span>
      ) : (
        <header>
          <span>{title}</span>
          <span className="end">
            <CopyButton text={text} />
          </span>
        </header>
      )}
      <pre tabIndex={0} aria-label={title ?? 'Text'}>
        {text}
      </pre>
    </div>
  );
}

/** A JSON value with its keys, texts and numbers told apart. */
export function Json({ value, title }: { readonly value: unknown; readonly title?: string }) {
  const text = JSON.stringify(value, null, 2) ?? 'null';
  const tokens = text.split(/("(?:[^"\\]|\\.)*"(?:\s*:)?|-?\b\d[\d.eE+-]*\b)/g);
  return (
    <div className="code">
      <header>
        <span>{title ?? 'JSON'}</span>
        <span className="end">
          <CopyButton text={text} />
        </span>
      </header>
      <pre tabIndex={0} aria-label={title ?? 'JSON'}>
        {tokens.map((token, index) => {
          const kind = index % 2 === 0 ? undefined : token.endsWith(':') ? 'k' : token.startsWith('"') ? 's' : 'n';
          return kind === undefined ? (
            token
          ) : (
            <span key={index} className={kind}>
              {token}
            </span>
          );
        })}
      </pre>
    </div>
  );
}
