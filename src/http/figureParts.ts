// What figures, rates and cohorts have in common: how they are called, and numbers that may be hidden.
import { z } from '@hono/zod-openapi'
import type { Definition } from '../domain/adoption/definitions/definition.ts'

export const label = z.object({ vi: z.string(), en: z.string() })
export const count = z.int().nullable()
export const percent = z.number().nullable()

export const named = ({ id, label }: Definition) => ({ figure: id, label })
