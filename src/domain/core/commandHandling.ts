// Load, decide, append, and again on a conflict, a bounded number of times: the one way a command reaches a stream.
import type { Command, Decider, Event } from './decider.ts'
import type { EventStore, Metadata, NewEvent, Recorded, StreamAppend } from './eventStore.ts'

/** An aggregate as the log has it. `commands` remembers which request made which version, so that a second one adds nothing. */
export type Loaded<State> = {
  readonly state: State
  readonly version: number
  readonly commands: ReadonlyMap<string, Remembered>
}
type Remembered = { readonly version: number; readonly requestHash: string | undefined }

/** `replayed`: the command had been handled before, and `state` is as it left it. */
export type Outcome<State, Rejection extends string> =
  | { readonly ok: true; readonly state: State; readonly version: number; readonly replayed: boolean }
  | { readonly ok: false; readonly rejection: Rejection | HandlingRejection; readonly version: number }

export type HandlingRejection = 'stream_busy' | 'idempotency_key_reused' | 'version_differs'

/** Recently used aggregates, so that a busy stream is not folded from its start for every command. Bounded by the adapter. */
export type StateCache = {
  readonly get: (stream: string) => Loaded<unknown> | undefined
  readonly set: (stream: string, loaded: Loaded<unknown>) => void
}

export type HandlingPorts = {
  readonly store: EventStore
  readonly cache: StateCache
  /** A new event id (UUIDv7). */
  readonly newEventId: () => string
}

export type HandleOptions<State = never> = {
  /** What the caller has loaded just now: saves reading it again. */
  readonly loaded?: Loaded<State>
  /** The caller says the stream is new: saves reading what is not there. A conflict reads it after all. */
  readonly expectNew?: boolean
  /** Refuse with `version_differs` unless the stream is at this version (If-Match). */
  readonly ifVersion?: number
}

/** What a command would append, decided on what is known now. `done` is to be called once it is appended. */
type Proposal<State> = { readonly append: StreamAppend; readonly done: () => Loaded<State> }

type Aggregate<State, C extends Command, Rejection extends string> = {
  readonly load: (id: string) => Promise<Loaded<State>>
  /** What a request was answered that was handled before; undefined where it was not. For answers that take work before there is a command. */
  readonly answered: (id: string, metadata: Metadata) => Promise<Outcome<State, Rejection> | undefined>
  /** Decides without appending, for appends to several streams at once; undefined where nothing is to be appended. */
  readonly propose: (
    id: string,
    command: C,
    metadata: Metadata,
    options?: Pick<HandleOptions<State>, 'expectNew' | 'loaded'>,
  ) => Promise<Proposal<State> | undefined>
  readonly handle: (
    id: string,
    command: C,
    metadata: Metadata,
    options?: HandleOptions<State>,
  ) => Promise<Outcome<State, Rejection>>
}

const attemptsMax = 8

