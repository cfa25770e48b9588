// An establishment of the city's registry: what adoption is a share of, whether it takes cashless payment or not.
import { accept, type Decision, reject } from '../core/decider.ts'
import type { Sector } from '../merchants/sectors.ts'

/** What the registry says of an establishment. */
export type Establishment = {
  /** As licenseKey gives it. */
  readonly licenseNumber: string
  readonly name: string
  /** Digits only: 10, 12 or 13. */
  readonly taxCode: string
  readonly sector: Sector
  readonly district: string
  readonly ward?: string
  readonly location?: { readonly lat: number; readonly lng: number }
  /** Business dates: open from the first day on, and not on the last. */
  readonly openedOn: string
  readonly closedOn?: string
}

/** What a person says of a site: it is this establishment, or it is not. */
type LinkDecision = { readonly siteId: string; readonly reason?: string }

export type EstablishmentCommand =
  | { type: 'RecordEstablishment'; data: { establishment: Establishment; uploadId: string; at: string } }
  | { type: 'DecideLink'; data: LinkDecision & { same: boolean; at: string } }

/** Those that come with an upload name it. */
export type EstablishmentEvent =
  | { type: 'EstablishmentRegistered'; data: Establishment & { uploadId: string; registeredAt: string } }
  | { type: 'EstablishmentChanged'; data: Establishment & { uploadId: string; changedAt: string } }
  | { type: 'EstablishmentClosed'; data: { closedOn: string; uploadId: string; changedAt: string } }
  | { type: 'EstablishmentLinked'; data: LinkDecision & { linkedAt: string } }
  | { type: 'EstablishmentLinkRefused'; data: LinkDecision & { refusedAt: string } }
export type UploadedEvent = Extract<EstablishmentEvent, { data: { uploadId: string } }>
export type EstablishmentRejection = 'establishment_not_found'

export type RegisteredEstablishment = Establishment & {
  readonly status: 'registered'
  /** What was decided of sites, by site. */
  readonly links: Readonly<Record<string, boolean>>
}
export type EstablishmentState = { readonly status: 'new' } | RegisteredEstablishment

/** License numbers are typed by people: the same number in other letters and spaces is the same one. */
export const licenseKey = (text: string): string =>
  text.normalize('NFC').trim().replace(/\s+/g, ' ').toUpperCase()

/** Tax codes are written with a hyphen before a branch's number, or without. */
export const taxKey = (text: string): string => text.replace('-', '')

export const initialState = (): EstablishmentState => ({ status: 'new' })

/** Nothing is recorded of what is known already. */
export function decide(
  command: EstablishmentCommand,
  state: EstablishmentState,
): Decision<EstablishmentEvent, EstablishmentRejection> {
  if (command.type === 'RecordEstablishment') return record(command.data, state)
  if (state.status === 'new') return reject('establishment_not_found')
  const { same, at, ...decision } = command.data
  if (state.links[decision.siteId] === same) return accept()
  return accept(
    same
      ? { type: 'EstablishmentLinked', data: { ...decision, linkedAt: at } }
      : { type: 'EstablishmentLinkRefused', data: { ...decision, refusedAt: at } },
  )
}

type Recording = Extract<EstablishmentCommand, { type: 'RecordEstablishment' }>['data']

/** What a row of an upload adds to what is known. */
export function record(
  { establishment, uploadId, at }: Recording,
  state: EstablishmentState,
): Decision<UploadedEvent, never> {
  if (state.status === 'new')
    return accept({ type: 'EstablishmentRegistered', data: { ...establishment, uploadId, registeredAt: at } })
  const { closedOn } = establishment
  const changed = changedFields(state, establishment)
  if (changed.length === 0) return accept()
  if (closedOn !== undefined && state.closedOn === undefined && changed.length === 1)
    return accept({ type: 'EstablishmentClosed', data: { closedOn, uploadId, changedAt: at } })
  return accept({ type: 'EstablishmentChanged', data: { ...establishment, uploadId, changedAt: at } })
}

const fields = [
  'licenseNumber',
  'name',
  'taxCode',
  'sector',
  'district',
  'ward',
  'location',
  'openedOn',
  'closedOn',
] as const satisfies readonly (keyof Establishment)[]

/** The names of the fields in which two differ. */
export const changedFields = (before: Establishment, after: Establishment): (keyof Establishment)[] =>
  fields.filter((name) =>
    name === 'location'
      ? before.location?.lat !== after.location?.lat || before.location?.lng !== after.location?.lng
      : before[name] !== after[name],
  )

export function evolve(state: EstablishmentState, event: EstablishmentEvent): EstablishmentState {
  if (event.type === 'EstablishmentRegistered' || event.type === 'EstablishmentChanged') {
    const links = state.status === 'new' ? {} : state.links
    return { ...establishmentIn(event.data), status: 'registered', links }
  }
  if (state.status === 'new') return state
  if (event.type === 'EstablishmentClosed') return { ...state, closedOn: event.data.closedOn }
  const same = event.type === 'EstablishmentLinked'
  return { ...state, links: { ...state.links, [event.data.siteId]: same } }
}

/** The establishment alone, of an event that has all of it. */
function establishmentIn(data: Establishment): Establishment {
  const { licenseNumber, name, taxCode, sector, district, ward, location, openedOn, closedOn } = data
  return {
    licenseNumber,
    name,
    taxCode,
    sector,
    district,
    ...(ward !== undefined && { ward }),
    ...(location && { location }),
    openedOn,
    ...(closedOn !== undefined && { closedOn }),
  }
}
