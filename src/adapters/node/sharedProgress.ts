// How far webhooks have come, on a cluster: who has the turn says it to the others before it sends the next message.
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventStore } from '../../domain/core/eventStore.ts'
import { type EndpointLane, furtherOf } from '../../domain/webhooks/delivery.ts'
import type { WebhookQueue } from '../../domain/webhooks/webhookQueue.ts'
import type { Services } from '../../http/services.ts'
import type { Progress } from '../webhooks/deliveries.ts'
import { sharedTurn } from './sharedTurn.ts'

type Parts = {
  readonly queue: Pick<WebhookQueue, 'advance' | 'lanesAfter'>
  /** For turns alone: of each stream the server may drop all but the last `writesKept` events. */
  readonly store: EventStore
  /** Whether this gateway delivers and has counted enough of the log. */
  readonly wants: () => Promise<boolean> | boolean
  readonly taken: () => void
  readonly ticks: () => number
  readonly log: Services['log']
}

export type SharedProgress = Progress & {
  /** Asks for the turn, or tells the others what is new. */
  readonly look: () => Promise<void>
  /** Takes the turn when it can and keeps it, until the signal aborts. */
  readonly run: (signal: AbortSignal) => Promise<void>
  /** Keeps nothing more, also of what nobody could be told yet. */
  readonly giveUp: () => void
  readonly leave: () => Promise<void>
}

export const writesKept = 10_000
/** After so many writes every lane is said again, for gateways that begin with an empty folder. */
const roundWrites = 2_000
const lanesPerWrite = 500
const lookEveryMs = 500

type Waiting = { readonly lane: EndpointLane; readonly done: (kept: boolean) => void }

export function sharedProgress({ queue, store, wants, taken, ticks, log }: Parts): SharedProgress {
  const waiting = new Map<string, Waiting>()
  const round = sayingAll(queue)
  let held = false
  let over = false
  let wake = () => {}

  const forget = (): void => {
    for (const { done } of waiting.values()) done(false)
    waiting.clear()
  }

  const speak = () => {
    const moved = [...waiting]
    const lanes = moved.map(([, { lane }]) => lane)
    const part = round.next()
    const recorded = () => {
      queue.advance(lanes)
      round.said(part)
      for (const [key, { done }] of moved) {
        waiting.delete(key)
        done(true)
      }
    }
    return { said: [...lanes, ...part], recorded }
  }

  const turn = sharedTurn<readonly EndpointLane[]>({
    store,
    name: 'webhooks',
    ticks,
    wants,
    speak,
    hasNews: () => waiting.size > 0 || round.isOpen(),
    hear: (said) => queue.advance(foldLanes(said.flat())),
    taken: () => {
      held = true
      taken()
    },
    lost: () => {
      held = false
      forget()
      round.begin()
    },
  })

  const pause = (ms: number, signal: AbortSignal): Promise<void> => {
    const waking = new AbortController()
    wake = () => waking.abort()
    return sleep(ms, undefined, { signal: AbortSignal.any([waking.signal, signal]) }).catch(() => {})
  }

  return {
    isMine: turn.isMine,
    keep: (lane) =>
      new Promise((done) => {
        if (!held || over) return done(false)
        waiting.set(`${lane.endpointId} ${lane.name}`, { lane, done })
        wake()
      }),
    run: async (signal) => {
      while (!signal.aborted) {
        let isBusy = false
        try {
          await turn.look()
          isBusy = turn.isMine() && (waiting.size > 0 || round.isOpen())
        } catch (error) {
          log.error(
            { err: error, where: 'webhooks' },
            'the turn to deliver cannot be asked for; trying again',
          )
        }
        if (!isBusy) await pause(lookEveryMs, signal)
      }
    },
    look: turn.look,
    giveUp: () => {
      over = true
      forget()
    },
    leave: turn.leave,
  }
}

/** The lanes of the queue, part by part, again and again with a pause between. */
function sayingAll({ lanesAfter }: Pick<WebhookQueue, 'lanesAfter'>) {
  let after: EndpointLane | undefined
  let open = true
  let writes = 0
  const begin = () => {
    after = undefined
    open = true
    writes = 0
  }
  return {
    begin,
    isOpen: () => open,
    next: () => (open ? lanesAfter(after, lanesPerWrite) : []),
    said: (part: readonly EndpointLane[]) => {
      writes += 1
      if (writes >= roundWrites) begin()
      else if (part.length < lanesPerWrite) open = false
      else after = part.at(-1)
    },
  }
}

/** One for each lane: the furthest that was said of it. */
function foldLanes(lanes: readonly EndpointLane[]): EndpointLane[] {
  const furthest = new Map<string, EndpointLane>()
  for (const lane of lanes) {
    const key = `${lane.endpointId} ${lane.name}`
    const known = furthest.get(key)
    furthest.set(key, known ? { ...furtherOf(known, lane), endpointId: lane.endpointId } : lane)
  }
  return [...furthest.values()]
}
