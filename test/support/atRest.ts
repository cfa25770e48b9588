// Waiting until a gateway has nothing more to do: its processes have read the log to its end, and nobody writes to it.
import type { TestGateway } from './gateway.ts'

/**
 * `drive` does what the clock would have done by now, and answers whether there is still something to wait for. The clock
 * moves a millisecond a turn: what was recorded in the one that is under way would not count as waiting.
 */
export async function atRest(gateway: TestGateway, drive: () => Promise<boolean>): Promise<void> {
  const { clock } = gateway
  let before = ''
  for (let turn = 0; turn < 4_000; turn++) {
    clock.now = new Date(clock.now.getTime() + 1)
    const head = await gateway.store.head()
    await gateway.settled()
    const open = await drive()
    const behind = (await gateway.services.lags()).some(({ behindMs }) => behindMs > 0)
    if (!behind && !open && head === before) return
    before = head
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error('it does not come to rest')
}
