import { inviteOwner, resetToken } from '../accounts/index.ts';
import { createOrganization, listOrganizations, organizationBySlug, setPlan } from '../auth/index.ts';
import type { Organization } from '../auth/index.ts';
import { OperatorError } from '../base/errors.ts';
import { createAddress } from '../http/address.ts';
import { UsageError } from './command.ts';
import { withInstallation } from './installation.ts';
import { table } from './help.ts';

const asJson = (organization: Organization): Record<string, unknown> => ({
  id: organization.id,
  slug: organization.slug,
  plan: organization.plan,
  sandbox: organization.liveOrganizationId !== undefined,
  live_organization_id: organization.liveOrganizationId ?? null,
  alert_email: organization.alertEmail ?? null,
  created_at: organization.createdAt.toISOString(),
});

export const createOrganizationCommand = (
  options: { plan: string | undefined; 'alert-email': string | undefined; json: boolean },
  slug: string,
): Promise<void> =>
  withInstallation(
    async ({ tenancy }) => {
      const organization = await createOrganization(await tenancy(), {
        slug,
        plan: options.plan ?? 'unlimited',
        alertEmail: options['alert-email'],
      });
      if (options.json) console.log(JSON.stringify(asJson(organization)));
      else
        console.log(
          `Created the organization ${organization.slug} on the plan ${organization.plan}. Create its first key: outrider keys create --org ${organization.slug}`,
        );
    },
    { create: true },
  );

export const listOrganizationsCommand = (options: { json: boolean }): Promise<void> =>
  withInstallation(async ({ db }) => {
    const organizations = await listOrganizations(db);
    if (options.json) console.log(JSON.stringify(organizations.map(asJson)));
    else if (organizations.length === 0)
      console.log(
        'There are no organizations yet. The first start of the server creates one; or run: outrider orgs create SLUG',
      );
    else
      console.log(
        table(
          ['slug', 'plan', 'alerts to', 'created', 'id'],
          organizations.map((each) => [
            each.slug,
            each.plan,
            each.alertEmail ?? '-',
            each.createdAt.toISOString().slice(0, 10),
            each.id,
          ]),
        ),
      );
  });

export const setPlanCommand = (slug: string, plan: string): Promise<void> =>
  withInstallation(async ({ tenancy }) => {
    await setPlan(await tenancy(), slug, plan);
    console.log(`${slug} is now on the plan ${plan}.`);
  });

export const inviteOwnerCommand = ({ org = 'default' }: { org: string | undefined }): Promise<void> =>
  withInstallation(async ({ db, tenancy }) => {
    const organization = await organizationBySlug(db, org);
    if (organization.liveOrganizationId !== undefined)
      throw new UsageError(`${org} is a sandbox. It has the owners of its live organization: name that one.`);
    console.log(await inviteOwner(await tenancy(), organization.id));
    console.error(`A person becomes an owner of ${org} with it, once, within 24 hours. It is not shown again.`);
  });

export const resetPasswordCommand = (email: string): Promise<void> =>
  withInstallation(async ({ config, tenancy }) => {
    const token = await resetToken(await tenancy(), email);
    if (token === undefined) throw new OperatorError(`No person has the address ${email}.`);
    console.log(`${config.publicUrl ?? createAddress(config).url}/reset#token=${token}`);
    console.error(`${email} sets a new password with it, once, within an hour. It is not shown again.`);
  });
