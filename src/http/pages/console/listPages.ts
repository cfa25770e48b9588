// The way through a list: on to the next page by the cursor of the API, or back to the first.
import { type Html, html } from '../html.ts'
import type { ConsoleVisit } from './consolePage.ts'

export const listPages = ({ texts, to, here }: ConsoleVisit, nextCursor: string | null): Html | '' => {
  const address = new URL(here, 'http://console')
  const isFirst = !address.searchParams.has('cursor')
  if (isFirst && nextCursor === null) return ''
  const { list } = texts.console
  const at = (cursor: string | undefined): string => {
    const query = new URLSearchParams(address.search)
    if (cursor === undefined) query.delete('cursor')
    else query.set('cursor', cursor)
    return to(query.size === 0 ? address.pathname : `${address.pathname}?${query}`)
  }
  return html`<nav class="list-pages" aria-label="${list.pages}">
${isFirst ? '' : html`<a class="button quiet" href="${at(undefined)}">${list.first}</a>`}
${nextCursor === null ? '' : html`<a class="button quiet" href="${at(nextCursor)}">${list.older}</a>`}
</nav>`
}
