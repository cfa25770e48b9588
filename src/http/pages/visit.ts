// One visit of a page: the visitor's language, and addresses that keep it.

import type { Context } from 'hono'
import { maskCardData } from '../../domain/pos/cardDataGuard.ts'
import type { AssetUrl } from './assets.ts'
import { type Language, languageOf } from './language.ts'
import { type Texts, texts } from './texts.ts'

export type Visit = {
  readonly language: Language
  readonly texts: Texts
  /** A path of this site; it names the language where this visit's address does. */
  readonly to: (path: string) => string
  readonly otherLanguage: { readonly language: Language; readonly url: string }
  readonly sandbox: boolean
  readonly asset: AssetUrl
}

export function visitOf(c: Context, sandbox: boolean, asset: AssetUrl): Visit {
  const asked = c.req.query('lang')
  const language = languageOf(asked, c.req.header('accept-language'))
  const other = language === 'vi' ? 'en' : 'vi'
  return {
    language,
    texts: texts[language],
    to: (path) => (asked === undefined ? path : withLanguage(path, language)),
    otherLanguage: { language: other, url: withLanguage(addressOf(c), other) },
    sandbox,
    asset,
  }
}

/** Path and query, in which no card number is repeated; a form that was posted and refused is shown again at the same path. */
function addressOf({ req }: Context): string {
  const { pathname, search } = new URL(req.url)
  return maskCardData(req.method === 'GET' ? pathname + search : pathname)
}

function withLanguage(path: string, language: Language): string {
  const [address = '', fragment] = path.split('#')
  const [pathname = '', search] = address.split('?')
  const query = new URLSearchParams(search)
  query.set('lang', language)
  return `${pathname}?${query}${fragment === undefined ? '' : `#${fragment}`}`
}
