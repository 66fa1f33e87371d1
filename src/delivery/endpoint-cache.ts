import type { EndpointId } from '../base/ids.ts';
import { ownerKey, type Owner } from './endpoint-rows.ts';
import { wants, type Endpoint } from './endpoint.ts';

/** The endpoints of one owner, all of them, in order of id. */
interface Group {
  endpoints: readonly Endpoint[];
  /** Matching by pattern is slow, so the subscribers of a type are determined once, where there are many endpoints. */
  byType: Map<string, readonly Endpoint[]> | undefined;
}

/** A group of fewer endpoints is matched each time: most workspaces have one endpoint. */
const indexedFrom = 8;
/** Callers choose the types, so their memory is limited. */
const typesMax = 1_000;

/**
 * Endpoints in memory: complete groups by owner, and single ones by id. What was not used recently is evicted: there are two generations
 * of half the size, and the older is dropped when the younger is full.
 */
export class EndpointCache {
  readonly #half: number;
  #groups = new Map<string, Group>();
  #oldGroups = new Map<string, Group>();
  #singles = new Map<EndpointId, Endpoint>();
  #oldSingles = new Map<EndpointId, Endpoint>();
  #weight = 0;

  /** Keeps at most `max` endpoints and empty groups, apart from the last group. */
  constructor(max: number) {
    this.#half = Math.max(1, Math.floor(max / 2));
  }

  hasGroup(owner: Owner): boolean {
    return this.#group(ownerKey(owner)) !== undefined;
  }

  /** The endpoints of an owner that are subscribed to a type; undefined if its group is not in memory. */
  subscribers(owner: Owner, type: string): readonly Endpoint[] | undefined {
    const group = this.#group(ownerKey(owner));
    if (group === undefined) return undefined;
    if (group.endpoints.length < indexedFrom) return group.endpoints.filter((endpoint) => wants(endpoint, type));
    group.byType ??= new Map();
    let found = group.byType.get(type);
    if (found === undefined) {
      found = group.endpoints.filter((endpoint) => wants(endpoint, type));
      if (group.byType.size >= typesMax) group.byType.clear();
      group.byType.set(type, found);
    }
    return found;
  }

  get(id: EndpointId): Endpoint | undefined {
    const single = this.#singles.get(id);
    if (single !== undefined) return single;
    const aged = this.#oldSingles.get(id);
    if (aged === undefined) return undefined;
    this.#oldSingles.delete(id);
    this.put(aged);
    return aged;
  }

  /** Stores a complete group. */
  putGroup(owner: Owner, endpoints: readonly Endpoint[]): void {
    this.#setGroup(ownerKey(owner), { endpoints, byType: undefined });
    for (const endpoint of endpoints) this.put(endpoint);
  }

  /** Stores an endpoint that was read; its group follows if it is in memory. */
  put(endpoint: Endpoint): void {
    this.#oldSingles.delete(endpoint.id);
    if (!this.#singles.has(endpoint.id)) this.#grow(weightOf(endpoint));
    this.#singles.set(endpoint.id, endpoint);
  }

  /** As `put`, for an endpoint that may have changed; undefined: it was deleted. */
  replace(owner: Owner, id: EndpointId, endpoint: Endpoint | undefined): void {
    if (endpoint === undefined) {
      this.#singles.delete(id);
      this.#oldSingles.delete(id);
    } else this.put(endpoint);
    const group = this.#group(ownerKey(owner));
    if (group === undefined) return;
    const at = group.endpoints.findIndex((each) => each.id >= id);
    const before = at === -1 ? group.endpoints : group.endpoints.slice(0, at);
    const after = at === -1 ? [] : group.endpoints.slice(group.endpoints[at]?.id === id ? at + 1 : at);
    group.endpoints = endpoint === undefined ? [...before, ...after] : [...before, endpoint, ...after];
    group.byType = undefined;
  }

  #group(key: string): Group | undefined {
    const group = this.#groups.get(key);
    if (group !== undefined) return group;
    const aged = this.#oldGroups.get(key);
    if (aged !== undefined) this.#setGroup(key, aged);
    return aged;
  }

  #setGroup(key: string, group: Group): void {
    this.#oldGroups.delete(key);
    if (!this.#groups.has(key)) this.#grow(1);
    this.#groups.set(key, group);
  }

  #grow(weight: number): void {
    if (this.#weight + weight > this.#half) {
      this.#oldGroups = this.#groups;
      this.#oldSingles = this.#singles;
      this.#groups = new Map();
      this.#singles = new Map();
      this.#weight = 0;
    }
    this.#weight += weight;
  }
}

/** An ordinary endpoint takes about 4 KB, and so does this much text of certificates and templates. */
const weightOf = ({ tls, template }: Endpoint): number =>
  tls === undefined && template === undefined
    ? 1
    : 1 + Math.ceil(((tls?.cert?.length ?? 0) + (tls?.ca?.length ?? 0) + (template?.text.length ?? 0)) / 4_096);
