export { createDeliveries } from './deliveries.ts';
export type { Deliveries, DeliveriesOptions } from './deliveries.ts';
export { eraseAnswers } from './erasure.ts';
export { deliveryRoutes } from './routes.ts';
export { endpointsWithin, searchedEndpointsMax } from './search.ts';
