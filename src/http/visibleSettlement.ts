// Which settlements a caller may see.
import type { ClosedSettlement } from '../domain/settlement/settlement.ts'
import type { Caller } from './auth.ts'
import { Problem } from './problem.ts'
import type { Services } from './services.ts'

export async function visibleSettlement(
  settlementId: string,
  caller: Caller | undefined,
  { gateway }: Services,
): Promise<{ state: ClosedSettlement; version: number }> {
  const { state, version } = await gateway.settlements.load(settlementId)
  if (state.status === 'new') throw new Problem('not_found')
  if (caller?.role === 'merchant' && caller.merchantId !== state.merchantId) throw new Problem('not_found')
  return { state, version }
}
