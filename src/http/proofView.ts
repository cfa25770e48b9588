// Seals and proofs on the wire: what the API answers, and what `thungan verify --receipt` reads.
import { z } from '@hono/zod-openapi'
import { instant } from './schemas.ts'

export const date = z.iso.date().openapi({ example: '2026-11-22' })
const position = z.string().openapi({ example: '0000000000004711' })
const hash = z
  .string()
  .regex(/^[\w-]{43}$/)
  .openapi({ example: 'uFmtp7ecG4v-NoSL9Y4uOVO2ceRZ0BgfdS7ovHvbKKY' })

/** The hashed text has one line for each of these. */
const line = z.string().refine((text) => !/\p{Cc}/u.test(text), 'One line.')

export const SealView = z
  .object({
    date,
    firstPosition: position,
    lastPosition: position,
    count: z.int(),
    root: hash,
    previous: z.object({ date, root: hash, lastPosition: position }).optional(),
    publicKey: hash.openapi({ description: 'Ed25519, raw, base64url' }),
    signature: z.string(),
  })
  .openapi('Seal')

export const ProofView = z
  .object({
    event: z.object({
      position,
      previousHash: z.string().openapi({ description: "The hash before it in its stream; '' for the first" }),
      stream: line,
      version: z.int(),
      id: line,
      type: line,
      recordedAt: instant,
      data: line.openapi({ description: 'The JSON text as stored' }),
      metadata: line,
    }),
    path: z.object({
      index: z.int(),
      size: z.int(),
      hashes: z.array(hash).openapi({ description: 'From the leaf up' }),
    }),
    seal: SealView,
  })
  .openapi('Proof')
