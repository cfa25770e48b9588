// What an object cannot do: each port says so to who asks for it (docs/workers.md), and nothing pretends.
import { Problem } from '../../http/problem.ts'
import type { Services } from '../../http/services.ts'

const refuse = (): never => {
  throw new Problem('not_at_the_edge')
}
const refuseLater = async (): Promise<never> => refuse()

export const unavailable: Pick<
  Services,
  'knownAt' | 'published' | 'revisions' | 'postedFile' | 'sessions' | 'receiptPdf' | 'asset' | 'departure'
> = {
  // Past states are folded into files of their own, and one object has not the log of all.
  knownAt: refuseLater,
  published: refuseLater,
  revisions: refuseLater,
  // The console: a session does not say whose object it belongs to.
  sessions: { open: refuse, find: () => undefined, end: () => {} },
  postedFile: refuseLater,
  receiptPdf: refuseLater, // pdfkit reads its fonts from files
  asset: async () => undefined,
  departure: { isDraining: () => false, streamsEnd: new AbortController().signal }, // the platform ends an object
}
