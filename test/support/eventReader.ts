// Reads a response of server-sent events, one after another.
import { expect } from 'vitest'

/** `next` throws when the stream ends. */
export function eventReader(response: Response) {
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  const chunks = response.body!.getReader()
  const decoder = new TextDecoder()
  let held = ''
  const next = async () => {
    while (!held.includes('\n\n')) {
      const { done, value } = await chunks.read()
      if (done) throw new Error('the stream ended')
      held += decoder.decode(value)
    }
    const [block = '', ...rest] = held.split('\n\n')
    held = rest.join('\n\n')
    const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)))
    return { event: fields.event, id: fields.id, data: JSON.parse(fields.data) }
  }
  return { next, leave: () => chunks.cancel() }
}
