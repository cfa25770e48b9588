// POST /sandbox/pay: the bank app pays in the chosen way, over the same road as POST /v1/sandbox/pay.
import { base32 } from '../../domain/core/base32.ts'
import { readQr } from '../../domain/qr/readQr.ts'
import type { Reply } from '../endpoint.ts'
import { failure } from '../failure.ts'
import { payQr } from '../sandbox.ts'
import type { Services } from '../services.ts'
import { readForm } from './form.ts'
import type { PageRoute } from './route.ts'
import { type ShowSandbox, scan } from './sandboxPage.ts'
import { seeOther } from './seeOther.ts'
import { isWay, noticesOf } from './ways.ts'

export const payForm = (showSandbox: ShowSandbox, services: Services): PageRoute => ({
  method: 'post',
  path: '/sandbox/pay',
  run: async (visit, c) => {
    const form = await readForm(visit, c, services.settings.publicUrl)
    if (form instanceof Response) return form
    const qrPayload = form('qr')
    const way = form('way')
    const amount = readQr(qrPayload).meaning.amount ?? form('amount')
    if (!isWay(way) || !/^\d{1,14}$/.test(amount))
      return showSandbox(visit, { scanned: scan(qrPayload), refusal: visit.texts.sandbox.amountWrong }, 422)

    const address = new URLSearchParams(form('payment') ? { payment: form('payment') } : { qr: qrPayload })
    const draw = services.crypto.random(20)
    for (const { transfer, ...notice } of noticesOf(way, BigInt(amount))) {
      const transactionId = `SB${base32(draw.subarray(transfer * 10 - 10, transfer * 10), 16)}`
      const answer = await answerOf(payQr({ qrPayload, transactionId, ...notice }, {}, services), services)
      if (!('creditId' in answer)) {
        const refusal = `${visit.texts.sandbox.refused}. ${answer.title}: ${answer.detail} (${answer.code})`
        return showSandbox(visit, { scanned: scan(qrPayload), refusal }, answer.status)
      }
      address.append('credit', answer.creditId)
    }
    return seeOther(`${visit.to(`/sandbox?${address}`)}#bank`)
  },
})

type Answer =
  | { readonly creditId: string }
  | { readonly title: string; readonly detail: string; readonly code: string; readonly status: number }

/** What the gateway told the bank; a code that the bank app itself refuses reads the same. */
async function answerOf(paying: Promise<Reply>, services: Services): Promise<Answer> {
  try {
    return (await paying).body as Answer
  } catch (error) {
    return (await failure(error, '/sandbox/pay', services).json()) as Answer
  }
}
