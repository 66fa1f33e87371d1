import { fileURLToPath } from 'node:url';

/** What a start tells a person, on plain lines. The key is in it when it was made just now: the one time it is shown. */
export interface Steps {
  readonly url: string;
  /** It has the role `api`. */
  readonly answers: boolean;
  readonly mode: 'serve' | 'dev';
  readonly firstKey: string | undefined;
  /** The operator chose the first key, and knows it. */
  readonly bootstrapKey: boolean;
}

/** A receiver for a developer, in one line that any Node runs. */
const receiver = `node -e 'require("node:http").createServer((q, r) => q.on("data", (d) => console.log("received " + d)).on("end", () => r.end("ok"))).listen(3000)' &`;

export function startMessage(steps: Steps): string {
  const { url, answers, mode, firstKey, bootstrapKey } = steps;
  return [
    ...(answers
      ? [`Outrider listens on ${url}`, `API documentation: ${url}/docs/api`]
      : [`Outrider delivers. Without the role api it answers no calls, only ${url}/healthz, /readyz and /metrics.`]),
    ...(mode === 'dev' ? ['Development: endpoints on this machine and without TLS are allowed. Do not run it so where others can register endpoints.'] : []),
    'Stop it with Ctrl-C or SIGTERM: deliveries under way are finished first.',
    ...(firstKey === undefined && !bootstrapKey ? [`Another API key, from this folder: ${program()} keys create --org default`] : firstDelivery(steps)),
  ].join('\n');
}

function firstDelivery({ url, answers, mode, firstKey }: Steps): string[] {
  return [
    '',
    firstKey === undefined
      ? 'The first API key of the organization `default` is OUTRIDER_BOOTSTRAP_KEY. To use it:'
      : 'Your first API key, of the organization `default`. It is shown this once:',
    '',
    `export OUTRIDER_KEY=${firstKey ?? '$OUTRIDER_BOOTSTRAP_KEY'}`,
    '',
    ...(answers ? [...commands(url, mode), '', ...advice(mode), ''] : []),
  ];
}

/** How the program is called from any folder; `npx outrider` would look no further than the one it is installed in. */
function program(): string {
  const path = fileURLToPath(new URL('../../bin/outrider.mjs', import.meta.url));
  return `node ${/^[\w@%+=:,./-]+$/.test(path) ? path : JSON.stringify(path)}`;
}

function advice(mode: Steps['mode']): string[] {
  if (mode === 'dev') return [`\`${program()} listen\` prints what arrives, and with --forward passes it on, without an endpoint of your own.`];
  return [
    'example.com takes no webhooks, so that delivery shows a failed attempt and the time of the next: put the URL of your own receiver.',
    `No receiver yet? \`${program()} listen\` in a second terminal, after the same export, receives on this machine: publish once more and see it arrive.`,
    'Endpoints on localhost are for development: `npm run dev` (or OUTRIDER_EGRESS_ALLOW=127.0.0.0/8 OUTRIDER_ALLOW_HTTP_ENDPOINTS=true).',
  ];
}

/** They follow one another in the same shell: the last uses what the registration found. */
function commands(url: string, mode: Steps['mode']): string[] {
  const authorized = '-H "Authorization: Bearer $OUTRIDER_KEY"';
  const json = `${authorized} -H 'Content-Type: application/json'`;
  const target = mode === 'dev' ? 'http://localhost:3000/hook' : 'https://example.com/hook';
  const steps = [
    ...(mode === 'dev' ? [['Start something that receives.', receiver]] : []),
    [
      'Register an endpoint; the answer holds its signing secret, shown this once.',
      `ANSWER=$(curl -s ${url}/v1/webhooks ${json} -d '{"target_url":"${target}","events":["*"]}'); echo "$ANSWER"; ENDPOINT=$(echo "$ANSWER" | sed 's/.*"data":{"id":"\\([^"]*\\)".*/\\1/')`,
    ],
    ['Publish an event.', `curl -sw '\\n' ${url}/v1/events ${json} -d '{"event":"order.paid","data":{"order":42}}'`],
    ['Look at the delivery: its status, its attempts, what was answered.', `sleep 2; curl -sw '\\n' "${url}/v1/webhooks/$ENDPOINT/deliveries" ${authorized}`],
  ];
  return [
    `The first delivery, in ${steps.length === 3 ? 'three' : 'four'} commands to paste after that line:`,
    '',
    ...steps.flatMap(([what, command], index) => [`${index + 1}. ${what}`, `   ${command}`]),
  ];
}
