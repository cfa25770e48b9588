// The card in a till's message: its data for the acquirer, in memory only, and the little that is kept of it.
import { base32 } from '../../../domain/core/base32.ts'
import type { CardData } from '../../../domain/pos/cardNetwork.ts'
import type { CardFacts } from '../../../domain/pos/cardPaymentEvents.ts'
import { isPan, truncatePan } from '../../../domain/pos/pan.ts'
import type { Fields } from '../message.ts'
import { code } from './codes.ts'
import type { HostPorts } from './ports.ts'

const tokenLength = 26

/** The card, or the code that says what is wrong with it. */
export function cardIn(
  fields: Fields,
  { derive }: Pick<HostPorts, 'derive'>,
): { readonly data: CardData; readonly facts: CardFacts } | string {
  const trackTwo = fields[35]
  const onTrack = trackTwo?.split(/[D=]/)[0]
  const pan = fields[2] ?? onTrack
  if (pan === undefined) return code.formatError
  if (!isPan(pan) || (onTrack ?? pan) !== pan) return code.invalidCard
  const { 14: expiry, 22: entryMode, 23: sequenceNumber, 52: pinBlock, 55: iccData } = fields
  return {
    data: {
      pan,
      ...(expiry !== undefined && { expiry }),
      ...(trackTwo !== undefined && { trackTwo }),
      ...(entryMode !== undefined && { entryMode }),
      ...(sequenceNumber !== undefined && { sequenceNumber }),
      ...(pinBlock !== undefined && { pinBlock }),
      ...(iccData !== undefined && { iccData }),
    },
    facts: { ...truncatePan(pan), token: `tok_${base32(derive('pan', pan), tokenLength)}` },
  }
}
