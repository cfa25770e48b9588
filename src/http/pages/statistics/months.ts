// A month as each language writes it.
import type { Language } from '../language.ts'

/** `2026-11`: `11/2026` in Vietnamese, `Nov 2026` in English. */
export const showMonth = (month: string, language: Language): string =>
  language === 'vi'
    ? `${month.slice(5)}/${month.slice(0, 4)}`
    : new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', month: 'short', year: 'numeric' }).format(
        new Date(`${month}-01T00:00:00Z`),
      )
