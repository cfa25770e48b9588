// /console/bills/profile: the rules by which a biller's bills are paid.
import type { z } from '@hono/zod-openapi'
import type { BillerView } from '../../billers.ts'
import { Problem, problems } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { type Form, readForm } from '../form.ts'
import { html } from '../html.ts'
import { seeOther } from '../seeOther.ts'
import { typedAmount } from './amounts.ts'
import type { ConsolePage, ConsoleVisit } from './consolePage.ts'
import { showFramed } from './frame.ts'
import { refusalNotice } from './problemPage.ts'
import { profileForm } from './profileForm.ts'

type Biller = z.output<typeof BillerView>

export const profilePages = (services: Services): readonly ConsolePage[] => [
  {
    method: 'get',
    path: '/bills/profile',
    run: async (visit, c) =>
      showProfile(visit, formOf((await findBiller(visit))?.profile), undefined, c.req.query('done')),
  },
  {
    method: 'post',
    path: '/bills/profile',
    run: async (visit, c) => {
      const form = await readForm(visit, c, services.settings.publicUrl)
      if (form instanceof Response) return form
      try {
        const params = { id: merchantIn(visit) }
        await visit.api.call('put /v1/billers/{id}', { params, body: profileOf(form) })
      } catch (error) {
        if (!(error instanceof Problem) || error.code === 'not_found') throw error
        return showProfile(visit, form, error)
      }
      return seeOther(visit.to('/console/bills/profile?done=1'))
    },
  },
]

/** Only a merchant has rules of its own. */
function merchantIn({ merchant }: ConsoleVisit): string {
  if (!merchant) throw new Problem('forbidden')
  return merchant.id
}

/** Undefined of a merchant that sends no bills; without `setAt` it goes by the usual rules. */
export async function findBiller(visit: ConsoleVisit): Promise<Biller | undefined> {
  const params = { id: merchantIn(visit) }
  try {
    return await visit.api.call<Biller>('get /v1/billers/{id}', { params })
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_found') return undefined
    throw error
  }
}

function showProfile(visit: ConsoleVisit, form: Form, refused?: Problem, done?: string): Promise<Response> {
  const { profile } = visit.texts.console
  const body = html`<h1>${profile.title}</h1>
<p class="lead">${profile.lead}</p>
${done === undefined ? '' : html`<p class="notice good" role="status">${profile.saved}</p>`}${refused ? refusalNotice(refused, visit) : ''}
${profileForm(visit, form)}
<p><a class="button quiet" href="${visit.to('/console/bills')}">${profile.toBills}</a></p>`
  const status = refused && problems[refused.code].status
  return showFramed(visit, { area: 'bills', title: profile.title, body }, status)
}

/** What was filled in, as the API takes it; which of it is wrong the API says. */
function profileOf(form: Form): object {
  const patterns = form('patterns')
    .split(/[\s,]+/)
    .filter((line) => line !== '')
  const isRange = form('exactness') === 'RANGE'
  const range = {
    min: typedAmount(form('min')),
    max: typedAmount(form('max')),
    multiple: typedAmount(form('multiple')),
  }
  const graceDays = days(form('grace') || '0')
  const lateFees: Readonly<Record<string, object>> = {
    rate: { kind: 'rate', percentPerDay: form('percent').replace(',', '.'), graceDays },
    fixed: { kind: 'fixed', fixed: typedAmount(form('fixed')), graceDays },
  }
  const lateFee = lateFees[form('lateFee')]
  const partial = form('partial')
  return {
    customerCode: form('code') === 'evn' ? { check: 'evn' } : { check: 'patterns', patterns },
    amountRule: { exactness: form('exactness'), ...(isRange && range) },
    partialPayment: partial === 'no' ? { allowed: false } : { allowed: true, order: partial },
    ...(lateFee && { lateFee }),
    ...(form('cutOff') !== '' && { cutOffAfterDays: days(form('cutOff')) }),
    feeBorneBy: form('feeBorneBy'),
    ...(form('overpayment') !== 'person' && { overpayment: form('overpayment') }),
  }
}

/** What is no number stays as it is, for the API to name. */
const days = (text: string): number | string => (/^\d{1,5}$/.test(text) ? Number(text) : text)

/** The rules as the form has them; those of a biller that has none yet are the strictest. */
function formOf(profile: Biller['profile'] | undefined): Form {
  const { customerCode, amountRule, partialPayment, lateFee, cutOffAfterDays } = profile ?? {}
  const fields: Readonly<Record<string, string | number | undefined>> = {
    code: customerCode?.check ?? 'patterns',
    patterns: customerCode?.check === 'patterns' ? customerCode.patterns.join('\n') : '',
    exactness: amountRule?.exactness ?? 'EXACT',
    ...(amountRule?.exactness === 'RANGE' && amountRule),
    partial: partialPayment?.allowed ? partialPayment.order : 'no',
    lateFee: lateFee?.kind ?? 'none',
    grace: lateFee?.graceDays,
    percent: lateFee?.kind === 'rate' ? lateFee.percentPerDay : undefined,
    fixed: lateFee?.kind === 'fixed' ? lateFee.fixed : undefined,
    cutOff: cutOffAfterDays,
    feeBorneBy: profile?.feeBorneBy ?? 'biller',
    overpayment: profile?.overpayment ?? 'person',
  }
  return (name) => String(fields[name] ?? '')
}
