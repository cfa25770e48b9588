// Every text of the pages, in both languages. The compiler refuses a key that one of them lacks.
import { english as billsEnglish } from './bills/english.ts'
import { type BillTexts, vietnamese as billsVietnamese } from './bills/vietnamese.ts'
import { english as consoleEnglish } from './console/english.ts'
import { type ConsoleTexts, vietnamese as consoleVietnamese } from './console/vietnamese.ts'
import { english } from './english.ts'
import type { Language } from './language.ts'
import { english as mapEnglish } from './map/english.ts'
import { type MapTexts, vietnamese as mapVietnamese } from './map/vietnamese.ts'
import { english as settlementsEnglish } from './settlements/english.ts'
import { type SettlementTexts, vietnamese as settlementsVietnamese } from './settlements/vietnamese.ts'
import { english as statisticsEnglish } from './statistics/english.ts'
import { type StatisticsTexts, vietnamese as statisticsVietnamese } from './statistics/vietnamese.ts'
import { type Texts as SiteTexts, vietnamese } from './vietnamese.ts'

export type Texts = SiteTexts & {
  readonly bills: BillTexts
  readonly console: ConsoleTexts
  readonly statistics: StatisticsTexts
  readonly map: MapTexts
  readonly settlements: SettlementTexts
}

export const texts: Readonly<Record<Language, Texts>> = {
  vi: {
    ...vietnamese,
    bills: billsVietnamese,
    console: consoleVietnamese,
    statistics: statisticsVietnamese,
    map: mapVietnamese,
    settlements: settlementsVietnamese,
  },
  en: {
    ...english,
    bills: billsEnglish,
    console: consoleEnglish,
    statistics: statisticsEnglish,
    map: mapEnglish,
    settlements: settlementsEnglish,
  },
}
