/** Parses and checks a Dockerfile; supports the syntax that ours uses (Docker documentation, "Dockerfile reference"). */

export interface Instruction {
  readonly name: string;
  /** Flags such as `--from=build`. */
  readonly flags: Readonly<Record<string, string>>;
  /** The text after the flags, continued lines joined by a space. */
  readonly rest: string;
  readonly line: number;
}

export function parseDockerfile(text: string): Instruction[] {
  const instructions: Instruction[] = [];
  let pending = '';
  let startLine = 0;
  text.split('\n').forEach((raw, index) => {
    if (/^\s*(#|$)/.test(raw)) return; // comments are allowed between continued lines
    if (pending === '') startLine = index + 1;
    pending += `${raw.replace(/\\\s*$/, '').trim()} `;
    if (/\\\s*$/.test(raw)) return;
    instructions.push(parseInstruction(pending.trim(), startLine));
    pending = '';
  });
  if (pending !== '') instructions.push(parseInstruction(pending.trim(), startLine));
  return instructions;
}

function parseInstruction(text: string, line: number): Instruction {
  const [, name = '', flags = '', rest = ''] = /^(\S+)\s*((?:--\S+\s+)*)(.*)$/.exec(text) ?? [];
  const pairs = flags
    .split(/\s+/)
    .filter((flag) => flag !== '')
    .map((flag) => flag.slice(2).split(/=(.*)/s));
  return {
    name: name.toUpperCase(),
    flags: Object.fromEntries(pairs.map(([key = '', value = '']) => [key, value])),
    rest,
    line,
  };
}

const known = [
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'LABEL',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
];

interface Stage {
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

export interface Context {
  /** Whether the build context, after .dockerignore, contains this path. */
  readonly has: (path: string) => boolean;
  readonly port: number;
}

/** Returns one line per fault. */
export function dockerfileFaults(text: string, context: Context): string[] {
  const instructions = parseDockerfile(text);
  const faults = instructions
    .filter(({ name }) => !known.includes(name))
    .map(({ name, line }) => `${line}: ${name} is not an instruction`);
  const stages = splitStages(instructions);
  const last = stages.at(-1);
  if (last === undefined) return [...faults, '1: FROM is missing'];
  return [
    ...faults,
    ...stages.flatMap((stage, index) => stageFaults(stage, stages.slice(0, index), context)),
    ...imageFaults(last, context),
  ];
}

function splitStages(instructions: readonly Instruction[]): Stage[] {
  const starts = instructions.flatMap(({ name }, index) => (name === 'FROM' ? [index] : []));
  return starts.map((start, index) => {
    const own = instructions.slice(start, starts[index + 1]);
    return { name: /\sAS\s+(\S+)$/i.exec(own[0]?.rest ?? '')?.[1], instructions: own };
  });
}

function stageFaults({ instructions }: Stage, earlier: readonly Stage[], context: Context): string[] {
  return instructions.flatMap(({ name, flags, rest, line }) => {
    if (name === 'FROM') {
      const [image = ''] = rest.split(/\s/);
      const pinned = earlier.some((stage) => stage.name === image) || /[:@]/.test(image);
      return pinned && !image.endsWith(':latest') ? [] : [`${line}: ${image} has no version`];
    }
    if (name !== 'COPY' && name !== 'ADD') return [];
    const from = flags['from'];
    if (from !== undefined)
      return earlier.some((stage) => stage.name === from) ? [] : [`${line}: no stage ${from} above`];
    return sourcesOf(rest)
      .filter((source) => !context.has(source))
      .map((source) => `${line}: ${source} is not in the build context`);
  });
}

const sourcesOf = (rest: string): string[] => rest.split(/\s+/).slice(0, -1);

/** Checks the last stage, which becomes the image. */
function imageFaults({ instructions }: Stage, { port }: Context): string[] {
  const last = (name: string): Instruction | undefined => instructions.findLast((each) => each.name === name);
  const faults: string[] = [];
  const user = last('USER');
  if (user === undefined || /^(root|0)\b/.test(user.rest)) faults.push(`${user?.line ?? 1}: the image runs as root`);
  const exposed = last('EXPOSE');
  if (exposed?.rest !== String(port))
    faults.push(`${exposed?.line ?? 1}: EXPOSE ${exposed?.rest ?? 'is missing'}; the default port is ${port}`);
  const health = last('HEALTHCHECK');
  if (health === undefined || !Array.isArray(execForm(health.rest.replace(/^CMD\s+/, ''))))
    faults.push(`${health?.line ?? 1}: HEALTHCHECK has no command in exec form`);
  const command = last('CMD');
  const words = execForm(command?.rest ?? '');
  const script = words?.find((word) => /\.m?js$/.test(word));
  if (words === undefined || script === undefined)
    return [...faults, `${command?.line ?? 1}: CMD runs no script in exec form`];
  const copied = instructions.some(
    ({ name, flags, rest }) =>
      name === 'COPY' &&
      flags['from'] === undefined &&
      sourcesOf(rest).some((source) => script === source || script.startsWith(`${source}/`)),
  );
  return copied ? faults : [...faults, `${command?.line ?? 1}: ${script} is not copied into the image`];
}

function execForm(text: string): string[] | undefined {
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : undefined;
  } catch {
    return undefined;
  }
}
