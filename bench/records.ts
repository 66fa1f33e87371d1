/** Generates contacts whose names are distributed unevenly, like real names: some words are common, others rare. */

const onsets = ['b', 'c', 'd', 'f', 'g', 'h', 'j', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v'] as const;
const vowels = ['a', 'e', 'i', 'o', 'u'] as const;
const codas = ['', 'n', 'r', 'l', 's'] as const;

/** One of 400 syllables. */
function syllable(number: number): string {
  const which = number % 400;
  return `${onsets[which % 16] ?? ''}${vowels[Math.floor(which / 16) % 5] ?? ''}${codas[Math.floor(which / 80)] ?? ''}`;
}

/** A name of three syllables, different for each number below 64 million. */
export const nameOf = (number: number): string =>
  [number, Math.floor(number / 400) + number * 7, Math.floor(number / 160_000) + number * 131].map(syllable).join('');

/** A random generator with a reproducible sequence (Park and Miller's minimal standard). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** A random number below `count` that favours low numbers: the lowest 1 % of the numbers get 10 % of the draws. */
export const skewed = (random: () => number, count: number): number => Math.floor(count * random() ** 2);

export interface BenchContact {
  readonly email: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly job_title: string;
  readonly company_name: string;
  readonly city: string;
  readonly tags: readonly string[];
}

const titles = ['Head of Sales', 'Engineer', 'Buyer', 'Managing Director', 'Accountant', 'Marketing Manager'] as const;

export function contactOf(number: number, random: () => number): BenchContact {
  const first = nameOf(skewed(random, 400));
  const last = nameOf(skewed(random, 8_000));
  const company = nameOf(skewed(random, 8_000));
  return {
    email: `${first}.${last}${number}@${company}.example`,
    first_name: first,
    last_name: last,
    job_title: titles[number % titles.length] ?? '',
    company_name: `${company} Ltd`,
    city: nameOf(skewed(random, 2_000)),
    tags: number % 3 === 0 ? ['customer'] : number % 10_000 === 1 ? ['rare'] : [],
  };
}
