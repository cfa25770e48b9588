// One POST to a receiver that nobody here knows, by fetch: bounded in time and in what is read, redirects not followed.
import type { Attempt } from '../../domain/webhooks/delivery.ts'
import { type AddressPolicy, isAllowed, literalOf } from '../webhooks/addresses.ts'
import type { Post } from '../webhooks/post.ts'

const totalMs = 15_000
const bodyMax = 65_536

/** A name is looked up by the platform, which reaches the public internet only. */
export const fetchPost =
  (policy: AddressPolicy): Post =>
  async (url, headers, body): Promise<Attempt> => {
    const literal = literalOf(url)
    if (literal !== undefined && !isAllowed(literal, policy)) return { failure: 'address_refused' }
    const late = new AbortController()
    const { signal } = late
    const timer = setTimeout(() => late.abort(), totalMs) // cleared, where AbortSignal.timeout would keep the object awake
    try {
      const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
      await drain(response).catch(() => {}) // what was cut off has been answered by its status
      const retryAfter = response.headers.get('retry-after')
      return { status: response.status, ...(retryAfter !== null && { retryAfter }) }
    } catch {
      return { failure: signal.aborted ? 'timeout' : 'unreachable' }
    } finally {
      clearTimeout(timer)
    }
  }

/** Reads the body away; one that is too long is hung up on. */
async function drain({ body }: Response): Promise<void> {
  let length = 0
  for await (const piece of body ?? []) {
    length += piece.byteLength
    if (length > bodyMax) return
  }
}
