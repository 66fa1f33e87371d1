import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { it } from './it.ts';
import type { Language } from './language.ts';
import { pt } from './pt.ts';

/** ISO 639-1. */
export const languages = ['en', 'de', 'fr', 'es', 'it', 'pt'] as const;
export type LanguageCode = (typeof languages)[number];

export const bank: Readonly<Record<LanguageCode, Language>> = { en, de, fr, es, it, pt };
