import type { CallRequest, Transport } from './transport.ts';

/**
 * A page of a list with numbered pages, used for records that people create in small numbers, such as webhooks.
 *
 * @example
 * ```ts
 * const { data, page, total } = await outrider.webhooks.list({ page: 2, page_size: 50 }).page();
 * console.log(`page ${page}: ${data.length} of ${total} webhooks`);
 * ```
 */
export interface NumberedPage<Item> {
  readonly data: Item[];
  readonly page: number;
  readonly page_size: number;
  readonly total: number;
  /** The cursor of the next page; null on the last one. With `limit` or `cursor`, a list has this instead of `page`, `page_size` and `total`. */
  readonly next_cursor?: string | null;
  /** True when the list may be longer than `total`: the server stops counting long lists. */
  readonly total_capped?: boolean;
}

/**
 * A page of a list with cursors, used for records that accumulate, such as deliveries. A page can be empty and still have a next page.
 *
 * @example
 * ```ts
 * const { data, next_cursor } = await outrider.events.list({ limit: 100 }).page();
 * console.log(data.length, next_cursor === null ? 'last page' : 'more to come');
 * ```
 */
export interface CursorPage<Item> {
  readonly data: Item[];
  readonly next_cursor: string | null;
}

/**
 * A list that loads its pages while you iterate over it.
 * Numbered pages shift when items are created or deleted during the iteration: give a `limit` to page by cursor, or collect the items you want to delete first.
 *
 * @example
 * ```ts
 * for await (const webhook of outrider.webhooks.list()) console.log(webhook.target_url);
 * ```
 */
export class List<Item, Page extends { readonly data: Item[] }> implements AsyncIterable<Item> {
  readonly #fetch: (query: object) => Promise<Page>;
  readonly #next: (page: Page) => object | undefined;

  /** `next`: the query that requests the following page; undefined after the last one. */
  constructor(fetch: (query: object) => Promise<Page>, next: (page: Page) => object | undefined) {
    this.#fetch = fetch;
    this.#next = next;
  }

  /**
   * Iterates over the items of all pages, from the requested page on. Each page is one call.
   * @throws OutriderError when a page cannot be loaded; it ends the iteration.
   *
   * @example
   * ```ts
   * for await (const event of outrider.events.list({ event: 'order.paid' })) console.log(event.id);
   * ```
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const page of this.pages()) yield* page.data;
  }

  /**
   * Iterates over the pages, from the requested page on.
   * @throws OutriderError when a page cannot be loaded; it ends the iteration.
   *
   * @example
   * ```ts
   * for await (const { data } of outrider.contacts.list({ page_size: 100 }).pages()) console.log(data.length);
   * ```
   */
  async *pages(): AsyncGenerator<Page, void, undefined> {
    for (let query: object | undefined = {}; query !== undefined;) {
      const page: Page = await this.#fetch(query);
      yield page;
      query = this.#next(page);
    }
  }

  /**
   * Loads a single page: the requested page, or the first one.
   *
   * @example
   * ```ts
   * const { total } = await outrider.contacts.list({ page_size: 1 }).page();
   * ```
   */
  page(): Promise<Page> {
    return this.#fetch({});
  }
}

/** A list paged by `page` and `page_size`. */
export const numberedList = <Item>(transport: Transport, request: CallRequest): List<Item, NumberedPage<Item>> =>
  new List(
    (query) => transport.whole<NumberedPage<Item>>({ ...request, query: { ...request.query, ...query } }),
    ({ data, page, page_size: size, total, total_capped: isCapped = false, next_cursor: cursor }) => {
      if (cursor !== undefined) return cursor === null ? undefined : { cursor };
      const isLast = data.length < size || (!isCapped && page * size >= total);
      return isLast ? undefined : { page: page + 1 };
    },
  );

/** A list paged by `cursor`. */
export const cursorList = <Item>(transport: Transport, request: CallRequest): List<Item, CursorPage<Item>> =>
  new List(
    (query) => transport.whole<CursorPage<Item>>({ ...request, query: { ...request.query, ...query } }),
    ({ next_cursor: cursor }) => (cursor === null ? undefined : { cursor }),
  );
