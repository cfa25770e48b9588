// Every definition, in the order in which they are shown.
import { acceptanceActive } from './acceptanceActive.ts'
import { acceptanceInstalled } from './acceptanceInstalled.ts'
import { adopterCohorts } from './cohorts.ts'
import type { Definition } from './definition.ts'
import { methodMix } from './methodMix.ts'
import { rates } from './rates.ts'
import { nonCashSalesShare } from './references.ts'
import { posPerAdults, posPerPeople } from './terminalOn.ts'
import { terminalUptime } from './terminalUptime.ts'
import { ticketMean, ticketMedian } from './ticket.ts'
import { timeToSettlementMean, timeToSettlementMedian } from './timeToSettlement.ts'

export const definitions: readonly Definition[] = [
  acceptanceInstalled,
  acceptanceActive,
  posPerAdults,
  posPerPeople,
  terminalUptime,
  nonCashSalesShare,
  timeToSettlementMedian,
  timeToSettlementMean,
  methodMix,
  ticketMean,
  ticketMedian,
  adopterCohorts,
  ...rates,
]

export const definitionView = ({ id, label, text, measuredBy }: Definition): Definition => ({
  id,
  label,
  text,
  measuredBy,
})
