import { fileURLToPath } from 'node:url';
import { settings } from '../base/config.ts';

/** What the start message depends on. */
export interface Steps {
  /** URL of the server on this machine. */
  readonly url: string;
  /** OUTRIDER_PUBLIC_URL. */
  readonly publicUrl: string | undefined;
  /** Whether the server has the role `api`. */
  readonly answers: boolean;
  readonly mode: 'serve' | 'dev';
  /** Whether this start created the first API key (`made`) or stored the operator's OUTRIDER_BOOTSTRAP_KEY (`chosen`). */
  readonly first: 'made' | 'chosen' | undefined;
  /** With which the first person becomes an owner; undefined: a person exists. */
  readonly setup?: string | undefined;
}

/** Printed as soon as the key is committed, so that it is seen even if the start then fails. */
export const firstKeyMessage = (key: string): string =>
  `Your first API key, for the organization \`default\`. It is shown only once:\n\nexport OUTRIDER_KEY=${key}\n`;

const defaultUrl = `http://localhost:${settings.port.default}`;

/** A receiver for development, in one line that runs on any Node version. */
const receiver = `node -e 'require("node:http").createServer((q, r) => q.on("data", (d) => console.log("received " + d)).on("end", () => r.end("ok"))).listen(3000)' &`;

export function startMessage(steps: Steps): string {
  const { url, publicUrl, answers, mode, first, setup } = steps;
  return [
    ...(answers
      ? [
          `Outrider listens on ${url}`,
          ...(publicUrl === undefined ? [] : [`Public URL: ${publicUrl} (OUTRIDER_PUBLIC_URL)`]),
          `API documentation: ${publicUrl ?? url}/docs/api`,
          // A fragment: browsers do not send it, so that it is in no log of a proxy.
          ...(setup === undefined
            ? []
            : [
                `Create your account, the owner's, with this link (it works once, for 24 hours): ${publicUrl ?? url}/setup#token=${setup}`,
              ]),
        ]
      : [
          `Outrider works in the background. Without the role api it serves only ${url}/healthz, /readyz and /metrics.`,
        ]),
    ...(mode === 'dev'
      ? [
          'Development mode: endpoints on this machine and without TLS are allowed. Do not use it where others can register endpoints.',
        ]
      : []),
    'Stop with Ctrl-C or SIGTERM: deliveries in flight get time to finish; what is left is sent after the next start.',
    ...(first === undefined
      ? [
          `To create another API key, from this folder and with the same settings: ${program()} keys create --org default`,
        ]
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

/** The command that works in any folder; `npx outrider` works only where Outrider is installed. */
function program(): string {
  const path = fileURLToPath(new URL('../../bin/outrider.mjs', import.meta.url));
  return `node ${/^[\w@%+=:,./-]+$/.test(path) ? path : JSON.stringify(path)}`;
}

function advice(url: string, mode: Steps['mode']): string[] {
  // `listen` calls the default URL.
  const listen = `\`${program()} listen${url === defaultUrl ? '' : ` --url ${url}`}\``;
  if (mode === 'dev')
    return [`${listen} prints deliveries, or forwards them with --forward, without an endpoint of your own.`];
  return [
    'example.com does not accept webhooks, so the delivery shows a failed attempt and the time of the next one. Use the URL of your own receiver.',
    `No receiver yet? Run ${listen} in a second terminal, after the same export, and publish again to see the delivery arrive.`,
    'Endpoints on localhost are for development: `npm run dev` (or OUTRIDER_EGRESS_ALLOW=127.0.0.0/8 OUTRIDER_ALLOW_HTTP_ENDPOINTS=true).',
  ];
}

/** Commands for one shell: the last uses the variable that the registration sets. */
function commands(url: string, mode: Steps['mode']): string[] {
  const authorized = '-H "Authorization: Bearer $OUTRIDER_KEY"';
  const json = `${authorized} -H 'Content-Type: application/json'`;
  const target = mode === 'dev' ? 'http://localhost:3000/hook' : 'https://example.com/hook';
  const steps = [
    ...(mode === 'dev' ? [['Start a receiver.', receiver]] : []),
    [
      'Register an endpoint. The response contains its signing secret, which is shown only once.',
      `ANSWER=$(curl -s ${url}/v1/webhooks ${json} -d '{"target_url":"${target}","events":["*"]}'); echo "$ANSWER"; ENDPOINT=$(echo "$ANSWER" | sed 's/.*"data":{"id":"\\([^"]*\\)".*/\\1/')`,
    ],
    ['Publish an event.', `curl -sw '\\n' ${url}/v1/events ${json} -d '{"event":"order.paid","data":{"order":42}}'`],
    [
      'Inspect the delivery: its status, its attempts and the responses.',
      `sleep 2; curl -sw '\\n' "${url}/v1/webhooks/$ENDPOINT/deliveries" ${authorized}`,
    ],
  ];
  return [
    `Your first delivery in ${steps.length === 3 ? 'three' : 'four'} commands, to be pasted after the line with OUTRIDER_KEY:`,
    '',
    ...steps.flatMap(([what, command], index) => [`${index + 1}. ${what}`, `   ${command}`]),
  ];
}
