import type { WorkspaceDirectory } from '../../auth/index.ts';
import type { Route } from '../../http/route.ts';
import { createActivities as create } from './activities.ts';
import type { Activities as Functions, ActivitiesOptions } from './activities.ts';
import { activityRoutes } from './routes.ts';

export { activityChange, activityExample, activityOnWire, activityShape, newActivity } from './activity.ts';
export type { Activity, ActivityChange, NewActivity } from './activity.ts';
export { activityTypes } from '../../base/records/activity.ts';
export { activitiesOfContact, eraseActivities, eraseActivitiesOf } from './erasure.ts';
export type { ActivityType } from './metadata.ts';
export type { ActivitiesOptions, ActivityFilter } from './activities.ts';

export interface Activities extends Functions {
  readonly routes: readonly Route[];
}

export function createActivities({
  workspaces,
  ...options
}: ActivitiesOptions & { readonly workspaces: WorkspaceDirectory }): Activities {
  const activities = create(options);
  return { ...activities, routes: activityRoutes(activities, workspaces) };
}
