import { api } from '../../app/api.ts';

/** Whether this page can use passkeys. Browsers have none without HTTPS, `localhost` aside, nor for an IP address. */
export const hasPasskeys = (): boolean =>
  typeof PublicKeyCredential === 'function' && !/^[\d.]+$|^\[/.test(location.hostname);

/** The words of browsers for it name a specification. */
async function orCancelled<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && error.name === 'NotAllowedError')
      throw new Error('No passkey was chosen: it was cancelled, or took too long.', { cause: error });
    throw error;
  }
}

// The library is loaded when it is needed.
const library = () => import('@simplewebauthn/browser');

/** Lets the browser make a passkey, and adds it to the account. */
export async function addPasskey({ name, password }: { readonly name: string; readonly password: string }) {
  const optionsJSON = await api.accounts.getPasskeyCreationOptions({ password });
  const { startRegistration } = await library();
  const { id, rawId, type, response } = await orCancelled(startRegistration({ optionsJSON }));
  return api.accounts.addPasskey({ name, credential: { id, rawId, type, response: { ...response } } });
}

/** Lets the browser sign with a passkey that the person chooses, and begins a session. */
export async function signInWithPasskey() {
  const optionsJSON = await api.accounts.getPasskeySignInOptions();
  const { startAuthentication } = await library();
  const { id, rawId, type, response } = await orCancelled(startAuthentication({ optionsJSON }));
  return api.accounts.signInWithPasskey({ credential: { id, rawId, type, response: { ...response } } });
}
