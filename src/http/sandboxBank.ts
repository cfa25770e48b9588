// The sandbox bank's memory: what it paid lately, told or not, so that it can be asked for a statement.
import type { Statement } from '../domain/connectors/statement.ts'

const rememberedMax = 10_000

type Sent = {
  readonly connectorId: string
  readonly notification: string
  readonly occurredAt: string
}

export type SandboxBank = {
  /** Remembers a notification as its bytes would be sent. */
  readonly remember: (sent: Sent) => void
  readonly statement: Statement
}

export function sandboxBank(): SandboxBank {
  const paid: Sent[] = []
  return {
    remember: (sent) => {
      if (paid.length === rememberedMax) paid.shift()
      paid.push(sent)
    },
    statement: async (asked, from, to) =>
      paid
        .filter(({ connectorId }) => connectorId === asked)
        .filter(({ occurredAt }) => occurredAt >= from && occurredAt < to)
        .map(({ notification }) => notification),
  }
}
