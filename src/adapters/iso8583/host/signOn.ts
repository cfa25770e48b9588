// 0800: a till signs on or off, or asks whether we are there.
import type { Message } from '../message.ts'
import { code } from './codes.ts'
import type { HostAnswer, HostPorts, Till } from './ports.ts'

/** DE70: sign-on, sign-off, echo. */
const known: ReadonlySet<string> = new Set(['001', '002', '301'])

/** The till is there, as by a heartbeat: what changes by that is recorded. */
export async function signOn({ fields }: Message, { id }: Till, ports: HostPorts): Promise<HostAnswer> {
  const { 70: kind } = fields
  if (kind === undefined) return { responseCode: code.formatError }
  if (!known.has(kind)) return { responseCode: code.invalidTransaction }
  await ports.beat(id)
  return { responseCode: code.approved }
}
