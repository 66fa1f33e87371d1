import type { OrganizationId } from '../base/ids.ts';

/** How many deliveries are in flight: in total, per organization, and to endpoints in trouble. */
export class Slots {
  total = 0;
  troubled = 0;
  readonly #byOrganization = new Map<OrganizationId, number>();

  of(organization: OrganizationId): number {
    return this.#byOrganization.get(organization) ?? 0;
  }

  take(organization: OrganizationId, troubled: boolean): void {
    this.total += 1;
    if (troubled) this.troubled += 1;
    this.#byOrganization.set(organization, this.of(organization) + 1);
  }

  /** @param troubled as given to `take` */
  giveBack(organization: OrganizationId, troubled: boolean): void {
    this.total -= 1;
    if (troubled) this.troubled -= 1;
    const left = this.of(organization) - 1;
    if (left === 0) this.#byOrganization.delete(organization);
    else this.#byOrganization.set(organization, left);
  }
}
