/** `@outrider/sdk`: the API client. Its only requirement is `fetch`. */
export { Outrider } from './outrider.ts';
export { OutriderConnectionError, OutriderError } from './outrider-error.ts';
export type { List, CursorPage, NumberedPage } from './list.ts';
export { etagOf } from './transport.ts';
export type { ServerEvent } from './server-events.ts';
export type { CallOptions, ChangeOptions, CreateOptions, FileBody, OutriderOptions } from './transport.ts';
export type * from './api-types.ts';
export type * from './resources.ts';
