import { Button } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { counted } from '../../../components/format.ts';
import { Menu } from '../../../components/menu.tsx';
import type { Step } from './builder.tsx';
import { waitWord } from './sequence.ts';

/** The steps with their waits, in order. */
export function StepList({
  steps,
  current,
  onOpen,
  onChange,
}: {
  readonly steps: readonly Step[];
  readonly current: number;
  readonly onOpen: (index: number) => void;
  readonly onChange: (steps: Step[]) => void;
}) {
  const days = steps.reduce((sum, { delay_days: each = 0 }) => sum + each, 0);
  const move = (from: number, to: number): void => {
    const next = [...steps];
    const [step] = next.splice(from, 1);
    if (step === undefined) return;
    next.splice(to, 0, step);
    onChange(next);
    onOpen(to);
  };
  return (
    <>
      <div className="rhead">
        <h2>Sequence</h2>
        <div className="end small muted">{counted(days, 'day')}</div>
      </div>
      <ol className="seq">
        {steps.map((step, index) => (
          <li key={step.id ?? `new ${index}`}>
            <span className="wait">
              <Icon name="clock" />
              {waitWord({
                number: index + 1,
                delay_days: step.delay_days ?? 0,
                delay_hours: step.delay_hours ?? 0,
                business_days: step.business_days ?? false,
              })}
            </span>
            <div className="row steprow">
              <button
                type="button"
                className="stepcard grow"
                aria-current={index === current ? 'step' : undefined}
                onClick={() => {
                  onOpen(index);
                }}
              >
                <span className="sn">{index + 1}</span>
                <span className="grow">
                  <span className="medium trunc">{step.name ?? (index === 0 ? 'First mail' : 'Follow-up')}</span>
                  <span className="sub trunc small muted">
                    {step.variants === undefined || step.variants.length === 0
                      ? (step.subject ?? '') === ''
                        ? 'in the same thread'
                        : step.subject
                      : counted(step.variants.length, 'variant')}
                  </span>
                </span>
              </button>
              <Menu
                opener={<Button look="quiet" size="sm" icon="more" aria-label={`Actions of step ${index + 1}`} />}
                items={[
                  {
                    word: 'Move up',
                    disabled: index === 0,
                    onSelect: () => {
                      move(index, index - 1);
                    },
                  },
                  {
                    word: 'Move down',
                    disabled: index === steps.length - 1,
                    onSelect: () => {
                      move(index, index + 1);
                    },
                  },
                  'line',
                  {
                    word: 'Remove',
                    icon: 'trash',
                    danger: true,
                    disabled: steps.length === 1,
                    onSelect: () => {
                      onChange(steps.toSpliced(index, 1));
                      onOpen(Math.max(0, index - 1));
                    },
                  },
                ]}
              />
            </div>
          </li>
        ))}
      </ol>
      <div className="seqadd">
        <Button
          size="sm"
          icon="plus"
          onClick={() => {
            onChange([
              ...steps,
              {
                name: 'Follow-up',
                subject: null,
                body: 'Hi {{ first_name | default: "there" }},\n\n',
                format: 'text',
                delay_days: 3,
                delay_hours: 0,
                business_days: true,
                send_only_if_no_reply: true,
                variants: [],
              },
            ]);
            onOpen(steps.length);
          }}
        >
          Add a step
        </Button>
      </div>
    </>
  );
}
