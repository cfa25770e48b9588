// The sandbox's till: choose a demo shop, type an amount, and the QR is on the checkout page.

import { type DemoShop, openDemoShops } from '../demo.ts'
import { Problem } from '../problem.ts'
import { requestQrPayment } from '../qrRequest.ts'
import type { Services } from '../services.ts'
import { readForm } from './form.ts'
import { type Html, html } from './html.ts'
import type { PageRoute } from './route.ts'
import type { ShowSandbox } from './sandboxPage.ts'
import { seeOther } from './seeOther.ts'
import type { Visit } from './visit.ts'

/** What was typed. */
export type TillInput = { readonly siteId: string; readonly amount: string; readonly expiry: string }

type Shops = () => Promise<readonly DemoShop[]>

const expiries = ['15', '120', '900'] as const
const usual: TillInput = { siteId: '', amount: '125000', expiry: '900' }

/** The demo shops, where this gateway has them; asked for once. */
export function shopsOf(services: Services): Shops {
  if (!services.settings.demo) return async () => []
  let opened: ReturnType<Shops> | undefined
  return () => {
    opened ??= openDemoShops(services).catch((error) => {
      opened = undefined // the next visitor tries again
      throw error
    })
    return opened
  }
}

/** The form; nothing where no shop is there to sell. With `refused` it shows what was typed and what is wrong with it. */
export function tillView(
  shops: readonly DemoShop[],
  refused: TillInput | undefined,
  visit: Visit,
): Html | '' {
  if (shops.length === 0) return ''
  const { texts, to } = visit
  const { siteId, amount, expiry } = refused ?? usual
  const { sandbox } = texts
  return html`<section class="till" aria-labelledby="till-title">
<h2 id="till-title">${sandbox.tillTitle}</h2>
<form method="post" action="${to('/sandbox/till')}">
<label>${sandbox.shop}
<select name="site">${shops.map(
    (shop) =>
      html`<option value="${shop.siteId}"${shop.siteId === siteId ? ' selected' : ''}>${shop.name}</option>`,
  )}</select></label>
<label>${sandbox.amount}
<input class="price" name="amount" value="${amount}" inputmode="numeric" autocomplete="off" required maxlength="15" aria-describedby="amount-hint"${refused ? html` aria-invalid="true"` : ''}></label>
<p class="hint${refused ? ' bad' : ''}" id="amount-hint"${refused ? html` role="alert"` : ''}>${refused ? sandbox.amountWrong : sandbox.amountHint}</p>
<fieldset><legend>${sandbox.expiry}</legend>${expiries.map(
    (seconds) =>
      html`<label class="choice"><input type="radio" name="expiry" value="${seconds}"${seconds === expiry ? ' checked' : ''}> ${sandbox.expiries[seconds]}</label>`,
  )}</fieldset>
<button class="button">${sandbox.showQr}</button>
</form>
</section>`
}

export const tillForm = (showSandbox: ShowSandbox, shops: Shops, services: Services): PageRoute => ({
  method: 'post',
  path: '/sandbox/till',
  run: async (visit, c) => {
    const form = await readForm(visit, c, services.settings.publicUrl)
    if (form instanceof Response) return form
    const input = { siteId: form('site'), amount: form('amount'), expiry: form('expiry') }
    const shop = (await shops()).find(({ siteId }) => siteId === input.siteId)
    if (!shop) throw new Problem('not_found')
    const paymentId = await sell(shop, input, services)
    return paymentId === undefined
      ? showSandbox(visit, { till: input }, 422)
      : seeOther(visit.to(`/checkout/${paymentId}`))
  },
})

/** The new payment's id, or nothing when the amount is refused. */
async function sell(shop: DemoShop, input: TillInput, services: Services): Promise<string | undefined> {
  const { crypto } = services
  const grouped = /^\d{1,3}([., ]\d{3})+$/.test(input.amount) // as people write đồng: 125.000
  const amount = grouped ? input.amount.replace(/[., ]/g, '') : input.amount
  const expiry = expiries.find((seconds) => seconds === input.expiry) ?? usual.expiry
  try {
    const { body } = await requestQrPayment(
      { siteId: shop.siteId, method: 'qr', amount, currency: 'VND', expiresInSeconds: Number(expiry) },
      { keyId: 'key_demo', role: 'merchant', merchantId: shop.merchantId },
      { chance: (_purpose, size) => crypto.random(size) },
      { actor: 'demo' },
      services,
    )
    return (body as { id: string }).id
  } catch (error) {
    if (error instanceof Problem && error.code === 'validation_failed') return undefined
    throw error
  }
}
