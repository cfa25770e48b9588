// `thungan replay-webhooks`: records a request to deliver messages again; the gateway that delivers reads it from the log.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, InvalidArgumentError } from 'commander'
import type { EventStore } from '../../../domain/core/eventStore.ts'
import type { Lane } from '../../../domain/webhooks/delivery.ts'
import type { WebhookQueue } from '../../../domain/webhooks/webhookQueue.ts'
import { problems } from '../../../http/problem.ts'
import { rangeFault } from '../../../http/webhookMessages.ts'
import { gatewayOver } from '../gatewayOver.ts'
import { type DataFolder, type DataOptions, dataCommand, inDataFolder } from './dataFolder.ts'
import { withProgress } from './progress.ts'

type Options = DataOptions & {
  readonly endpoint: string
  readonly from: number
  readonly to?: number
  readonly wait?: true
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
  dataCommand(
    program,
    'replay-webhooks',
    'ask the gateway on a data folder, running now or later, to deliver messages again',
    { 0: 'it will, or with --wait: it has', 1: 'it is refused: standard error says why' },
  )
    .requiredOption('--endpoint <id>', 'the webhook endpoint, whe_...')
    .requiredOption('--from <sequence>', 'the first message', sequence)
    .option('--to <sequence>', 'the last message; the first alone unless said', sequence)
    .option('--wait', 'until the gateway has delivered them, or given them up')
    .action((options: Options) => inDataFolder(options, (folder) => replay(options, folder)))
}

function sequence(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('A whole number from 1.')
  return Number(text)
}

async function replay(options: Options, folder: DataFolder): Promise<void> {
  const queue = folder.webhookQueue()
  const asked = await ask(options, queue, folder.store())
  if (typeof asked === 'string') {
    console.error(asked)
    process.exitCode = 1
    return
  }
  if (options.wait) await delivered(asked, queue)
  console.log(options.json ? JSON.stringify(toJson(asked)) : describe(asked, options.wait))
}

const toJson = ({ endpointId, from, to }: Replay) => ({ endpointId, from, to, count: to - from + 1 })

const describe = ({ endpointId, from, to }: Replay, waited: true | undefined): string =>
  `${endpointId}: messages ${from} to ${to} ${waited ? 'are done' : 'will be delivered again'}`

/** The request as recorded, or why it was refused. */
async function ask(
  { endpoint: endpointId, from, to = from }: Options,
  queue: WebhookQueue,
  store: EventStore,
): Promise<Replay | string> {
  const { webhookEndpoints } = gatewayOver(store)
  const { state } = await webhookEndpoints.load(endpointId)
  const fault = state.status !== 'new' && rangeFault(from, to, queue.lastSequence(endpointId))
  if (fault) return fault
  const data = { from, to, requestedAt: new Date().toISOString() }
  const request = { type: 'RequestWebhookReplay', data } as const
  const outcome = await webhookEndpoints.handle(endpointId, request, { actor: 'thungan replay-webhooks' })
  if (!outcome.ok) return `${problems[outcome.rejection].title}. ${problems[outcome.rejection].detail}`
  const recorded = (await store.read(`webhook-${endpointId}`, outcome.version - 1))[0]!
  return { endpointId, from, to, position: recorded.position }
}

/** Resolves when the gateway has counted the request and nothing is left of it. */
async function delivered({ endpointId, from, to, position }: Replay, queue: WebhookQueue): Promise<void> {
  const lane = (): Lane | undefined => queue.replays(endpointId).find(({ name }) => name === position)
  const done = () => 'delivered, or given up'
  await withProgress('delivering again', done, async (update) => {
    while (queue.checkpoint() < position || lane()) {
      update((lane()?.next ?? from) - from, to - from + 1)
      await sleep(pollMs)
    }
  })
}
