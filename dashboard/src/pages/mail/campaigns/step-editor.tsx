import { useRef, useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { Checkbox, Field, Input, Segmented, Select, TextArea } from '../../../components/field.tsx';
import { counted } from '../../../components/format.ts';
import { Menu } from '../../../components/menu.tsx';
import type { Step } from './builder.tsx';

const variables = [
  ['First name', '{{ first_name | default: "there" }}'],
  ['Last name', '{{ last_name }}'],
  ['Company', '{{ company_name }}'],
  ['Job title', '{{ job_title }}'],
  ['Unsubscribe link', '{{ unsubscribe_url }}'],
  ['Spin: one of several', '{Hi|Hello}'],
] as const;

const words = (text: string): number => text.split(/\s+/).filter(Boolean).length;

/** One step: wait, variants, subject, body. */
export function StepEditor({
  step,
  number,
  onChange,
}: {
  readonly step: Step;
  readonly number: number;
  readonly onChange: (step: Step) => void;
}) {
  const [shown, setShown] = useState(0);
  const body = useRef<HTMLTextAreaElement>(null);
  const variants = step.variants ?? [];
  const variant = variants[shown];
  const text = variant === undefined ? step.body : (variant.body ?? step.body);
  const subject = variant === undefined ? (step.subject ?? '') : (variant.subject ?? step.subject ?? '');
  const write = (part: { subject?: string; body?: string }): void => {
    if (variant === undefined) onChange({ ...step, ...part });
    else onChange({ ...step, variants: variants.with(shown, { ...variant, ...part }) });
  };
  const insert = (what: string): void => {
    const area = body.current;
    const at = area?.selectionStart ?? text.length;
    write({ body: text.slice(0, at) + what + text.slice(area?.selectionEnd ?? at) });
    requestAnimationFrame(() => {
      area?.focus();
      area?.setSelectionRange(at + what.length, at + what.length);
    });
  };
  const letter = (index: number): string => String.fromCodePoint(65 + index);
  return (
    <>
      <div className="rhead">
        <h2>Step {number}</h2>
        <div className="end">
          {variants.length === 0 ? null : (
            <Segmented
              label="Variant"
              value={String(shown)}
              onChange={(value) => {
                setShown(Number(value));
              }}
              options={variants.map((_, index) => ({ value: String(index), label: letter(index) }))}
            />
          )}
          <Button
            size="sm"
            look="quiet"
            icon="plus"
            onClick={() => {
              const copy = { subject: step.subject ?? null, body: step.body, weight: 50, enabled: true };
              onChange({ ...step, variants: variants.length === 0 ? [copy, { ...copy }] : [...variants, copy] });
              setShown(variants.length === 0 ? 1 : variants.length);
            }}
          >
            Variant
          </Button>
        </div>
      </div>
      <div className="bform">
        <div className="two-f three">
          <Field label="Wait">
            {(control) => (
              <div className="row">
                <Input
                  {...control}
                  type="number"
                  min={0}
                  max={365}
                  className="days-in"
                  value={step.delay_days ?? 0}
                  onChange={({ target }) => {
                    onChange({ ...step, delay_days: Number(target.value) });
                  }}
                />
                <Select
                  aria-label="Unit"
                  value={step.business_days === true ? 'business' : 'days'}
                  onChange={({ target }) => {
                    onChange({ ...step, business_days: target.value === 'business' });
                  }}
                  options={[
                    { value: 'days', label: 'days' },
                    { value: 'business', label: 'business days' },
                  ]}
                />
              </div>
            )}
          </Field>
          <Field label="Name of the step">
            {(control) => (
              <Input
                {...control}
                maxLength={200}
                value={step.name ?? ''}
                onChange={({ target }) => {
                  onChange({ ...step, name: target.value === '' ? null : target.value });
                }}
              />
            )}
          </Field>
          {variant === undefined ? (
            <Field label="Format">
              {(control) => (
                <Select
                  {...control}
                  value={step.format ?? 'text'}
                  onChange={({ target }) => {
                    onChange({ ...step, format: target.value === 'html' ? 'html' : 'text' });
                  }}
                  options={[
                    { value: 'text', label: 'Plain text' },
                    { value: 'html', label: 'HTML' },
                  ]}
                />
              )}
            </Field>
          ) : (
            <Field label={`Weight of ${letter(shown)}`}>
              {(control) => (
                <Input
                  {...control}
                  type="number"
                  min={0}
                  max={100}
                  value={variant.weight ?? 50}
                  onChange={({ target }) => {
                    onChange({ ...step, variants: variants.with(shown, { ...variant, weight: Number(target.value) }) });
                  }}
                />
              )}
            </Field>
          )}
        </div>
        {number === 1 ? null : (
          <Checkbox
            checked={step.send_only_if_no_reply !== false}
            onChange={({ target }) => {
              onChange({ ...step, send_only_if_no_reply: target.checked });
            }}
          >
            Only without a reply
          </Checkbox>
        )}
        <Field
          label="Subject"
          hint={number > 1 && subject === '' ? 'Empty: in the thread of the step before.' : undefined}
        >
          {(control) => (
            <Input
              {...control}
              dir="auto"
              value={subject}
              onChange={({ target }) => {
                write({ subject: target.value });
              }}
            />
          )}
        </Field>
        <Field
          label="Body"
          aside={
            <Menu
              opener={
                <Button size="sm" look="quiet">
                  Variable
                </Button>
              }
              items={variables.map(([word, value]) => ({
                word,
                onSelect: () => {
                  insert(value);
                },
              }))}
            />
          }
          hint={`${counted(words(text), 'word')}. Liquid in {{ }}, spin in {a|b}: fixed per lead, so the preview is what is sent.`}
        >
          {(control) => (
            <TextArea
              {...control}
              ref={body}
              className="bodyin"
              rows={16}
              dir="auto"
              value={text}
              onChange={({ target }) => {
                write({ body: target.value });
              }}
            />
          )}
        </Field>
        {variant === undefined ? null : (
          <div>
            <Button
              size="sm"
              look="danger"
              onClick={() => {
                const left = variants.toSpliced(shown, 1);
                onChange({ ...step, variants: left.length < 2 ? [] : left });
                setShown(0);
              }}
            >
              Remove variant {letter(shown)}
            </Button>
          </div>
        )}
      </div>
    </>
  );
}
