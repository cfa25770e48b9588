// `thungan replay-webhooks`: records a request to deliver messages again; the gateway that delivers reads it from the log.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { openGateway } from '../../../domain/gateway.ts'
import type { Lane } from '../../../domain/webhooks/delivery.ts'
import type { WebhookQueue } from '../../../domain/webhooks/webhookQueue.ts'
import { problems } from '../../../http/problem.ts'
import { rangeFault } from '../../../http/webhookMessages.ts'
import { sqliteEventStore } from '../../sqlite/eventStore.ts'
import { sqliteWebhookQueue } from '../../sqlite/webhookQueue.ts'
import { newEventId } from '../eventIds.ts'
import { progressBar } from './progress.ts'

type Options = {
  readonly endpoint: string
  readonly from: number
  readonly to?: number
  readonly dataDir: string
  readonly wait?: true
  readonly json?: true
}
type Replay = {
  readonly endpointId: string
  readonly from: number
  readonly to: number
  readonly position: string
}

const pollMs = 200

/** Adds `replay-webhooks`. */
export function addReplayWebhooksCommand(program: Command): void {
  program
    .command('replay-webhooks')
    .description(
      'ask the gateway on a data folder, running now or later, to deliver messages again; exit code 1 when it is refused',
    )
    .requiredOption('--endpoint <id>', 'the webhook endpoint, whe_...')
    .requiredOption('--from <sequence>', 'the first message', sequence)
    .option('--to <sequence>', 'the last message; the first alone unless said', sequence)
    .option('--data-dir <folder>', 'DATA_DIR, ./data unless said', process.env.DATA_DIR ?? './data')
    .option('--wait', 'until the gateway has delivered them, or given them up')
    .option('--json', 'print JSON')
    .action(replay)
}

function sequence(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('A whole number from 1.')
  return Number(text)
}

async function replay(options: Options, command: Command): Promise<void> {
  const file = join(options.dataDir, 'webhooks.sqlite')
  if (!existsSync(file)) command.error(`error: there is no gateway's data in ${options.dataDir}`)
  const queue = sqliteWebhookQueue(file)
  try {
    const asked = await ask(options, queue)
    if (typeof asked === 'string') {
      console.error(asked)
      process.exitCode = 1
      return
    }
    if (options.wait) await delivered(asked, queue)
    console.log(options.json ? JSON.stringify(toJson(asked)) : describe(asked, options.wait))
  } finally {
    queue.close()
  }
}

const toJson = ({ endpointId, from, to }: Replay) => ({ endpointId, from, to, count: to - from + 1 })

const describe = ({ endpointId, from, to }: Replay, waited: true | undefined): string =>
  `${endpointId}: messages ${from} to ${to} ${waited ? 'are done' : 'will be delivered again'}`

/** The request as recorded, or why it was refused. */
async function ask(options: Options, queue: WebhookQueue): Promise<Replay | string> {
  const { endpoint: endpointId, from, to = from, dataDir } = options
  const store = sqliteEventStore({ file: join(dataDir, 'events.sqlite'), now: () => new Date() })
  try {
    const cache = { get: () => undefined, set: () => {} }
    const { webhookEndpoints } = openGateway({ store, cache, newEventId })
    const { state } = await webhookEndpoints.load(endpointId)
    const fault = state.status !== 'new' && rangeFault(from, to, queue.lastSequence(endpointId))
    if (fault) return fault
    const data = { from, to, requestedAt: new Date().toISOString() }
    const request = { type: 'RequestWebhookReplay', data } as const
    const outcome = await webhookEndpoints.handle(endpointId, request, { actor: 'thungan replay-webhooks' })
    if (!outcome.ok) return `${problems[outcome.rejection].title}. ${problems[outcome.rejection].detail}`
    const recorded = (await store.read(`webhook-${endpointId}`, outcome.version - 1))[0]!
    return { endpointId, from, to, position: recorded.position }
  } finally {
    await store.close()
  }
}

/** Resolves when the gateway has counted the request and nothing is left of it. */
async function delivered({ endpointId, from, to, position }: Replay, queue: WebhookQueue): Promise<void> {
  const bar = progressBar('delivering again')
  const lane = (): Lane | undefined => queue.replays(endpointId).find(({ name }) => name === position)
  while (queue.checkpoint() < position || lane()) {
    bar.update((lane()?.next ?? from) - from, to - from + 1)
    await sleep(pollMs)
  }
  bar.stop('delivered, or given up')
}
