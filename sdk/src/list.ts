import type { CallRequest, Transport } from './transport.ts';

/** Counted pages, of what a team makes by hand. */
export interface NumberedPage<Item> {
  readonly data: Item[];
  readonly page: number;
  readonly page_size: number;
  readonly total: number;
  /** There may be more than `total`: a long list is not counted to its end. */
  readonly total_capped?: boolean;
}

/** Pages of what grows without end. A page may be empty and yet have a next one. */
export interface CursorPage<Item> {
  readonly data: Item[];
  readonly next_cursor: string | null;
}

/**
 * A list that is fetched as it is read: `for await (const item of list)`.
 * Pages that are counted shift when items are made or deleted while one reads; collect what you want to delete first.
 */
export class List<Item, Page extends { readonly data: Item[] }> implements AsyncIterable<Item> {
  readonly #fetch: (query: object) => Promise<Page>;
  readonly #after: (page: Page) => object | undefined;

  /** `after`: what to ask for behind a page; undefined when it is the last. */
  constructor(fetch: (query: object) => Promise<Page>, after: (page: Page) => object | undefined) {
    this.#fetch = fetch;
    this.#after = after;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const page of this.pages()) yield* page.data;
  }

  async *pages(): AsyncGenerator<Page, void, undefined> {
    for (let query: object | undefined = {}; query !== undefined;) {
      const page: Page = await this.#fetch(query);
      yield page;
      query = this.#after(page);
    }
  }

  /** One page: the first, or the one that the query named. */
  page(): Promise<Page> {
    return this.#fetch({});
  }
}

export const numberedList = <Item>(transport: Transport, request: CallRequest): List<Item, NumberedPage<Item>> =>
  new List(
    (query) => transport.whole<NumberedPage<Item>>({ ...request, query: { ...request.query, ...query } }),
    ({ data, page, page_size: size, total, total_capped: isCapped = false }) => {
      const isLast = data.length < size || (!isCapped && page * size >= total);
      return isLast ? undefined : { page: page + 1 };
    },
  );

export const cursorList = <Item>(transport: Transport, request: CallRequest): List<Item, CursorPage<Item>> =>
  new List(
    (query) => transport.whole<CursorPage<Item>>({ ...request, query: { ...request.query, ...query } }),
    ({ next_cursor: cursor }) => (cursor === null ? undefined : { cursor }),
  );
