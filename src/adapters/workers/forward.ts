// What a merchant's object tells the network object, so that it can list and count over all merchants.
import { mergeableStatistics } from '../../../projections/readModels.ts'
import { terminals } from '../../../projections/terminals.ts'
import { unappliedCredits } from '../../../projections/unappliedCredits.ts'
import type { EventStore, Recorded } from '../../domain/core/eventStore.ts'
import type { Purpose } from '../node/logReader.ts'
import type { NetworkStub } from './bindings.ts'
import type { Home } from './homes.ts'

/** Their rows are of one merchant each, or add up: it does not matter in which order two merchants' events come. None says what is to be done. */
export const forwarded = [...mergeableStatistics, terminals, unappliedCredits]

const types = new Set(forwarded.flatMap(({ handles }) => handles))
const batch = 500

/**
 * The network object knows how far it has counted each object's log, so each event counts once, however often it is sent.
 * Where it has begun anew, because the shape of its rows has changed, it is told everything again.
 */
export function forwarding(
  home: Home,
  own: Pick<EventStore, 'readAll'>,
  { countedOf, takeEvents }: Pick<NetworkStub, 'countedOf' | 'takeEvents'>,
): Purpose {
  let counted = ''
  const tell = async (events: readonly Recorded[]): Promise<boolean> => {
    const told = events.filter(({ type }) => types.has(type)).map((event) => ({ ...event }))
    const last = told.at(-1)
    if (!last) return true
    counted = await takeEvents(home, counted, told)
    return counted >= last.position
  }
  const tellAgain = async (upTo: string): Promise<void> => {
    for (let position = counted; position < upTo; ) {
      const events = await own.readAll(position, batch)
      if (!(await tell(events))) throw new Error('the network object has begun anew once more')
      position = events.at(-1)?.position ?? upTo
    }
  }
  return {
    name: 'network',
    lingerMs: 50,
    from: async () => {
      counted = await countedOf(home)
      return counted
    },
    handle: async (events) => {
      if (!(await tell(events))) await tellAgain(events.at(-1)!.position)
    },
  }
}
