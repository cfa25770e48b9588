// Golden files of traces' events, the shortest and the fullest of each.
import { expect, test } from 'vitest'
import type { TraceEvent } from '../../src/domain/traces/trace.ts'
import { closed, found, full, opened } from '../domain/traces/samples.ts'

const samples: readonly (readonly [string, TraceEvent])[] = [
  ['TraceOpened', opened()],
  ['TraceOpened.full', opened(full)],
  ['TraceFound', found],
  ['TraceClosed', closed('not_found')],
  ['TraceClosed.full', closed('closed', 'Returned to the payer')],
]

test.each(samples)('%s', async (name, event) => {
  await expect(`${JSON.stringify(event, null, 2)}\n`).toMatchFileSnapshot(`events/${name}.v1.json`)
})
