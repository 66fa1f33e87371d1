export type { AccessTokenOf } from './access.ts';
