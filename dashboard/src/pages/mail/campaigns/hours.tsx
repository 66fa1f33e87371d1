import type { CampaignSchedule } from '@outrider/sdk';
import { Button } from '../../../components/button.tsx';
import { Checkbox, Field, Input } from '../../../components/field.tsx';
import { dayNames } from '../words.tsx';

type Hours = CampaignSchedule['windows'][number];

const time = String.raw`([01]\d|2[0-3]):[0-5]\d|24:00`;

/** The next hours to offer: after the last ones, on their days. */
function after({ days, end }: Hours): Hours {
  const hour = Math.min(22, Number(end.slice(0, 2)) + 1);
  return { days, start: `${String(hour).padStart(2, '0')}:00`, end: `${String(hour + 1).padStart(2, '0')}:00` };
}

/** When a campaign sends: one or several hours a day, each with its days. Each change is reported at once. */
export function CampaignHours({
  windows,
  onChange,
}: {
  readonly windows: readonly Hours[];
  readonly onChange: (windows: Hours[]) => void;
}) {
  const change = (place: number, part: Partial<Hours>): void => {
    onChange(windows.map((each, index) => (index === place ? { ...each, ...part } : each)));
  };
  return (
    <fieldset className="stack hours">
      <legend className="medium">Sends on</legend>
      {windows.map(({ days, start, end }, place) => (
        <div key={place} className="hour" role="group" aria-label={`Hours ${place + 1}`}>
          <div className="row wrap">
            {dayNames.map((name, index) => (
              <Checkbox
                key={name}
                checked={days.includes(index + 1)}
                disabled={days.length === 1 && days.includes(index + 1)}
                onChange={({ target }) => {
                  change(place, {
                    days: target.checked ? [...days, index + 1].toSorted() : days.filter((day) => day !== index + 1),
                  });
                }}
              >
                {name}
              </Checkbox>
            ))}
          </div>
          <div className="row">
            <Field label={`From ${place + 1}`}>
              {(control) => (
                <Input
                  {...control}
                  key={start}
                  required
                  pattern={time}
                  maxLength={5}
                  title="A time such as 09:00"
                  defaultValue={start}
                  onBlur={({ target }) => {
                    if (target.validity.valid && target.value !== start) change(place, { start: target.value });
                  }}
                />
              )}
            </Field>
            <Field label={`To ${place + 1}`}>
              {(control) => (
                <Input
                  {...control}
                  key={end}
                  required
                  pattern={time}
                  maxLength={5}
                  title="A time such as 17:00, up to 24:00"
                  defaultValue={end}
                  onBlur={({ target }) => {
                    if (target.validity.valid && target.value !== end) change(place, { end: target.value });
                  }}
                />
              )}
            </Field>
            {windows.length === 1 ? null : (
              <Button
                look="quiet"
                icon="trash"
                aria-label={`Remove hours ${place + 1}`}
                onClick={() => {
                  onChange(windows.filter((_, index) => index !== place));
                }}
              />
            )}
          </div>
        </div>
      ))}
      <div className="row">
        <Button
          size="sm"
          icon="plus"
          onClick={() => {
            const last = windows.at(-1) ?? { days: [1, 2, 3, 4, 5], start: '09:00', end: '17:00' };
            onChange([...windows, after(last)]);
          }}
        >
          Add hours
        </Button>
        <span className="small muted">Such as 09:00 to 12:00 and 13:00 to 17:00, or other hours on Friday.</span>
      </div>
    </fieldset>
  );
}
