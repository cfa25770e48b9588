// Opens the sandbox's acquirer on a TCP port.
import { setTimeout as wait } from 'node:timers/promises'
import { type SandboxLedger, sandboxLedger } from '../../../domain/pos/sandboxLedger.ts'
import { type Listener, openListener } from '../listener/listener.ts'
import type { Profile } from '../profile.ts'
import { sandboxHost } from './handler.ts'

export type SandboxHostOptions = {
  readonly host: string
  readonly port: number
  readonly profile: Profile
  /** A late answer comes after so many milliseconds: longer than gateways wait. */
  readonly lateMs: number
  /** Told of a bug. */
  readonly failed: (error: unknown) => void
}

export async function openSandboxHost({
  lateMs,
  ...options
}: SandboxHostOptions): Promise<Listener & { readonly ledger: SandboxLedger }> {
  const ledger = sandboxLedger()
  const handler = sandboxHost({ ledger, late: () => wait(lateMs, undefined, { ref: false }) })
  const limits = { inFlightMax: 10_000 } // late answers keep their place, and a gateway has one line only
  const listener = await openListener({ ...options, handler, limits, count: () => {} })
  return { ...listener, ledger }
}
