export type { SigningKey, SigningKeyOf } from './signing.ts';
