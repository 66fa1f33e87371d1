import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** The records of one name. `fails`: queries for it answer SERVFAIL. */
export interface ZoneEntry {
  readonly a?: readonly string[];
  readonly mx?: readonly (readonly [priority: number, exchange: string])[];
  /** Longer texts are split into strings of 255 bytes. */
  readonly txt?: readonly string[];
  readonly srv?: readonly (readonly [priority: number, weight: number, port: number, target: string])[];
  readonly cname?: string;
  readonly fails?: true;
}

/** A name server on a loopback address. */
export interface NameServer {
  /** `address:port` */
  readonly address: string;
  /** By lower-case name. Names that are not listed do not exist. */
  readonly zone: Map<string, ZoneEntry>;
  /** `name TYPE` of each query. */
  readonly asked: string[];
  close(): Promise<void>;
}

const typeNames: Readonly<Record<number, string>> = { 1: 'A', 5: 'CNAME', 15: 'MX', 16: 'TXT', 28: 'AAAA', 33: 'SRV' };

const number16 = (...values: readonly number[]): Buffer =>
  Buffer.from(values.flatMap((value) => [value >> 8, value & 0xff]));

const nameOf = (text: string): Buffer =>
  Buffer.concat([
    ...text
      .split('.')
      .filter((label) => label !== '')
      .map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ]);

function textOf(text: string): Buffer {
  const bytes = Buffer.from(text);
  const parts = Array.from({ length: Math.max(1, Math.ceil(bytes.length / 255)) }, (_, index) =>
    bytes.subarray(index * 255, (index + 1) * 255),
  );
  return Buffer.concat(parts.flatMap((part) => [Buffer.from([part.length]), part]));
}

/** The data of an entry's records of a type (RFC 1035 §3.3, RFC 2782). */
function dataOf(entry: ZoneEntry, type: string): readonly Buffer[] {
  switch (type) {
    case 'A':
      return (entry.a ?? []).map((address) => Buffer.from(address.split('.').map(Number)));
    case 'MX':
      return (entry.mx ?? []).map(([priority, exchange]) => Buffer.concat([number16(priority), nameOf(exchange)]));
    case 'TXT':
      return (entry.txt ?? []).map(textOf);
    case 'SRV':
      return (entry.srv ?? []).map(([priority, weight, port, target]) =>
        Buffer.concat([number16(priority, weight, port), nameOf(target)]),
      );
    case 'CNAME':
      return entry.cname === undefined ? [] : [nameOf(entry.cname)];
    default:
      return [];
  }
}

/**
 * Starts a name server with the part of RFC 1035 §4.1 that tests need.
 * @example
 * const dns = await startNameServer({ 'acme.test': { mx: [[10, 'mail.acme.test']] } });
 * createDnsRecords([dns.address]);
 */
export async function startNameServer(entries: Readonly<Record<string, ZoneEntry>> = {}): Promise<NameServer> {
  const zone = new Map(Object.entries(entries));
  const asked: string[] = [];
  const server = createSocket('udp4');
  server.on('message', (query, { port, address }) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += length + 1;
    }
    const name = labels.join('.').toLowerCase();
    const code = query.readUInt16BE(at + 1);
    const type = typeNames[code] ?? String(code);
    asked.push(`${name} ${type}`);
    const entry = zone.get(name);
    const records = entry === undefined || entry.fails === true ? [] : dataOf(entry, type);
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(entry === undefined ? 0x8183 : entry.fails === true ? 0x8182 : 0x8180, 2);
    header.writeUInt16BE(records.length, 6);
    header.writeUInt16BE(0, 8);
    header.writeUInt16BE(0, 10);
    const answers = records.map((data) => Buffer.concat([number16(0xc00c, code, 1, 0, 60, data.length), data]));
    server.send(Buffer.concat([header, query.subarray(12, at + 5), ...answers]), port, address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    zone,
    asked,
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
