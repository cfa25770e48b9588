// What a bank is answered about the money it told of.
import { z } from '@hono/zod-openapi'
import { id } from './schemas.ts'

export const creditOutcomes = [
  'applied',
  'overpaid',
  'duplicate',
  'late',
  'canceled',
  'unmatched',
  'mismatch',
  'underpaid',
] as const

export const CreditReply = z.object({
  creditId: id('crd', 'crd_7K3MA9QZXW4F2P8R6T7K3MA9QZ'),
  outcome: z.enum(creditOutcomes).exclude(['underpaid']).openapi({
    description: 'Where the money went when it came; a repeat is answered as the first was.',
  }),
})
