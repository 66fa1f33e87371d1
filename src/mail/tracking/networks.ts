import { BlockList, isIP } from 'node:net';

/** Networks whose requests say something of who made them. */
export type Network =
  /** Programs that check mail fetch from it; no person does. */
  | 'scanner'
  /** Programs and people: browsers that a vendor runs for its customers. */
  | 'probable'
  /** People browse through it, and their mail program prefetches from it. */
  | 'relay';

/**
 * Ranges in published lists, 2026: the named source, or a list of it that somebody published, contains each of them. None was read from the
 * operator itself. A range that is missing costs a missed scanner; one that is too wide would condemn people, so networks in which people
 * browse, too, are `probable` or left out.
 */
const published: readonly { readonly network: Network; readonly source: string; readonly ranges: string }[] = [
  {
    network: 'scanner',
    source: 'Microsoft Exchange Online Protection: copies of the SPF record of spf.protection.outlook.com',
    ranges: '40.92.0.0/15 40.107.0.0/16 52.100.0.0/14 104.47.0.0/17 2a01:111:f400::/48 2a01:111:f403::/48',
  },
  {
    network: 'scanner',
    source: 'Barracuda Email Gateway Defense: campus.barracuda.com, and transport rules that administrators published',
    ranges: '209.222.80.0/21',
  },
  {
    network: 'scanner',
    source: 'Proofpoint: its support page of addresses, and allow lists that administrators published',
    ranges: '67.231.144.0/20 148.163.128.0/19 205.220.160.0/19 185.132.180.0/22',
  },
  {
    network: 'probable',
    source: 'Mimecast, which also isolates browsers: allow lists that administrators published, and routes of AS30031',
    ranges:
      '63.128.21.0/24 91.220.42.0/24 170.10.128.0/22 170.10.132.0/23 185.58.84.0/22 205.139.110.0/23 207.211.30.0/24 207.211.31.0/24 216.205.24.0/24',
  },
  {
    network: 'relay',
    source:
      "iCloud Private Relay: lists of Apple's egress networks that others published, some wider than the egress ranges",
    ranges: '104.28.0.0/16 172.224.224.0/27 146.75.0.0/16 2a02:26f7::/32 2606:54c0::/32',
  },
];

const networks = ['scanner', 'probable', 'relay'] as const;
const lists = networks.map((network) => ({ network, list: listOf((range) => range.network === network) }));
const every = listOf(() => true);

function listOf(belongs: (range: (typeof published)[number]) => boolean): BlockList {
  const list = new BlockList();
  for (const range of published.filter(belongs).flatMap(({ ranges }) => ranges.split(' '))) {
    const [address = '', prefix] = range.split('/');
    list.addSubnet(address, Number(prefix), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

/** The network of an address; undefined if no list has it. Most addresses are in no list, and one check of all ranges finds that out. */
export function networkOf(address: string): Network | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  const family = version === 6 ? 'ipv6' : 'ipv4';
  return every.check(address, family) ? lists.find(({ list }) => list.check(address, family))?.network : undefined;
}
