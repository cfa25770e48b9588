// What wrangler.toml binds and what the operator sets, as the Worker and its objects are given it.
import type { AppendResult, Recorded, StreamAppend } from '../../domain/core/eventStore.ts'

/** What one object asks of another: conflicts are values, for an error would lose its kind on the way. */
export type RemoteLog = {
  readonly isOpen: () => Promise<boolean>
  readonly readStream: (stream: string, afterVersion: number) => Promise<readonly Recorded[]>
  readonly appendStreams: (appends: readonly StreamAppend[]) => Promise<readonly AppendResult[]>
}

export type ObjectStub = RemoteLog & { readonly fetch: (request: Request) => Promise<Response> }

export type NetworkStub = ObjectStub & {
  /** How far another object's log is counted into what is listed over all. */
  readonly countedOf: (home: string) => Promise<string>
  /** Counts events that follow `after`, and nothing where it has not counted so far; answers how far it has then. */
  readonly takeEvents: (home: string, after: string, events: readonly Recorded[]) => Promise<string>
  /** The object of the merchant that a terminal belongs to. */
  readonly homeOfTerminal: (terminalId: string) => Promise<string | undefined>
}

/** Who keeps which credit. */
export type ClaimsStub = {
  readonly claim: (creditId: string, home: string) => Promise<string>
  readonly keeperOf: (creditId: string) => Promise<string | undefined>
}

type Namespace<Stub> = { readonly getByName: (name: string) => Stub }

export type Bindings = {
  readonly MERCHANTS: Namespace<ObjectStub>
  readonly NETWORK: Namespace<NetworkStub>
  readonly CLAIMS: Namespace<ClaimsStub>
  /** 32 bytes in base64: a secret. */
  readonly MASTER_KEY?: string
  /** The first operator's key: a secret. */
  readonly OPERATOR_KEY?: string
  readonly PUBLIC_URL?: string
  readonly SANDBOX?: string
}
