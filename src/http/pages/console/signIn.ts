// /console/sign-in: with an API key, as programs have it. /console/sign-out ends the session.
import type { Context } from 'hono'
import { guessLimiter } from '../../../domain/pos/guesses.ts'
import { Problem } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { readForm } from '../form.ts'
import { type Html, html } from '../html.ts'
import { show } from '../layout.ts'
import type { PageRoute } from '../route.ts'
import { seeOther } from '../seeOther.ts'
import type { Visit } from '../visit.ts'
import { nextOf } from './next.ts'
import { endSession, noCookie, openSession } from './session.ts'

/** Wrong keys a minute from one address, for one key. */
const wrongKeysMax = 10
/** And from one address, for whatever keys. */
const triesMax = 60

type Refused = { readonly text: string; readonly status: number; readonly waitSeconds?: number }

export function signInPages(services: Services): PageRoute[] {
  const wrongKeys = guessLimiter(wrongKeysMax)
  const tries = guessLimiter(triesMax)

  async function signIn(visit: Visit, c: Context): Promise<Response> {
    const form = await readForm(visit, c, services.settings.publicUrl)
    if (form instanceof Response) return form
    const { signIn } = visit.texts.console
    const key = form('key')
    const next = nextOf(form('next'))
    const visitor = services.visitorOf(c.env)
    const guess = `${visitor} ${keyIdOf(key)}`
    const nowMs = services.now().getTime()
    const waitSeconds = tries.begin(visitor, nowMs) ?? wrongKeys.begin(guess, nowMs)
    if (waitSeconds !== undefined)
      return signInPage(visit, next, { text: signIn.wait(waitSeconds), status: 429, waitSeconds })
    const cookie = await openSession(key, services).catch(blocked)
    if (cookie === 'blocked') return signInPage(visit, next, { text: signIn.blocked, status: 403 })
    if (cookie === undefined) return signInPage(visit, next, { text: signIn.wrong, status: 401 })
    tries.right(visitor)
    wrongKeys.right(guess)
    endSession(c, services) // an older one of this browser
    return withCookie(seeOther(visit.to(next)), cookie)
  }

  async function signOut(visit: Visit, c: Context): Promise<Response> {
    const form = await readForm(visit, c, services.settings.publicUrl)
    if (form instanceof Response) return form
    endSession(c, services)
    return withCookie(seeOther(visit.to('/console/sign-in?out=1')), noCookie(services))
  }

  return [
    { method: 'get', path: '/console/sign-in', run: (visit, c) => opening(visit, c) },
    { method: 'post', path: '/console/sign-in', run: signIn },
    { method: 'post', path: '/console/sign-out', run: signOut },
  ]
}

/** The part of a key that is no secret; all that have none are the operator's. */
const keyIdOf = (key: string): string => /^tn_([0-9A-Z]{16})_/.exec(key)?.[1] ?? 'operator'

/** The key is right, and its terminal may not work now. */
function blocked(error: unknown): 'blocked' {
  if (error instanceof Problem && error.code === 'terminal_blocked') return 'blocked'
  throw error
}

function withCookie(response: Response, cookie: string): Response {
  response.headers.append('set-cookie', cookie)
  return response
}

function opening(visit: Visit, c: Context): Promise<Response> {
  const { signIn } = visit.texts.console
  const { next, ended, out } = c.req.query()
  const note = ended !== undefined ? signIn.ended : out !== undefined ? signIn.out : undefined
  return signInPage(visit, nextOf(next), undefined, note)
}

async function signInPage(visit: Visit, next: string, refused?: Refused, note?: string): Promise<Response> {
  const { title, lead } = visit.texts.console.signIn
  const body = html`<section class="sign-in">
<h1>${title}</h1>
<p class="lead">${lead}</p>
${note === undefined ? '' : html`<p class="notice" role="status">${note}</p>`}
${signInForm(visit, next, refused)}
</section>`
  const page = await show(visit, { title, body, kind: 'console' }, refused?.status)
  if (refused?.waitSeconds !== undefined) page.headers.set('retry-after', String(refused.waitSeconds))
  return page
}

const signInForm = ({ texts, to, sandbox }: Visit, next: string, refused: Refused | undefined): Html => {
  const { signIn } = texts.console
  return html`<form class="panel stack" method="post" action="${to('/console/sign-in')}">
<input type="hidden" name="next" value="${next}">
<input type="text" name="username" value="Thu Ngân" autocomplete="username" hidden>
<label>${signIn.key}
<input type="password" name="key" required maxlength="200" autocomplete="current-password" spellcheck="false" autocapitalize="off" aria-describedby="key-hint"${refused ? html` aria-invalid="true" autofocus` : ''}></label>
<p class="hint${refused ? ' bad' : ''}" id="key-hint"${refused ? html` role="alert"` : ''}>${refused?.text ?? signIn.keyHint}</p>
<button class="button">${signIn.submit}</button>
${sandbox ? html`<p class="hint">${signIn.sandboxHint}</p>` : ''}
</form>`
}
