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
 * Ranges that operators publish, as read in November 2026. A range that is missing costs a missed scanner; one that is too wide would
 * condemn people, so networks in which people browse, too, are `probable` or left out.
 */
const published: readonly { readonly network: Network; readonly source: string; readonly ranges: string }[] = [
  {
    network: 'scanner',
    source:
      'Microsoft Exchange Online Protection: learn.microsoft.com, Microsoft 365 URLs and IP address ranges, id 10',
    ranges: '40.92.0.0/15 40.107.0.0/16 52.100.0.0/14 104.47.0.0/17 2a01:111:f400::/48 2a01:111:f403::/48',
  },
  {
    network: 'scanner',
    source: 'Barracuda Email Gateway Defense, United States: campus.barracuda.com, Email Gateway Defense IP ranges',
    ranges: '209.222.80.0/21',
  },
  {
    network: 'scanner',
    source: 'Proofpoint (AS22843, AS26211): its SPF records and its allow lists for customers',
    ranges: '67.231.144.0/20 148.163.128.0/19 205.220.160.0/19 185.132.180.0/22',
  },
  {
    network: 'probable',
    source: 'Mimecast, which also isolates browsers: SPF record netblocks.mimecast.com and its data center list',
    ranges:
      '63.128.21.0/24 91.220.42.0/24 170.10.128.0/21 185.58.84.0/22 205.139.110.0/23 207.211.30.0/24 207.211.31.0/25 216.205.24.0/24',
  },
  {
    network: 'relay',
    source: 'iCloud Private Relay: mask-api.icloud.com/egress-ip-ranges.csv, widened to the networks of its operators',
    ranges: '104.28.0.0/16 172.224.224.0/19 146.75.128.0/17 2a02:26f7::/32 2606:54c0::/32',
  },
];

const lists = published.map(({ network, ranges }) => {
  const list = new BlockList();
  for (const range of ranges.split(' ')) {
    const [address = '', prefix] = range.split('/');
    list.addSubnet(address, Number(prefix), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return { network, list };
});

/** The network of an address; undefined if nothing is known of it. */
export function networkOf(address: string): Network | undefined {
  const family = isIP(address);
  if (family === 0) return undefined;
  return lists.find(({ list }) => list.check(address, family === 6 ? 'ipv6' : 'ipv4'))?.network;
}
