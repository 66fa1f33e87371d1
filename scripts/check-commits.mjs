// Checks commit messages: `area: imperative summary` in at most 72 characters, a blank line, then why. Prints each problem and exits 1.
// `--message FILE` checks one message (the commit-msg hook). Without options it checks every commit after the one that added this file, because
// older messages have other forms. Plain JavaScript, since git runs the hook with whatever Node the machine has.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const subjectMax = 72;
const subjectForm = /^[a-z][a-z0-9-]*(?:\/[a-z0-9-]+)*: [a-z0-9`"'$@.*<]/;
/** Subjects that git writes itself. */
const written = /^(?:Merge|Revert|fixup!|squash!|amend!) /;

function problemsOf(message) {
  const [subject = '', blank, ...body] = message.trim().split('\n');
  if (written.test(subject)) return [];
  const { length } = [...subject];
  return [
    ...(length > subjectMax ? [`the subject has ${length} characters; at most ${subjectMax} are allowed`] : []),
    ...(subjectForm.test(subject) ? [] : ['the subject must be `area: imperative summary`, in lower case']),
    ...(subject.endsWith('.') ? ['the subject must not end with a period'] : []),
    ...(blank === '' && body.some((line) => line.trim() !== '')
      ? []
      : ['a blank line and the reason for the change must follow the subject']),
  ];
}

/** The message as git stores it: without comments and without the diff that `git commit --verbose` appends. */
const cleaned = (text) => text.replace(/^# -+ >8 -+\n[^]*/m, '').replaceAll(/^#.*\n?/gm, '');

const git = (...parameters) =>
  execFileSync('git', parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/** @returns {{ name: string, text: string }[]} */
function newCommits() {
  let start;
  try {
    start = git('log', '-1', '--diff-filter=A', '--format=%H', '--', 'scripts/check-commits.mjs').trim();
  } catch {
    // No git, or no repository.
  }
  if (!start) {
    console.log('commit messages are not checked: there is no git history');
    return [];
  }
  const commits = git('log', '--no-merges', '--format=%H%x00%B%x01', `${start}..HEAD`)
    .split('\u0001')
    .map((entry) => entry.trim().split('\0'))
    .flatMap(([name, text]) => (name && text !== undefined ? [{ name, text }] : []));
  const shallow = git('rev-parse', '--is-shallow-repository').trim() === 'true';
  console.log(
    `commit messages: ${commits.length} checked${shallow ? ' (shallow clone: older ones are not here)' : ''}`,
  );
  return commits;
}

const [option, file] = process.argv.slice(2);
const messages =
  option === '--message' ? [{ name: 'commit message', text: cleaned(readFileSync(file, 'utf8')) }] : newCommits();
for (const { name, text } of messages) {
  for (const problem of problemsOf(text)) {
    console.error(`${name}: ${problem}\n    ${text.trim().split('\n')[0]}`);
    process.exitCode = 1;
  }
}
