/** Checks compose.yaml (Compose Specification, "Services", "Volumes", "Interpolation"). */
import { parseDocument } from 'yaml';
import { z } from 'zod';

const name = z.string().regex(/^[a-z0-9][a-z0-9_-]*$/);

const service = z.strictObject({
  build: z.literal('.').optional(),
  image: z.string(),
  restart: z.enum(['always', 'unless-stopped', 'on-failure']),
  depends_on: z.record(name, z.strictObject({ condition: z.enum(['service_started', 'service_healthy']) })).optional(),
  environment: z.record(z.string(), z.string()),
  ports: z.array(z.string().regex(/^(?:[\d.]+:)?\d+:\d+$/)).optional(),
  volumes: z.array(z.string().regex(/^[a-z][a-z0-9_-]*:\/\S+$/)).optional(),
  healthcheck: z
    .strictObject({
      test: z.tuple([z.literal('CMD'), z.string()], z.string()),
      interval: z.string(),
      timeout: z.string(),
      retries: z.int(),
      start_period: z.string(),
    })
    .optional(),
  read_only: z.boolean().optional(),
  tmpfs: z.array(z.string()).optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  shm_size: z.string().optional(),
  stop_grace_period: z.string().regex(/^\d+s$/),
});

const compose = z.strictObject({ name, services: z.record(name, service), volumes: z.record(name, z.null()) });

export interface Expected {
  /** Environment variables of the settings, such as OUTRIDER_PORT. */
  readonly settings: readonly string[];
  readonly port: number;
  readonly shutdownSeconds: number;
  /** Major version of PostgreSQL that the tests use. */
  readonly postgres: number;
}

/** Returns one line per fault. */
export function composeFaults(text: string, expected: Expected): string[] {
  const document = parseDocument(text, { uniqueKeys: true, strict: true });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) return broken.map((error) => error.message.split('\n', 1).join(''));
  const parsed = compose.safeParse(document.toJS());
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const { services, volumes } = parsed.data;

  const mounted = Object.values(services).flatMap((each) =>
    (each.volumes ?? []).map((volume) => volume.split(':', 1).join('')),
  );
  const faults = [
    ...mounted.filter((volume) => !(volume in volumes)).map((volume) => `volume ${volume} is not declared`),
    ...Object.keys(volumes)
      .filter((volume) => !mounted.includes(volume))
      .map((volume) => `volume ${volume} is not used`),
    ...Object.entries(services).flatMap(([title, each]) => serviceFaults(title, each, services)),
    ...[...text.matchAll(/\$\{(\w+)(:?[-?])?/g)]
      .filter(([, , otherwise]) => otherwise === undefined)
      .map(([, variable]) => `\${${variable ?? ''}} has neither a default nor an error message`),
  ];

  const { outrider, postgres } = services;
  if (outrider === undefined || postgres === undefined)
    return [...faults, 'the services outrider and postgres are missing'];
  const unknown = Object.keys(outrider.environment).filter((variable) => !expected.settings.includes(variable));
  faults.push(...unknown.map((variable) => `outrider: ${variable} is not a setting`));
  for (const variable of ['DATABASE_URL', 'OUTRIDER_MASTER_KEY'])
    if (!(variable in outrider.environment)) faults.push(`outrider: ${variable} is missing`);
  if (!(outrider.ports ?? []).some((port) => port.endsWith(`:${expected.port}`)))
    faults.push(`outrider: port ${expected.port} is not published`);
  if (Number.parseInt(outrider.stop_grace_period, 10) <= expected.shutdownSeconds)
    faults.push(`outrider: stop_grace_period must be more than ${expected.shutdownSeconds} s, the time to drain`);
  if (outrider.depends_on?.['postgres']?.condition !== 'service_healthy')
    faults.push('outrider: does not wait until postgres is healthy');
  if (!new RegExp(`^postgres:${expected.postgres}\\b`).test(postgres.image))
    faults.push(`postgres: ${postgres.image} is not version ${expected.postgres}, which the tests use`);
  if (!(postgres.volumes ?? []).some((volume) => volume.endsWith(':/var/lib/postgresql')))
    faults.push('postgres: no volume at /var/lib/postgresql, so data is lost (the path of the image for 18)');
  const { POSTGRES_USER: user, POSTGRES_PASSWORD: password, POSTGRES_DB: database } = postgres.environment;
  const url = `postgres://${user ?? ''}:${password ?? ''}@postgres:5432/${database ?? ''}`;
  if (outrider.environment['DATABASE_URL'] !== url) faults.push(`outrider: DATABASE_URL is not ${url}`);
  return faults;
}

function serviceFaults(
  title: string,
  { build, image, depends_on: dependencies, healthcheck }: z.infer<typeof service>,
  services: Readonly<Record<string, unknown>>,
): string[] {
  const faults = Object.keys(dependencies ?? {})
    .filter((other) => !(other in services))
    .map((other) => `${title}: depends on ${other}, which is not a service`);
  if (build === undefined && !/:[^:/]+$/.test(image)) faults.push(`${title}: ${image} has no version`);
  // A locally built image has the health check of its Dockerfile.
  if (build === undefined && healthcheck === undefined) faults.push(`${title}: has no health check`);
  return faults;
}
