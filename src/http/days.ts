// Days as callers name them: business dates, not later than today.
import { z } from '@hono/zod-openapi'
import { businessDate } from '../domain/core/businessDay.ts'
import { instant } from './schemas.ts'
import type { Services } from './services.ts'

export const date = z.iso.date().openapi({ example: '2026-11-22' })

/** A business date, or an instant whose business date counts. */
export const asOf = z.union([date, instant.transform(businessDate)])

export const today = ({ now }: Services): string => businessDate(now().toISOString())
