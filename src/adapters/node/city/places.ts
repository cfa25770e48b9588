// Records who comes and goes in the seeded city: uploads of the registry, merchants with their keys, sites and terminals.
import type { Establishment } from '../../../domain/adoption/establishment.ts'
import * as establishment from '../../../domain/adoption/establishment.ts'
import type { Chance } from '../../../domain/core/chance.ts'
import { establishmentId, merchantCode, newKeyId, newUploadId } from '../../../domain/core/ids.ts'
import * as apiKey from '../../../domain/merchants/apiKey.ts'
import * as merchant from '../../../domain/merchants/merchant.ts'
import * as site from '../../../domain/merchants/site.ts'
import * as terminal from '../../../domain/pos/terminal.ts'
import { keyFor } from '../../../http/keys.ts'
import { instantText } from '../../sqlite/eventRow.ts'
import { nodeCrypto } from '../crypto.ts'
import type { City, PlannedEstablishment, PlannedMerchant, PlannedSite } from './plan.ts'
import type { Entity, Recorder } from './recorder.ts'
import { uploadDays } from './registry.ts'

/** What of the city's places the sales look at. */
export type Merchants = Map<string, Entity<merchant.Merchant>>

export const cityBank = '970499' // no bank has this number: nobody can pay into the city by mistake
const regulator = 'key_00000HAN01SCT000'

type Ports = { readonly city: City; readonly recorder: Recorder; readonly chance: Chance }

/** `openDay(day, at)` records what is new on a day, all at one instant. */
export function placesOf({ city, recorder, chance }: Ports, merchants: Merchants) {
  const registry = new Map<PlannedEstablishment, Entity<establishment.EstablishmentState>>()
  const terminals = new Map<string, Entity<terminal.Terminal>>()
  const merchantsOn = Map.groupBy(city.merchants, ({ since }) => since)
  const sitesOn = Map.groupBy(city.sites, ({ since }) => since)
  const leavingOn = Map.groupBy(city.sites, ({ until }) => until)

  function upload(day: number, at: number): void {
    const uploadId = newUploadId(chance)
    for (const planned of city.establishments) {
      const isNew = planned.listedOn === day
      if (!isNew && planned.closureListedOn !== day) continue
      const entity = registry.get(planned) ?? opened(`establishment-${idOf(planned)}`, establishment)
      registry.set(planned, entity)
      const data = { establishment: rowOn(planned, day), uploadId, at: instant(at) }
      recorder.record(entity, establishment, { type: 'RecordEstablishment', data }, at, { actor: regulator })
    }
  }

  function takeOn({ id, name, taxCode, sector, district, account }: PlannedMerchant, at: number): void {
    const keyId = issueKey({ role: 'merchant', merchantId: id }, at)
    const settlementAccount = { bankBin: cityBank, accountNumber: account, accountName: 'THU NGAN CITY' }
    const terms = { latePolicy: { mode: 'hold' }, feePlan: { rate: '0.5', fixed: '0' } } as const
    const data = { name, taxCode, sector, district, settlementAccount, ...terms, keyId }
    const entity = opened(`merchant-${id}`, merchant)
    merchants.set(id, entity)
    const command = { type: 'RegisterMerchant', data: { ...data, registeredAt: instant(at) } } as const
    recorder.record(entity, merchant, command, at)
  }

  function issueKey(
    holder: { role: 'merchant' | 'terminal'; merchantId: string; terminalId?: string },
    at: number,
  ) {
    const keyId = newKeyId(merchantCode(holder.merchantId), chance)
    const { secretHash } = keyFor(keyId, chance, nodeCrypto)
    const command = { type: 'IssueKey', data: { ...holder, secretHash, issuedAt: instant(at) } } as const
    recorder.record(opened(`key-${keyId}`, apiKey), apiKey, command, at)
    return keyId
  }

  function openSite(planned: PlannedSite, at: number): void {
    const { id, merchantId, name, sector, district, location, licenseNumber } = planned
    const data = { merchantId, name, sector, district, address: `${name}, Hà Nội`, location, licenseNumber }
    const command = { type: 'RegisterSite', data: { ...data, registeredAt: instant(at) } } as const
    recorder.record(opened(`site-${id}`, site), site, command, at)
    for (const each of planned.terminals) openTerminal(each, planned, at)
  }

  function openTerminal(
    { id, kind }: PlannedSite['terminals'][number],
    { id: siteId, merchantId }: PlannedSite,
    at: number,
  ): void {
    const entity = opened(`terminal-${id}`, terminal)
    terminals.set(id, entity)
    const names = { terminalId: id.slice(4), cardAcceptorId: `${siteId.slice(4)}00` }
    const data = {
      ...{ merchantId, siteId, kind, serialNumber: id.slice(4), ...names },
      activationCodeHash: nodeCrypto.hash(id),
      registeredAt: instant(at),
    }
    recorder.record(entity, terminal, { type: 'RegisterTerminal', data }, at)
    const keyId = issueKey({ role: 'terminal', merchantId, terminalId: id }, at)
    const activated = { keyId, activatedAt: instant(at) }
    recorder.record(entity, terminal, { type: 'ActivateTerminal', data: activated }, at)
  }

  function close({ terminals: gone }: PlannedSite, at: number): void {
    const command = { type: 'RevokeTerminal', data: { revokedAt: instant(at) } } as const
    for (const { id } of gone) recorder.record(terminals.get(id)!, terminal, command, at)
  }

  return function openDay(day: number, at: number): void {
    if (uploadDays.includes(day)) upload(day, at)
    for (const planned of merchantsOn.get(day) ?? []) takeOn(planned, at)
    for (const planned of sitesOn.get(day) ?? []) openSite(planned, at)
    for (const planned of leavingOn.get(day) ?? []) close(planned, at)
  }
}

export const instant = instantText

/** A stream of which nothing is recorded yet. */
export const opened = <State>(
  stream: string,
  { initialState }: { readonly initialState: () => State },
): Entity<State> => ({ stream, version: 0, state: initialState() })

const idOf = ({ licenseNumber }: PlannedEstablishment): string =>
  establishmentId(nodeCrypto.digest(licenseNumber))

/** What the upload of a day says: of an end only once it has come. */
function rowOn(planned: PlannedEstablishment, day: number): Establishment {
  const { listedOn: _, closureListedOn = Number.POSITIVE_INFINITY, closedOn, ...row } = planned
  return closedOn !== undefined && closureListedOn <= day ? { ...row, closedOn } : row
}
