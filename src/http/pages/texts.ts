// Every text of the pages, in both languages. The compiler refuses a key that one of them lacks.
import { english as billsEnglish } from './bills/english.ts'
import { type BillTexts, vietnamese as billsVietnamese } from './bills/vietnamese.ts'
import { english } from './english.ts'
import type { Language } from './language.ts'
import { type Texts as SiteTexts, vietnamese } from './vietnamese.ts'

export type Texts = SiteTexts & { readonly bills: BillTexts }

export const texts: Readonly<Record<Language, Texts>> = {
  vi: { ...vietnamese, bills: billsVietnamese },
  en: { ...english, bills: billsEnglish },
}
