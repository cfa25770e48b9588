// Calls a provider's API from the edge, where a redirect cannot be refused by fetch itself: an answer that is one is no answer.
import type { CallProvider } from '../../http/services.ts'
import { boundedText } from '../node/callProvider.ts'

const timeoutMs = 10_000

export const callProvider: CallProvider = async ({ url, headers, body }) => {
  const signal = AbortSignal.timeout(timeoutMs)
  const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
  if (response.status >= 300 && response.status < 400)
    throw new TypeError(
      'the provider redirects: a signed order goes where the operator said, and nowhere else',
    )
  return { status: response.status, text: await boundedText(response) }
}
