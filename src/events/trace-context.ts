/** Version, trace id, parent id and flags; a version after 00 may add fields. */
const form = /^(?!ff)([\da-f]{2})-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}(-[!-~]{1,200})?$/;

/**
 * The `traceparent` header of a request (W3C Trace Context §3.2), which its deliveries carry unchanged.
 * @returns undefined if there is none, or if it is invalid: then the trace begins anew, as the standard requires
 */
export const traceparentOf = (header: string | readonly string[] | undefined): string | undefined => {
  if (typeof header !== 'string') return undefined;
  const [, version, more] = form.exec(header.trim()) ?? [];
  return version === undefined || (version === '00' && more !== undefined) ? undefined : header.trim();
};
