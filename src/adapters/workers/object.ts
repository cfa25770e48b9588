// A Durable Object that runs the gateway over its own log: one for each merchant, and one for what is everybody's.
import { DurableObject, type ObjectState } from 'cloudflare:workers'
import { terminals } from '../../../projections/terminals.ts'
import type { AppendResult, EventStore, Recorded, StreamAppend } from '../../domain/core/eventStore.ts'
import { merchantCode } from '../../domain/core/ids.ts'
import { openSandboxBank } from '../../http/sandbox.ts'
import { durableObjectEventStore, hasLog } from '../durable-object/eventStore.ts'
import { type ObjectReadModels, objectReadModels } from '../durable-object/readModels.ts'
import type { Projector } from '../sqlite/foldRows.ts'
import { type Alarm, alarmOf } from './alarm.ts'
import { assembleInObject, type ObjectGateway } from './assemble.ts'
import type { Bindings, NetworkStub, RemoteLog } from './bindings.ts'
import { claimsOf } from './claims.ts'
import { forwarded, forwarding } from './forward.ts'
import { type Home, network } from './homes.ts'
import { routedStore } from './routedStore.ts'
import { settingsOf } from './settings.ts'
import { tasksOf } from './tasks.ts'

const now = () => new Date()

type Opened = {
  readonly own: EventStore
  readonly gateway: ObjectGateway
  readonly tasks: () => Promise<void>
  readonly readModels: ObjectReadModels
}

abstract class GatewayObject extends DurableObject implements RemoteLog {
  readonly #alarm = alarmOf(this.ctx.storage, now)
  #opened: Opened | undefined

  protected abstract home(): Home

  /** Whether a merchant was registered under these characters. */
  async isOpen(): Promise<boolean> {
    return hasLog(this.ctx.storage)
  }

  async readStream(stream: string, afterVersion: number): Promise<readonly Recorded[]> {
    return hasLog(this.ctx.storage) ? this.open().own.read(stream, afterVersion) : []
  }

  async appendStreams(appends: readonly StreamAppend[]): Promise<readonly AppendResult[]> {
    const { own } = this.open()
    const results = await own.appendInOrder(appends)
    await this.#alarm.soon()
    return results
  }

  async fetch(request: Request): Promise<Response> {
    const { own, gateway } = this.open()
    const before = await own.head()
    const response = await gateway.app.fetch(request, {
      visitor: request.headers.get('cf-connecting-ip') ?? '',
    })
    await ((await own.head()) === before ? this.#alarm.present() : this.#alarm.soon())
    return response
  }

  async alarm(): Promise<void> {
    await this.#alarm.again() // before anything that may fail
    const { own, gateway, tasks } = this.open()
    const before = await own.head()
    await gateway.readersIdle()
    await tasks()
    await gateway.readersIdle()
    await gateway.services.caughtUp()
    await ((await own.head()) === before ? this.#alarm.next() : this.#alarm.soon()) // what was done may be followed by more
  }

  /** At the first need: an object that is only asked whether there is something in it makes no tables. */
  protected open(): Opened {
    this.#opened ??= open(this.ctx, this.env, this.home(), this.#alarm)
    return this.#opened
  }
}

export class MerchantObject extends GatewayObject {
  protected home(): Home {
    return this.ctx.id.name!
  }
}

export class NetworkObject extends GatewayObject implements NetworkStub {
  async countedOf(home: Home): Promise<string> {
    return this.#counterOf(home).checkpoint()
  }

  async takeEvents(home: Home, after: string, events: readonly Recorded[]): Promise<string> {
    const counter = this.#counterOf(home)
    if (counter.checkpoint() >= after) counter.apply(events)
    return counter.checkpoint()
  }

  #counterOf(home: Home): Projector {
    return this.open().readModels.projector(`log of ${home}`, forwarded)
  }

  async homeOfTerminal(terminalId: string): Promise<Home | undefined> {
    this.open()
    const select = `select "merchantId" from "${terminals.name}" where "id" = ?`
    const [row] = this.ctx.storage.sql.exec(select, terminalId).toArray()
    return row && merchantCode(String(row.merchantId))
  }

  protected home(): Home {
    return network
  }
}

function open({ storage }: ObjectState, env: Bindings, home: Home, alarm: Alarm): Opened {
  const settings = settingsOf(env)
  const own = durableObjectEventStore({ storage, now })
  const readModels = objectReadModels(storage)
  const remote = (to: Home): RemoteLog => (to === network ? env.NETWORK : env.MERCHANTS).getByName(to)
  const store = routedStore({ own, home, remote, claims: claimsOf(env), now })
  const reconsider = () => void alarm.reconsider()
  const gateway = assembleInObject({ storage, own, store, readModels, settings, now, reconsider })
  if (home === network && settings.sandbox) void openSandboxBank(gateway.services)
  if (home !== network) gateway.read(forwarding(home, own, env.NETWORK.getByName(network)))
  return { own, gateway, tasks: tasksOf(gateway), readModels }
}
