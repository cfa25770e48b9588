// The process loseTerminals: who has not been heard from for long is lost, once, so that the log can tell the uptime.
import type { Gateway } from '../gateway.ts'
import { latest, presenceAt } from './presence.ts'

type Ports = Pick<Gateway, 'terminals'> & {
  readonly now: () => Date
  /** Ids of terminals that were seen and not lost since, in order, after an id; may name some that are lost already. */
  readonly presentTerminals: (after: string, limit: number) => Promise<readonly string[]>
  readonly lastSeenAt: (terminalId: string) => string | undefined
  /** When this gateway began to listen: who could not be heard before is not lost yet. */
  readonly listeningSince: string
}

const batchMax = 500

/** Looks at every terminal that is there; answers how many. */
export async function loseTerminals(ports: Ports): Promise<number> {
  let looked = 0
  for (let after = ''; ; ) {
    const ids = await ports.presentTerminals(after, batchMax)
    for (const id of ids) await lose(id, ports)
    looked += ids.length
    if (ids.length < batchMax) return looked
    after = ids.at(-1)!
  }
}

async function lose(id: string, { terminals, now, lastSeenAt, listeningSince }: Ports): Promise<void> {
  const lostAt = now().toISOString()
  const seen = lastSeenAt(id)
  if (presenceAt(latest(seen, listeningSince), lostAt) !== 'lost') return
  const data = { lastSeenAt: seen ?? listeningSince, lostAt }
  await terminals.handle(id, { type: 'LoseTerminal', data }, { actor: 'loseTerminals' })
}
