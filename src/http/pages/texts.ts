// Every text of the pages, in both languages. The compiler refuses a key that one of them lacks.
import { english } from './english.ts'
import type { Language } from './language.ts'
import { type Texts, vietnamese } from './vietnamese.ts'

export type { Texts } from './vietnamese.ts'

export const texts: Readonly<Record<Language, Texts>> = { vi: vietnamese, en: english }
