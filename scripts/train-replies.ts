/**
 * Trains the linear model of `src/mail/replies` with the replies in `test/replies/train` and writes `model.json`. Multinomial logistic regression
 * over hashed features, fixed seed: the same replies give the same file. Prints what five-fold cross-validation measures, which also sets the
 * temperature.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fold } from '../src/mail/replies/language.ts';
import { bucketsMax, featuresOf, probabilityMin } from '../src/mail/replies/model.ts';
import type { StoredModel } from '../src/mail/replies/model.ts';
import { replyClasses } from '../src/mail/replies/reply.ts';
import { digestOf, readExamples } from '../test/replies/examples.ts';

const seed = 20_261_129;
const folds = 5;
const rounds = 12;
const rate = 0.15;
const rateOfBias = 0.01;
const decay = 0.002;
const classes = replyClasses.length;

interface Sample {
  readonly features: readonly number[];
  readonly target: number;
}

/** Mulberry32. */
function randomOf(state: number): () => number {
  let current = state;
  return () => {
    current = (current + 0x6d2b79f5) | 0;
    let mixed = Math.imul(current ^ (current >>> 15), 1 | current);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function softmax(scores: readonly number[], temperature = 1): number[] {
  const max = Math.max(...scores);
  const exponentials = scores.map((score) => Math.exp((score - max) / temperature));
  const sum = exponentials.reduce((total, each) => total + each, 0);
  return exponentials.map((each) => each / sum);
}

interface Weights {
  readonly weights: Float64Array;
  readonly bias: Float64Array;
}

const scoresOf = ({ features }: Sample, { weights, bias }: Weights): number[] =>
  replyClasses.map((_, index) => {
    const sum = features.reduce((total, feature) => total + (weights[feature * classes + index] ?? 0), 0);
    return sum / Math.sqrt(features.length || 1) + (bias[index] ?? 0);
  });

/** In an order that depends on the seed alone. */
function shuffled(length: number, random: () => number): number[] {
  const order = Array.from({ length }, (_, index) => index);
  for (let index = length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [order[index], order[other]] = [order[other] ?? 0, order[index] ?? 0];
  }
  return order;
}

/** Sample by sample, with steps that shrink where there were many (AdaGrad). */
function train(samples: readonly Sample[]): Weights {
  const weights = new Float64Array(bucketsMax * classes);
  const bias = new Float64Array(classes);
  const squares = new Float64Array(weights.length).fill(1e-3);
  const random = randomOf(seed);
  for (let round = 0; round < rounds; round += 1)
    for (const position of shuffled(samples.length, random)) {
      const sample = samples[position];
      if (sample === undefined) continue;
      const probabilities = softmax(scoresOf(sample, { weights, bias }));
      const norm = Math.sqrt(sample.features.length || 1);
      for (const [index, probability] of probabilities.entries()) {
        const error = (index === sample.target ? 1 : 0) - probability;
        bias[index] = (bias[index] ?? 0) + (rateOfBias * error) / (1 + round);
        for (const feature of sample.features) {
          const at = feature * classes + index;
          const weight = weights[at] ?? 0;
          const gradient = error / norm - decay * weight;
          const square = (squares[at] ?? 0) + gradient * gradient;
          squares[at] = square;
          weights[at] = weight + (rate * gradient) / Math.sqrt(square);
        }
      }
    }
  return { weights, bias };
}

const examples = readExamples('train');
const samples: readonly Sample[] = examples.map(({ text, classification }) => ({
  features: [...featuresOf(fold(text))],
  target: replyClasses.indexOf(classification),
}));
const order = shuffled(samples.length, randomOf(seed));

const held = Array.from({ length: folds }, (_, fold) => {
  const isHeld = (position: number): boolean => position % folds === fold;
  const model = train(order.filter((_each, position) => !isHeld(position)).flatMap((index) => samples[index] ?? []));
  return order
    .filter((_each, position) => isHeld(position))
    .flatMap((index) => samples[index] ?? [])
    .map((sample) => ({ scores: scoresOf(sample, model), target: sample.target }));
}).flat();
const lossAt = (temperature: number): number =>
  held.reduce((sum, { scores, target }) => sum - Math.log(softmax(scores, temperature)[target] ?? 1e-9), 0);
const temperatures = Array.from({ length: 60 }, (_, index) => 0.1 * 1.06 ** index);
const temperature = temperatures.reduce((best, each) => (lossAt(each) < lossAt(best) ? each : best));
const judged = held.map(({ scores, target }) => {
  const probabilities = softmax(scores, temperature);
  const probability = Math.max(...probabilities);
  return { isRight: probabilities.indexOf(probability) === target, probability };
});
const share = (part: number, of: number): string => `${((100 * part) / Math.max(1, of)).toFixed(1)} %`;
console.log(
  `${samples.length} replies, ${folds} folds: ${share(judged.filter(({ isRight }) => isRight).length, judged.length)} right`,
);
for (const threshold of [0.5, 0.6, 0.7, probabilityMin, 0.9]) {
  const sure = judged.filter(({ probability }) => probability >= threshold);
  console.log(
    `at ${threshold}: ${share(sure.length, judged.length)} decided, ${share(sure.filter(({ isRight }) => isRight).length, sure.length)} of them right`,
  );
}

const { weights, bias } = train(samples);
const scale = weights.reduce((max, each) => Math.max(max, Math.abs(each)), 0) / 127;
const stored: StoredModel = {
  buckets: bucketsMax,
  bias: [...bias].map((each) => Number(each.toFixed(4))),
  scale: Number(scale.toFixed(6)),
  temperature: Number(temperature.toFixed(3)),
  weights: Buffer.from(Int8Array.from(weights, (each) => Math.round(each / scale))).toString('base64'),
  trainedWith: digestOf(examples),
};
writeFileSync(
  fileURLToPath(new URL('../src/mail/replies/model.json', import.meta.url)),
  `${JSON.stringify(stored, undefined, 2)}\n`,
);
