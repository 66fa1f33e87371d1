import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { catalogue } from '../../events/catalogue.ts';
import { canonicalTypes } from '../../base/event-types.ts';
import { foxreachData } from './wire-data.ts';
import { foxreach } from './wire.ts';

/** The data as a receiver parses it. */
function read(type: string, data: Readonly<Record<string, unknown>>): unknown {
  return JSON.parse(foxreachData(type, JSON.stringify(data)));
}

const campaign = '0199c9f2-0a44-7e55-b0c3-91d2e7a6f520';
const contact = '0199c9f1-7b20-7d02-8f11-3c5a7e90b410';
const lead = '0199c9f2-0a44-7e55-b0c3-91d2e7a6f521';

describe("FoxReach's data", () => {
  test("a published event has only the fields that it came with, and keeps the publisher's ids", () => {
    for (const [type, data, expected] of [
      [
        'email.sent',
        { email_id: 'msg-1', recipient: 'ada@lovelace.example' },
        { emailLogId: 'msg-1', toEmail: 'ada@lovelace.example' },
      ],
      ['email.failed', { error: 'full' }, { error: 'full' }],
      ['email.bounced', { bounce_type: 'soft', campaign_id: 'c-9' }, { campaignId: 'c-9', bounceType: 'soft' }],
      [
        'email.opened',
        { contact_id: contact, url: 'https://x.example' },
        { leadId: 'cld_0199c9f17b207d028f113c5a7e90b410' },
      ],
      ['reply.received', { reply_id: 'r-1', from: 'a@b.example' }, { replyId: 'r-1', fromEmail: 'a@b.example' }],
      ['reply.classified', { classification: 'interested' }, { category: 'interested' }],
      ['campaign.started', { campaign_id: campaign }, { campaignId: 'cmp_0199c9f20a447e55b0c391d2e7a6f520' }],
      ['contact.created', { id: 'crm-7', job_title: 'CTO' }, { leadId: 'crm-7', title: 'CTO' }],
      ['email.sent', {}, {}],
      ['contact.updated', {}, {}],
    ] as const)
      assert.deepEqual(read(type, data), expected, type);
  });

  test('classes of replies have the names of categories, and classes of callers stay as they are', () => {
    for (const [classification, category] of Object.entries({
      meeting_request: 'interested',
      question: 'interested',
      not_now: 'not_interested',
      wrong_person: 'not_interested',
      unsubscribe_request: 'not_interested',
      hostile: 'not_interested',
      out_of_office: 'out_of_office',
      auto_reply: 'uncategorized',
      left_company: 'uncategorized',
      unknown: 'unknown',
      'my own': 'my own',
    }))
      assert.deepEqual(read('reply.classified', { classification, previous_classification: classification }), {
        category,
        previousCategory: category,
      });
  });

  test('null stays null', () => {
    assert.deepEqual(
      read('reply.classified', { reply_id: 'r', classification: 'unknown', previous_classification: null }),
      {
        replyId: 'r',
        category: 'unknown',
        previousCategory: null,
      },
    );
    assert.deepEqual(
      read('email.opened', {
        email_id: 'e',
        campaign_id: null,
        lead_id: null,
        contact_id: null,
        recipient: 'a@b.example',
      }),
      {
        emailLogId: 'e',
        campaignId: null,
        leadId: null,
        toEmail: 'a@b.example',
      },
    );
  });

  test('leadId is the id of the contact, or the lead_id of an event without a contact', () => {
    assert.deepEqual(read('email.opened', { contact_id: contact, lead_id: lead }), {
      leadId: 'cld_0199c9f17b207d028f113c5a7e90b410',
    });
    assert.deepEqual(read('email.opened', { lead_id: 'l-1' }), { leadId: 'l-1' });
  });

  test('an updated lead has the changed fields that FoxReach knows', () => {
    const person = {
      id: contact,
      email: 'ada@lovelace.example',
      first_name: 'Ada',
      job_title: 'CTO',
      city: 'London',
      notes: null,
    };
    const changed = (...fields: unknown[]): unknown => read('contact.updated', { ...person, changed: fields });
    const always = { leadId: 'cld_0199c9f17b207d028f113c5a7e90b410', email: 'ada@lovelace.example' };
    assert.deepEqual(changed('job_title', 'notes', 'city', 'first_name_of_cat', 7, 'constructor'), {
      ...always,
      title: 'CTO',
      notes: null,
    });
    assert.deepEqual(changed('email'), always);
    assert.deepEqual(changed(), always);
    assert.deepEqual(
      read('contact.updated', person),
      { ...always, firstName: 'Ada', title: 'CTO', notes: null },
      'data without `changed`',
    );
  });

  test('custom fields keep their names', () => {
    assert.deepEqual(read('contact.created', { id: 'x', custom_fields: { time_zone: { city_name: 'London' } } }), {
      leadId: 'x',
      customFields: { time_zone: { city_name: 'London' } },
    });
  });

  test('all fields of every event are in camelCase', () => {
    for (const type of canonicalTypes.filter((each) => foxreach.eventName(each) !== undefined)) {
      const names = Object.keys(read(type, catalogue[type].example) as object);
      assert.ok(
        names.length > 0 && names.every((name) => /^[a-z][a-zA-Z]*$/.test(name)),
        `${type}: ${names.join(', ')}`,
      );
    }
  });
});
