export { liveRoutes } from './routes.ts';
export { createStreams } from './stream.ts';
