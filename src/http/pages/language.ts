// Which of the two languages a visitor reads: as the address says, else as the browser asks, else Vietnamese.

export const languages = ['vi', 'en'] as const
export type Language = (typeof languages)[number]

const isLanguage = (text: string | undefined): text is Language => languages.includes(text as Language)

/** `asked` is the `lang` of the address; `header` is Accept-Language. */
export function languageOf(asked: string | undefined, header: string | undefined): Language {
  if (isLanguage(asked)) return asked
  return preferences(header ?? '').find(isLanguage) ?? 'vi'
}

/** Primary tags, most wanted first: `en-GB;q=0.8, vi` gives `vi`, `en`. */
const preferences = (header: string): string[] =>
  header
    .slice(0, 200)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
      const weight = parameters.map((each) => /^\s*q=([\d.]+)$/.exec(each)?.[1]).find(Boolean)
      return { tag: tag.split('-')[0]!, weight: Number(weight ?? 1) }
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag)
