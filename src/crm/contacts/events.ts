import type { EmitAll } from '../../events/index.ts';
import { actorOf } from '../records/index.ts';
import type { Editor } from '../records/index.ts';
import { recordOf } from './contact.ts';
import type { Contact } from './contact.ts';

/** What tells of a change of a contact. @param changed names of the fields, of an update */
export const contactEvent = (
  editor: Editor,
  type: 'contact.created' | 'contact.updated' | 'contact.deleted',
  contact: Contact,
  at: Date,
  changed?: readonly string[],
): Parameters<EmitAll>[1][number] => ({
  organizationId: editor.organizationId,
  type,
  occurredAtMs: at.getTime(),
  data: {
    ...recordOf(editor.organizationId, contact),
    ...(changed === undefined ? {} : { changed }),
    actor: actorOf(editor),
    ...(type === 'contact.deleted' ? { erased: false } : {}),
  },
});
