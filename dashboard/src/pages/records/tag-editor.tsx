import { useMutation } from '@tanstack/react-query';
import type { Contact } from '@outrider/sdk';
import { api, queryClient } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';

/** The tags of a contact. Each is added or removed by itself, so that nobody undoes what others did. */
export function TagEditor({ contact }: { readonly contact: Contact }) {
  const may = useMay()('contacts:write') && contact.deleted_at === null;
  const change = useMutation({
    mutationFn: (body: { add?: string[]; remove?: string[] }) => api.contacts.changeTags(contact.id, body),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['contacts'] }),
  });
  return (
    <div className="row wrap" aria-label="Tags" role="group">
      {contact.tags.map((tag) => (
        <span key={tag} className="chip">
          <span className="v">{tag}</span>
          {may ? (
            <button
              type="button"
              aria-label={`Remove tag ${tag}`}
              onClick={() => {
                change.mutate({ remove: [tag] });
              }}
            >
              ×
            </button>
          ) : null}
        </span>
      ))}
      {may ? (
        <input
          className="input auto typed"
          placeholder="+ Tag"
          aria-label="Add a tag"
          maxLength={64}
          onKeyDown={(event) => {
            const tag = event.currentTarget.value.trim();
            if (event.key !== 'Enter' || tag === '') return;
            change.mutate({ add: [tag] });
            event.currentTarget.value = '';
          }}
        />
      ) : null}
    </div>
  );
}
