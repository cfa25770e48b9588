// Calls a provider's API: one try, bounded in time and size, no redirects. What to do about a failure is the caller's.
import type { CallProvider } from '../../http/services.ts'

const timeoutMs = 10_000
const answerMax = 65_536

export const callProvider: CallProvider = async ({ url, headers, body }) => {
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body,
    redirect: 'error', // a signed order goes where the operator said, and nowhere else
    signal: AbortSignal.timeout(timeoutMs),
  })
  return { status: response.status, text: await boundedText(response) }
}

export async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength
    if (length > answerMax) throw new RangeError('the answer of the provider is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
