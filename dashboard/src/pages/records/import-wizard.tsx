import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, messageOf, problemsOf } from '../../app/api.ts';
import { useWorkspace } from '../../app/choice.ts';
import { useMay } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { Checkbox, Field, Input, Select } from '../../components/field.tsx';
import { bytes, count, counted } from '../../components/format.ts';
import { Note, PageHead, Progress, Refused, Region } from '../../components/page.tsx';
import { ImportFigures, useImport } from './import.tsx';
import { linesOf } from './csv-preview.ts';
import { bases } from './words.ts';
import type { Basis } from './words.ts';

const targets = [
  'email',
  'first_name',
  'last_name',
  'company_name',
  'job_title',
  'phone',
  'website',
  'linkedin_url',
  'address',
  'city',
  'state',
  'zip_code',
  'country',
  'timezone',
  'notes',
  'tags',
  'owner',
];
const bytesShown = 64 * 1_024;

/** Imports a CSV. */
export const ImportWizard = () => (useMay()('contacts:write') ? <Wizard /> : <Refused title="Import contacts" />);

/** Choose a file, say what its columns are, try it, import it. */
function Wizard() {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const [file, setFile] = useState<File>();
  const [lines, setLines] = useState<readonly (readonly string[])[]>([]);
  const [mapping, setMapping] = useState<Readonly<Record<string, string>>>({});
  const [basis, setBasis] = useState<Basis>();
  const [source, setSource] = useState('');
  const [tags, setTags] = useState('');
  const [blank, setBlank] = useState(false);
  const [tried, setTried] = useState<string>();
  const { data: trial } = useImport(tried);
  const [header = [], ...rows] = lines;
  // Those that a person chose to ignore are no surprise.
  const ignored = (trial?.columns ?? []).flatMap(({ column, field }) =>
    field === null && mapping[column] !== '-' ? [column] : [],
  );

  const choose = async (chosen: File | undefined): Promise<void> => {
    setTried(undefined);
    setFile(chosen);
    setMapping({});
    setLines(chosen === undefined ? [] : linesOf(await chosen.slice(0, bytesShown).text(), 4));
  };
  const run = useMutation({
    meta: { quiet: true },
    mutationFn: async (dryRun: boolean) => {
      if (file === undefined) throw new Error('Choose a file first.');
      if (basis === undefined) throw new Error('Choose the lawful basis first.');
      const { id } = await api.imports.create({
        lawful_basis: basis,
        file_name: file.name,
        dry_run: dryRun,
        on_bad_value: blank ? 'blank' : 'reject',
        mapping: Object.fromEntries(
          Object.entries(mapping).flatMap(([column, field]) =>
            field === '' ? [] : [[column, field === '-' ? null : field]],
          ),
        ),
        ...(source.trim() === '' ? {} : { source: source.trim() }),
        ...(tags.trim() === ''
          ? {}
          : {
              tags: tags
                .split(',')
                .map((each) => each.trim())
                .filter(Boolean),
            }),
        ...(workspace === undefined ? {} : { workspace_id: workspace }),
      });
      await api.imports.uploadFile(id, file, { timeoutMs: 600_000 });
      return { id, dryRun };
    },
    onSuccess: ({ id, dryRun }) => {
      if (dryRun) setTried(id);
      else void navigate({ to: '/imports/$id', params: { id } });
    },
  });
  const problem =
    run.error === null
      ? undefined
      : (Object.entries(problemsOf(run.error)).map(([name, text]) => `${name}: ${text}`)[0] ?? messageOf(run.error));
  return (
    <>
      <PageHead title="Import contacts" crumbs={[{ label: 'Imports', link: { to: '/imports' } }, { label: 'New' }]} />
      {problem === undefined ? null : <Note tone="failed">{problem}</Note>}
      <Region title="1. File" aside="CSV up to 200 MB, with a header">
        <div className="row wrap">
          <input
            type="file"
            accept=".csv,text/csv"
            aria-label="CSV file"
            onChange={({ target }) => {
              void choose(target.files?.[0]);
            }}
          />
          {file === undefined ? null : <span className="muted">{bytes(file.size)}</span>}
        </div>
      </Region>
      {header.length === 0 ? null : (
        <>
          <Region flush title="2. Columns" aside="Without a choice, a column is recognized by its name">
            <div className="charttable" tabIndex={0} role="region" aria-label="Columns">
              <table className="table mapping">
                <thead>
                  <tr>
                    <th scope="col">Column</th>
                    <th scope="col">Becomes</th>
                    <th scope="col">First rows</th>
                  </tr>
                </thead>
                <tbody>
                  {header.map((column, index) => (
                    <tr key={`${column} ${index}`}>
                      <td>
                        <bdi>{column}</bdi>
                      </td>
                      <td>
                        <Select
                          aria-label={`Field of ${column}`}
                          value={mapping[column] ?? ''}
                          options={[
                            { value: '', label: 'recognize by name' },
                            { value: '-', label: 'ignore' },
                            ...targets.map((value) => ({ value, label: value })),
                          ]}
                          onChange={({ target }) => {
                            setMapping({ ...mapping, [column]: target.value });
                            setTried(undefined);
                          }}
                        />
                      </td>
                      <td className="muted">
                        <bdi>
                          {rows
                            .map((row) => row[index] ?? '')
                            .filter(Boolean)
                            .join(' · ')}
                        </bdi>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </Region>
          <Region title="3. How">
            <div className="stack roomy detail">
              <Field
                label="Lawful basis"
                hint="Why you may process the data of these people (GDPR article 6). It applies to every row."
              >
                {(control) => (
                  <Select
                    {...control}
                    value={basis ?? ''}
                    options={[{ value: '', label: 'Choose …' }, ...bases]}
                    onChange={({ target }) => {
                      setBasis(bases.find(({ value }) => value === target.value)?.value);
                      setTried(undefined);
                    }}
                  />
                )}
              </Field>
              <div className="two-f">
                <Field label="Source">
                  {(control) => (
                    <Input
                      {...control}
                      value={source}
                      placeholder="Trade fair 2026"
                      onChange={({ target }) => {
                        setSource(target.value);
                        setTried(undefined);
                      }}
                    />
                  )}
                </Field>
                <Field label="Tags" hint="Added to every contact; separated by commas.">
                  {(control) => (
                    <Input
                      {...control}
                      value={tags}
                      onChange={({ target }) => {
                        setTags(target.value);
                        setTried(undefined);
                      }}
                    />
                  )}
                </Field>
              </div>
              <Checkbox
                checked={blank}
                onChange={({ target }) => {
                  setBlank(target.checked);
                  setTried(undefined);
                }}
              >
                Write rows without the values that a field cannot store, instead of rejecting them
              </Checkbox>
            </div>
          </Region>
          <Region title="4. Try, then import">
            <div className="stack roomy">
              <div className="row">
                <Button
                  busy={run.isPending && run.variables}
                  disabled={run.isPending}
                  onClick={() => {
                    run.mutate(true);
                  }}
                >
                  Dry run
                </Button>
                <Button
                  look="primary"
                  icon="import"
                  busy={run.isPending && !run.variables}
                  disabled={run.isPending}
                  onClick={() => {
                    run.mutate(false);
                  }}
                >
                  Import
                </Button>
                <span className="small muted">A dry run counts and lists errors, and writes nothing.</span>
              </div>
              {trial !== undefined && trial.finished_at === null ? (
                <Progress
                  label="Dry run"
                  done={trial.progress.percent}
                  total={100}
                  detail={`${count(trial.progress.rows_read)} rows`}
                />
              ) : null}
              {trial !== undefined && trial.finished_at !== null ? (
                <Note tone={trial.state === 'failed' || trial.progress.rejected > 0 ? 'watch' : 'ok'} boxed>
                  <b>Dry run finished.</b>{' '}
                  {trial.error ??
                    `${count(trial.progress.created)} would be created, ${count(trial.progress.updated)} updated, ${count(trial.progress.rejected)} rejected.`}
                </Note>
              ) : null}
              {ignored.length === 0 ? null : (
                <Note tone="watch" boxed>
                  <b>
                    {counted(ignored.length, 'column is', 'columns are')} not imported: <bdi>{ignored.join(', ')}</bdi>.
                  </b>{' '}
                  The name says nothing to Outrider. Choose above what each becomes, or “ignore”.
                </Note>
              )}
            </div>
          </Region>
          {trial !== undefined && trial.finished_at !== null ? <ImportFigures progress={trial.progress} /> : null}
        </>
      )}
    </>
  );
}