/** The aggregate of a category (`payment`, `merchant`, ...): its decider over an event store. */
export function aggregate<State, C extends Command, E extends Event, Rejection extends string>(
  category: string,
  decider: Decider<State, C, E, Rejection>,
  { store, cache, newEventId }: HandlingPorts,
): Aggregate<State, C, Rejection> {
  const unseen: Loaded<State> = { state: decider.initialState(), version: 0, commands: new Map() }

  const apply = (loaded: Loaded<State>, events: readonly (NewEvent | Recorded)[]): Loaded<State> =>
    fold(decider, loaded, events)

  async function load(id: string): Promise<Loaded<State>> {
    const stream = `${category}-${id}`
    const known = (cache.get(stream) as Loaded<State> | undefined) ?? unseen
    const events = await store.read(stream, known.version)
    if (events.length === 0) return known
    const loaded = apply(known, events)
    cache.set(stream, loaded)
    return loaded
  }

  /** The state as a remembered command left it, so that the second answer is the first one. */
  async function loadAt(id: string, version: number): Promise<Loaded<State>> {
    const events = await store.read(`${category}-${id}`)
    return apply(unseen, events.slice(0, version))
  }

  async function answerAgain(
    id: string,
    { version, requestHash }: Remembered,
    loaded: Loaded<State>,
    metadata: Metadata,
  ): Promise<Outcome<State, never>> {
    if (requestHash !== metadata.requestHash)
      return { ok: false, rejection: 'idempotency_key_reused', version: loaded.version }
    return { ok: true, ...(await loadAt(id, version)), replayed: true }
  }

  async function answered(id: string, metadata: Metadata): Promise<Outcome<State, never> | undefined> {
    if (metadata.commandId === undefined) return undefined
    const loaded = await load(id)
    const earlier = rememberedIn(loaded, metadata)
    return earlier && answerAgain(id, earlier, loaded, metadata)
  }

  const proposal = (
    stream: string,
    loaded: Loaded<State>,
    decided: readonly E[],
    metadata: Metadata,
  ): Proposal<State> => {
    const events = decided.map((event): NewEvent<E> => ({ ...event, id: newEventId(), metadata }))
    const done = () => {
      const after = apply(loaded, events)
      cache.set(stream, after)
      return after
    }
    return { append: { stream, expectedVersion: loaded.version, events }, done }
  }

  async function propose(
    id: string,
    command: C,
    metadata: Metadata,
    { expectNew, loaded: known }: Pick<HandleOptions<State>, 'expectNew' | 'loaded'> = {},
  ): Promise<Proposal<State> | undefined> {
    const loaded = known ?? (expectNew ? unseen : await load(id))
    const decision = decider.decide(command, loaded.state)
    if (!decision.accepted || decision.events.length === 0) return undefined
    return proposal(`${category}-${id}`, loaded, decision.events, metadata)
  }

  async function handle(
    id: string,
    command: C,
    metadata: Metadata,
    options: HandleOptions<State> = {},
  ): Promise<Outcome<State, Rejection>> {
    const stream = `${category}-${id}`
    let loaded = options.loaded ?? (options.expectNew ? unseen : await load(id))
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const refused = (rejection: Rejection | HandlingRejection) =>
        ({ ok: false, rejection, version: loaded.version }) as const
      const earlier = rememberedIn(loaded, metadata)
      if (earlier) return answerAgain(id, earlier, loaded, metadata)
      if (options.ifVersion !== undefined && options.ifVersion !== loaded.version)
        return refused('version_differs')
      const decision = decider.decide(command, loaded.state)
      if (!decision.accepted) return refused(decision.rejection)
      if (decision.events.length === 0) return { ok: true, ...loaded, replayed: false }
      const { append, done } = proposal(stream, loaded, decision.events, metadata)
      const result = await store.append(stream, append.expectedVersion, append.events)
      if (result.status !== 'conflict') return { ok: true, ...done(), replayed: false }
      loaded = await load(id)
    }
    return { ok: false, rejection: 'stream_busy', version: loaded.version }
  }

  return { load, answered, propose, handle }
}

const rememberedIn = ({ commands }: Loaded<unknown>, { commandId }: Metadata): Remembered | undefined =>
  commandId === undefined ? undefined : commands.get(commandId)

function fold<State, E extends Event>(
  { evolve }: Pick<Decider<State, Command, E, string>, 'evolve'>,
  loaded: Loaded<State>,
  events: readonly (NewEvent | Recorded)[],
): Loaded<State> {
  let { state, version } = loaded
  let commands: Map<string, Remembered> | undefined
  for (const event of events) {
    state = evolve(state, event as unknown as E)
    version += 1
    const { commandId, requestHash } = event.metadata
    if (commandId) commands = (commands ?? new Map(loaded.commands)).set(commandId, { version, requestHash })
  }
  return { state, version, commands: commands ?? loaded.commands }
}
