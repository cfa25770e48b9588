// Pages that say one thing: not found, refused, broken.
import { html } from './html.ts'
import { show } from './layout.ts'
import type { Texts } from './texts.ts'
import type { Visit } from './visit.ts'

type Message = Extract<keyof Texts['message'], `${string}How`> extends `${infer Name}How` ? Name : never

export function messagePage(visit: Visit, status: number, name: Message): Promise<Response> {
  const { message } = visit.texts
  const title = message[name]
  const body = html`<section class="message">
<p class="code" aria-hidden="true">${status}</p>
<h1>${title}</h1>
<p>${message[`${name}How`]}</p>
<p><a class="button" href="${visit.to('/')}">${message.home}</a></p>
</section>`
  return show(visit, { title, body }, status)
}

/** A failure as the API would answer it, in words for people; its status and headers stay. */
export async function failurePage(visit: Visit, { status, headers }: Response): Promise<Response> {
  const page = await messagePage(visit, status, status === 404 ? 'notFound' : 'broken')
  const retryAfter = headers.get('retry-after')
  if (retryAfter) page.headers.set('retry-after', retryAfter)
  return page
}
