/** Version, trace id, parent id and flags; a version after 00 may add fields. */
const form = /^(?!ff)([\da-f]{2})-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}(-[!-~]{1,200})?$/;

/**
 * The `traceparent` header of a request (W3C Trace Context §3.2), which its deliveries carry unchanged.
 * @returns undefined if the header is missing or invalid: the standard requires ignoring an invalid one
 */
export const traceparentOf = (header: string | readonly string[] | undefined): string | undefined => {
  if (typeof header !== 'string') return undefined;
  const [, version, more] = form.exec(header.trim()) ?? [];
  return version === undefined || (version === '00' && more !== undefined) ? undefined : header.trim();
};
