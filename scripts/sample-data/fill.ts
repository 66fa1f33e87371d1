import { Outrider } from '../../sdk/src/index.ts';
import { addMail } from './mail.ts';
import { addRecords } from './records.ts';
import { addEndpoints, publish } from './webhooks.ts';

/** Fills a new installation, and the sandbox of its organization. @param said called before each part, which takes a moment */
export async function fill(
  { baseUrl, apiKey }: { readonly baseUrl: string; readonly apiKey: string },
  {
    contacts,
    events,
    receiverUrl,
  }: { readonly contacts: number; readonly events: number; readonly receiverUrl: string },
  said: (part: string) => void,
): Promise<void> {
  const api = new Outrider({ baseUrl, apiKey });
  said(`${contacts} contacts …`);
  const { workspaces } = await addRecords(api, contacts);
  said('endpoints and events …');
  await addEndpoints(api, receiverUrl, workspaces);
  await publish(api, events);
  said('a sandbox with two weeks of campaigns …');
  const { key } = await api.keys.create({ name: 'Sample data', scopes: ['*'], sandbox: true });
  await addMail(new Outrider({ baseUrl, apiKey: key }), 60);
}
