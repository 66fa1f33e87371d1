import { useMutation, useQuery } from '@tanstack/react-query';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { Field, Input } from '../../components/field.tsx';
import { Note } from '../../components/page.tsx';
import { toast } from '../../components/toast.tsx';

const dataUrlOf = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      resolve(String(reader.result));
    };
    reader.onerror = () => {
      reject(new Error('The file cannot be read.'));
    };
    reader.readAsDataURL(file);
  });

/** Name, color and logo that customers see. */
export function Brand() {
  const may = useMay()('organization:write');
  const { data } = useQuery({
    queryKey: ['portal-brand'],
    queryFn: ({ signal }) => api.customerPortal.getPortalBrand({ signal }),
  });
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: async (form: FormData) => {
      const file = form.get('logo');
      const logo = file instanceof File && file.size > 0 ? await dataUrlOf(file) : (data?.logo ?? null);
      return api.customerPortal.setPortalBrand({
        name: String(form.get('name') ?? ''),
        color: String(form.get('color') ?? ''),
        logo,
      });
    },
    onSuccess: () => {
      toast('Saved');
      return queryClient.invalidateQueries({ queryKey: ['portal-brand'] });
    },
  });
  const problems = problemsOf(save.error);
  if (data === undefined) return null;
  return (
    <form
      key={`${data.name} ${data.color}`}
      className="stack roomy detail"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(new FormData(event.currentTarget));
      }}
    >
      {problemOf(save.error) === undefined ? null : (
        <Note tone="failed" boxed>
          {problemOf(save.error)}
        </Note>
      )}
      <div className="two-f three">
        <Field label="Name" error={problems['name']}>
          {(control) => <Input {...control} name="name" required disabled={!may} defaultValue={data.name} />}
        </Field>
        <Field label="Logo" error={problems['logo']} hint="PNG, JPEG or WebP, at most 48 KB.">
          {(control) => (
            <input {...control} type="file" name="logo" disabled={!may} accept="image/png,image/jpeg,image/webp" />
          )}
        </Field>
        <Field label="Color" error={problems['color']}>
          {(control) => <Input {...control} name="color" type="color" disabled={!may} defaultValue={data.color} />}
        </Field>
      </div>
      {may ? (
        <div className="row">
          <Button type="submit" busy={save.isPending}>
            Save
          </Button>
        </div>
      ) : null}
    </form>
  );
}
