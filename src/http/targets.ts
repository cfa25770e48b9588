// /v1/targets: what adoption is held against, the built-in targets and those that a regulator sets beside them.
import { z } from '@hono/zod-openapi'
import { hanoiTargets, type Target } from '../domain/adoption/indicators.ts'
import { ownTargetsId, targetKey } from '../domain/adoption/ownTargets.ts'
import type { Gateway } from '../domain/gateway.ts'
import { endpoint } from './endpoint.ts'
import { accepted, reply } from './outcome.ts'
import { type InputError, invalid } from './problem.ts'
import { sector, text } from './schemas.ts'

export const indicatorName = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Small letters and digits, with hyphens between.')
  .max(60)

const TargetBody = z
  .strictObject({
    indicator: indicatorName,
    year: z.int().min(2000).max(2100),
    label: z.strictObject({ vi: text(300), en: text(300) }),
    sectors: z
      .array(sector)
      .max(20)
      .refine((list) => new Set(list).size === list.length, 'Each once.')
      .default([]),
    unit: z.enum(['percent', 'rank']),
    target: z.number().positive(),
    source: text(300),
  })
  .refine(({ unit, target }) => unit === 'rank' || target <= 100, {
    path: ['target'],
    message: 'At most 100 percent.',
  })
  .refine(({ unit, target }) => unit === 'percent' || Number.isInteger(target), {
    path: ['target'],
    message: 'A rank is 1, 2, 3 ...',
  })
  .refine(({ unit, sectors }) => unit === 'percent' || sectors.length === 0, {
    path: ['sectors'],
    message: 'A share of establishments is a percentage.',
  })

const TargetView = z
  .object({
    indicator: z.string(),
    year: z.int(),
    label: z.object({ vi: z.string(), en: z.string() }),
    sectors: z.array(sector),
    unit: z.enum(['percent', 'rank']),
    target: z.number(),
    source: z.string(),
  })
  .openapi('Target')

const Targets = z.object({ builtIn: z.array(TargetView), own: z.array(TargetView) })

const ownTargets = (gateway: Gateway) => gateway.ownTargets.load(ownTargetsId)

/** The built-in targets, then the regulator's. */
export const allTargets = async (gateway: Gateway): Promise<readonly Target[]> => [
  ...hanoiTargets,
  ...(await ownTargets(gateway)).state.targets,
]

/** Each year of an indicator has one target, and all its years count the same. */
function faultsOf(targets: readonly Target[]): readonly InputError[] {
  const all = [...hanoiTargets, ...targets]
  const keys = all.map(targetKey)
  return targets.flatMap((target, index) => {
    const first = keys.indexOf(targetKey(target))
    const detail = first < hanoiTargets.length ? 'This target is built in.' : 'This target stands twice.'
    const twice = first < hanoiTargets.length + index
    const namesake = all.find(({ indicator }) => indicator === target.indicator)!
    const unlike =
      namesake.unit !== target.unit || (namesake.sectors.length === 0) !== (target.sectors.length === 0)
    return [
      ...(twice ? [{ pointer: `/targets/${index}/year`, detail }] : []),
      ...(unlike
        ? [{ pointer: `/targets/${index}/unit`, detail: 'Another year of it counts otherwise.' }]
        : []),
    ]
  })
}

const putTargets = endpoint({
  method: 'put',
  path: '/v1/targets',
  summary: "Set the regulator's own targets, all of them",
  tag: 'Adoption',
  access: ['regulator', 'operator'],
  body: z.strictObject({ targets: z.array(TargetBody).max(100) }),
  reply: { status: 200, description: 'All targets; own ones that were not sent are gone', schema: Targets },
  problems: ['version_differs'],
  run: async ({ body: { targets }, metadata, ifVersion }, { gateway, now }) => {
    const faults = faultsOf(targets)
    if (faults.length > 0) throw invalid(...faults)
    const command = { type: 'SetTargets', data: { targets, at: now().toISOString() } } as const
    const { state, ...done } = accepted(
      await gateway.ownTargets.handle(ownTargetsId, command, metadata, ifVersion),
    )
    return reply(200, { builtIn: hanoiTargets, own: state.targets }, done)
  },
})

const getTargets = endpoint({
  method: 'get',
  path: '/v1/targets',
  summary: 'Read all targets',
  tag: 'Statistics',
  access: 'public',
  reply: { status: 200, description: "The built-in targets and the regulator's own", schema: Targets },
  run: async (_request, { gateway }) => {
    const { state, version } = await ownTargets(gateway)
    return reply(200, { builtIn: hanoiTargets, own: state.targets }, { version })
  },
})

export const targetEndpoints = [putTargets, getTargets]
