// Disclosure control at the door: who sees everything, and what the public may ask for.
import { z } from '@hono/zod-openapi'
import { lastPublished } from '../domain/adoption/disclosure/publication.ts'
import { type acceptanceRule, paymentRule } from '../domain/adoption/disclosure/published.ts'
import type { Caller } from './auth.ts'
import { Problem } from './problem.ts'
import type { Services, Settings } from './services.ts'

export const disclosureOf = ({ disclosure, sandbox }: Settings): 'on' | 'off' =>
  disclosure ?? (sandbox ? 'off' : 'on')

/** Whether an answer to this caller must not give away what one merchant sells. */
export const isProtected = (caller: Caller | undefined, { settings }: Services): boolean =>
  disclosureOf(settings) === 'on' && caller?.role !== 'regulator' && caller?.role !== 'operator'

/** Said in every answer that control may touch. */
export const Disclosure = z
  .object({
    control: z.enum(['on', 'off']),
    applied: z.boolean().openapi({ description: 'Whether cells of this answer may be suppressed' }),
    minimumContributors: z.int().optional(),
    dominancePercent: z.int().optional(),
  })
  .openapi('Disclosure')

export const disclosureView = (
  caller: Caller | undefined,
  services: Services,
  rule: typeof paymentRule | typeof acceptanceRule = paymentRule,
) => {
  const applied = isProtected(caller, services)
  return { control: disclosureOf(services.settings), applied, ...(applied && rule) }
}

export const notPublished = (pointer: string, detail: string): Problem =>
  new Problem('not_published', { errors: [{ pointer, detail }] })

/** The month that a protected answer is about: the one asked for, if it is published, else the last one. */
export function publishedMonth(
  { month, knownAt }: { readonly month?: string | undefined; readonly knownAt?: string | undefined },
  pointer: string,
  { now }: Services,
): string {
  if (knownAt !== undefined)
    throw notPublished('knownAt', 'A published month is always shown as it was known when it was published.')
  const last = lastPublished(now().toISOString())
  if (month !== undefined && month > last) throw notPublished(pointer, `The last published month is ${last}.`)
  return month ?? last
}

/** The month whose last day is asked for. */
export function monthEnding(day: string | undefined, pointer: string): string | undefined {
  if (day === undefined) return undefined
  const month = day.slice(0, 7)
  const dayAfter = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
  if (dayAfter.endsWith('-01')) return month
  throw notPublished(pointer, 'The last day of a month.')
}

/** The published month of a day, and how an answer says which it is. */
export async function monthAsOf(
  { asOf, knownAt }: { readonly asOf?: string | undefined; readonly knownAt?: string | undefined },
  services: Services,
) {
  const wanted = publishedMonth({ month: monthEnding(asOf, 'asOf'), knownAt }, 'asOf', services)
  const month = await services.published(wanted)
  return { month, view: { asOf: month.asOf, knownAt: month.knownAt, position: month.position } }
}
