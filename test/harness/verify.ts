import { Webhook } from 'standardwebhooks';

/** Whether the public library of Standard Webhooks accepts a delivery at that time (Unix ms). */
export function verifies(
  secret: string,
  { body, headers }: { readonly body: string; readonly headers: object },
  nowMs: number,
): boolean {
  // The library compares the timestamp with the system's clock, so that is set to the test's.
  const systemNow = Date.now;
  Date.now = () => nowMs;
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  } finally {
    Date.now = systemNow;
  }
}
