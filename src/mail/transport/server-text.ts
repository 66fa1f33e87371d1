const charactersMax = 1_000;

/** Returns a server's text in the form in which callers may see it. */
export type Clean = (text: string) => string;

const withheld = '(The server repeated credentials; its text is not shown.)';

/**
 * Removes control characters, joins lines, limits the length to 1,000 characters, and withholds a text that repeats what was sent to log in.
 *
 * @param secrets everything that was sent: passwords, tokens, and their encodings
 */
export function cleaner(secrets: readonly string[]): Clean {
  const needles = secrets.filter((secret) => secret !== '').map(squeezed);
  return (text) => {
    // A secret may be broken by line ends, so these are ignored in the comparison.
    const all = squeezed(text);
    if (needles.some((needle) => all.includes(needle))) return withheld;
    return (
      text
        // Control and format characters, such as those that change the direction of writing.
        .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\s]+/gu, ' ')
        .trim()
        .slice(0, charactersMax)
        // Half of a surrogate pair.
        .replace(/[\uD800-\uDBFF]$/, '')
    );
  };
}

const squeezed = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, '');

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** What a login sends, in every encoding that it is sent in. */
export function secretsOf(username: string, secret: string): string[] {
  // Inside a longer encoding: without padding and the characters that depend on what surrounds the secret. Shorter ones occur in words.
  const inside = [0, 1, 2]
    .map((offset) => base64(`${'\0'.repeat(offset)}${secret}`).slice(offset === 0 ? 0 : 4, -4))
    .filter((encoded) => encoded.length >= 8);
  return [secret, base64(secret), plainResponse(username, secret), xoauth2Response(username, secret), ...inside];
}

/** RFC 4616, without an authorization identity: some servers refuse one. */
export const plainResponse = (username: string, password: string): string => base64(`\0${username}\0${password}`);

/** developers.google.com/workspace/gmail/imap/xoauth2-protocol */
export const xoauth2Response = (username: string, accessToken: string): string =>
  base64(`user=${username}\u0001auth=Bearer ${accessToken}\u0001\u0001`);
