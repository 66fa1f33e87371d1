import { fileURLToPath } from 'node:url';
import { settings } from '../base/config.ts';

/** What a start says to a person once the server listens, on plain lines. */
export interface Steps {
  /** Where it listens, as this machine reaches it. */
  readonly url: string;
  /** OUTRIDER_PUBLIC_URL. */
  readonly publicUrl: string | undefined;
  /** It has the role `api`. */
  readonly answers: boolean;
  readonly mode: 'serve' | 'dev';
  /** The first API key was made at this start, or chosen by the operator with OUTRIDER_BOOTSTRAP_KEY. */
  readonly first: 'made' | 'chosen' | undefined;
}

/** Printed when the key is committed: whatever fails after that, somebody has seen it. */
export const firstKeyMessage = (key: string): string =>
  `Your first API key, of the organization \`default\`. It is shown this once:\n\nexport OUTRIDER_KEY=${key}\n`;

const defaultUrl = `http://localhost:${settings.port.default}`;

/** A receiver for a developer, in one line that any Node runs. */
const receiver = `node -e 'require("node:http").createServer((q, r) => q.on("data", (d) => console.log("received " + d)).on("end", () => r.end("ok"))).listen(3000)' &`;

export function startMessage(steps: Steps): string {
  const { url, publicUrl, answers, mode, first } = steps;
  return [
    ...(answers
      ? [
          `Outrider listens on ${url}`,
          ...(publicUrl === undefined ? [] : [`Callers reach it at ${publicUrl} (OUTRIDER_PUBLIC_URL).`]),
          `API documentation: ${publicUrl ?? url}/docs/api`,
        ]
      : [`Outrider delivers. Without the role api it answers no calls, only ${url}/healthz, /readyz and /metrics.`]),
    ...(mode === 'dev'
      ? [
          'Development: endpoints on this machine and without TLS are allowed. Do not run it so where others can register endpoints.',
        ]
      : []),
    'Stop it with Ctrl-C or SIGTERM: deliveries under way are finished first.',
    ...(first === undefined
      ? [`Another API key, from this folder and with the same settings: ${program()} keys create --org default`]
      : firstDelivery(steps)),
  ].join('\n');
}

function firstDelivery({ url, answers, mode, first }: Steps): string[] {
  return [
    ...(first === 'chosen'
      ? [
          '',
          'The first API key of the organization `default` is OUTRIDER_BOOTSTRAP_KEY. To use it:',
          '',
          'export OUTRIDER_KEY=$OUTRIDER_BOOTSTRAP_KEY',
        ]
      : []),
    ...(answers ? ['', ...commands(url, mode), '', ...advice(url, mode)] : []),
    '',
  ];
}

/** How the program is called from any folder; `npx outrider` would look no further than the one it is installed in. */
function program(): string {
  const path = fileURLToPath(new URL('../../bin/outrider.mjs', import.meta.url));
  return `node ${/^[\w@%+=:,./-]+$/.test(path) ? path : JSON.stringify(path)}`;
}

function advice(url: string, mode: Steps['mode']): string[] {
  // `listen` looks for the server at its default address.
  const listen = `\`${program()} listen${url === defaultUrl ? '' : ` --url ${url}`}\``;
  if (mode === 'dev')
    return [`${listen} prints what arrives, and with --forward passes it on, without an endpoint of your own.`];
  return [
    'example.com takes no webhooks, so that delivery shows a failed attempt and the time of the next: put the URL of your own receiver.',
    `No receiver yet? ${listen} in a second terminal, after the same export, receives on this machine: publish once more and see it arrive.`,
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
    [
      'Look at the delivery: its status, its attempts, what was answered.',
      `sleep 2; curl -sw '\\n' "${url}/v1/webhooks/$ENDPOINT/deliveries" ${authorized}`,
    ],
  ];
  return [
    `The first delivery, in ${steps.length === 3 ? 'three' : 'four'} commands to paste after the line with OUTRIDER_KEY:`,
    '',
    ...steps.flatMap(([what, command], index) => [`${index + 1}. ${what}`, `   ${command}`]),
  ];
}
