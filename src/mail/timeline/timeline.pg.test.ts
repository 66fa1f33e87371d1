import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import { contact } from '../../../test/harness/contacts.ts';
import { installationScene } from '../../../test/harness/installation.ts';

describe('the timeline of a contact', () => {
  // Without the engine, nothing changes between requests.
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));
  const email = 'ada@lovelace.example';

  test('merges what is recorded about it, newest first, and pages through it without gaps', async () => {
    const me = await scene.product.tenant();
    const { id } = await contact(me, { email });
    await contact(me, { email: 'grace@hopper.example' });
    const path = `/v1/contacts/${id}/timeline`;
    const note = (text: string, at: string) =>
      me.got('POST', '/v1/activities', {
        activity_type: 'note',
        contact_id: id,
        occurred_at: at,
        metadata: { notes: text },
      });
    await note('first', '2026-01-02T09:00:00Z');
    const mailbox = await me.got('POST', '/v1/mailboxes', { email: 'g@navy.example', provider: 'capture' });
    const message = await me.api('POST', '/v1/messages', {
      mailbox_id: mailbox['id'],
      to: email,
      subject: 'Hello Ada',
      text: 'Hi',
    });
    assert.equal(message.status, 202, message.text);
    const campaign = await me.got('POST', '/v1/campaigns', { name: 'Spring', contact_ids: [id] });
    const topic = await me.got('POST', '/v1/topics', { name: 'News' });
    await me.got('POST', `/v1/topics/${String(topic['id'])}/opt-outs`, { email });
    await me.got('POST', '/v1/suppressions', { email });
    await note('second', '2026-01-01T09:00:00Z');
    const all = (await me.api('GET', path)).json.data as (Fields & { data: Fields })[];
    assert.deepEqual(
      all.map(({ type, data }) => [
        type,
        data['subject'] ?? data['kind'] ?? data['topic_name'] ?? (data['metadata'] as Fields | undefined)?.['notes'],
      ]),
      [
        ['activity', 'second'],
        ['lead', 'skipped'],
        ['suppression', undefined],
        ['topic_left', 'News'],
        ['lead', 'added'],
        ['message', 'Hello Ada'],
        ['activity', 'first'],
        ['contact_created', undefined],
      ],
    );
    assert.equal(all[1]?.data['campaign_id'], campaign['id']);
    assert.equal(all[0]?.['at'], '2026-01-01T09:00:00.000Z', 'when it happened');
    const paged: Fields[] = [];
    for (let cursor = ''; ;) {
      const { json } = await me.api('GET', `${path}?limit=3${cursor}`);
      paged.push(...(json.data as Fields[]));
      if (json['next_cursor'] === null) break;
      cursor = `&cursor=${json['next_cursor'] as string}`;
    }
    assert.deepEqual(paged, all);
  });

  test('has suppressions that were lifted, and merges with their undo', async () => {
    const me = await scene.product.tenant();
    const [{ id }, { id: twin }] = [await contact(me, { email }), await contact(me, { email: 'ada@byron.example' })];
    const { id: suppression } = await me.got('POST', '/v1/suppressions', { email });
    assert.equal((await me.api('DELETE', `/v1/suppressions/${String(suppression)}`)).status, 204);
    const { merge_id: merge } = await me.got('POST', `/v1/contacts/${id}/merge`, { from_id: twin });
    await me.got('POST', `/v1/merges/${String(merge)}/undo`);
    const entries = async (query = '') =>
      (await me.api('GET', `/v1/contacts/${id}/timeline?${query}`)).json.data as (Fields & { data: Fields })[];
    const all = await entries();
    assert.deepEqual(
      all.map(({ type }) => type),
      ['unmerged', 'merged', 'suppression_lifted', 'suppression', 'contact_created'],
    );
    assert.deepEqual([all[0]?.data, all[3]?.['id']], [{ merge_id: merge, from_id: twin }, suppression]);
    assert.deepEqual(await entries('sort=created_at'), all.toReversed());
  });

  test('a key of a workspace sees what belongs to the workspace', async () => {
    const me = await scene.product.tenant();
    const [workspace, other] = [await me.workspace('one'), await me.workspace('other')];
    const bound = await me.withKey({ workspaceId: workspace });
    const { id } = await contact(bound, { email });
    await me.got('POST', '/v1/suppressions', { email });
    await bound.got('POST', '/v1/suppressions', { email });
    const types = async (caller: typeof bound): Promise<unknown[]> =>
      ((await caller.api('GET', `/v1/contacts/${id}/timeline`)).json.data as Fields[]).map(({ type }) => type);
    assert.deepEqual(await types(bound), ['suppression', 'contact_created']);
    assert.deepEqual(await types(me), ['suppression', 'suppression', 'contact_created']);
    const stranger = await me.withKey({ workspaceId: other });
    assert.equal((await stranger.api('GET', `/v1/contacts/${id}/timeline`)).status, 404);
  });
});
