import { readFileSync } from 'node:fs';
import { replyClasses } from './reply.ts';
import type { ReplyClass } from './reply.ts';

/** As `scripts/train-replies.ts` writes it. */
export interface StoredModel {
  readonly buckets: number;
  readonly bias: readonly number[];
  /** What the weights were divided by. */
  readonly scale: number;
  /** Divides the scores, so that the probabilities are those of being right. */
  readonly temperature: number;
  /** Signed bytes in base64, one per bucket and class. */
  readonly weights: string;
  /** SHA-256 of the replies it was trained with. */
  readonly trainedWith: string;
}

export interface Guess {
  readonly classification: ReplyClass;
  readonly probability: number;
}

/** Buckets that the features of a text are hashed to; a power of two. */
export const bucketsMax = 16_384;
/** Below this, the model abstains. */
export const probabilityMin = 0.55;
/** The same for classes with consequences. */
export const probabilityMinOfCostly = 0.75;
const charactersRead = 1_000;
const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;

/**
 * The features of a text: its words, pairs of words, and sequences of 3 to 5 characters, hashed (FNV-1a).
 * @param folded as `fold` returns it
 */
export function featuresOf(folded: string): Set<number> {
  const features = new Set<number>();
  const add = (kind: string, feature: string): void => {
    let hash = fnvOffset;
    for (const text of [kind, feature])
      for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), fnvPrime) >>> 0;
    features.add((hash ^ (hash >>> 15)) % bucketsMax);
  };
  const text = folded.slice(0, charactersRead).replaceAll(/\s+/g, ' ').replaceAll(/\d+/g, '0').trim();
  const words = text.match(/[\p{L}\p{N}']+|[?!]/gu) ?? [];
  for (const [index, word] of words.entries()) {
    add('w', word);
    add('p', `${words[index - 1] ?? '^'} ${word}`);
  }
  const padded = ` ${text} `;
  for (let length = 3; length <= 5; length += 1)
    for (let at = 0; at + length <= padded.length; at += 1) add('c', padded.slice(at, at + length));
  return features;
}

interface Model extends Omit<StoredModel, 'weights'> {
  readonly weights: Int8Array;
}

let loaded: Model | undefined;
function model(): Model {
  if (loaded === undefined) {
    const stored = JSON.parse(readFileSync(new URL('model.json', import.meta.url), 'utf8')) as StoredModel;
    loaded = { ...stored, weights: new Int8Array(Buffer.from(stored.weights, 'base64')) };
  }
  return loaded;
}

/** SHA-256 of the replies that the model was trained with. */
export const modelTrainedWith = (): string => model().trainedWith;

/** The most probable class of a text, by the model alone. `unknown` is one of them: that a text says nothing. */
export function guessOf(folded: string): Guess {
  const { weights, bias, scale, temperature } = model();
  const features = featuresOf(folded);
  const norm = Math.sqrt(features.size || 1);
  const scores = replyClasses.map((_, index) => {
    let sum = 0;
    for (const feature of features) sum += weights[feature * replyClasses.length + index] ?? 0;
    return ((sum * scale) / norm + (bias[index] ?? 0)) / temperature;
  });
  const max = Math.max(...scores);
  const exponentials = scores.map((score) => Math.exp(score - max));
  const best = scores.indexOf(max);
  return {
    classification: replyClasses[best] ?? 'unknown',
    probability: 1 / exponentials.reduce((sum, each) => sum + each, 0),
  };
}
