// Which object a request is about: its key says so, else an id in its address, else the payment that a notification names.
import { LRUCache } from 'lru-cache'
import { isId, merchantCode } from '../../domain/core/ids.ts'
import { findReferences, merchantIdOf } from '../../domain/payments/reference.ts'
import { Problem } from '../../http/problem.ts'
import type { Bindings } from './bindings.ts'
import { boundedBody } from './boundedBody.ts'
import { type Home, homeOfKey, homeOfPath, network } from './homes.ts'
import { reachOf } from './reach.ts'

type Destination = { readonly home: Home; readonly request: Request }

// A merchant's object stays: who was found once need not be asked again.
const known = new LRUCache<Home, true>({ max: 10_000 })
const candidatesMax = 3
const nameMerchant =
  'At the edge each merchant has this of its own. Use its key, or name it: "merchant-id: mer_…" (operators).'

/**
 * The network object answers where no merchant's object exists: an unknown key or id as it always does. Throws a problem
 * for what is not answered at the edge.
 */
export async function destinationOf(request: Request, env: Bindings): Promise<Destination> {
  const url = new URL(request.url)
  const { pathname, search } = url
  const reach = reachOf(pathname)
  if (reach === 'none') throw new Problem('not_at_the_edge')
  if (namesPaymentInside.test(pathname)) return byWhatIsInside(request, pathname, search, env)
  if (reach === 'network') return { home: network, request }
  const home = await namedHome(request, url, env)
  if (home === undefined && reach === 'merchant' && request.headers.has('authorization'))
    throw new Problem('not_at_the_edge', { detail: nameMerchant })
  return { home: home === undefined ? network : await firstOpen([home], env), request }
}

/** A merchant's key first: what another merchant's id is worth under it, its own object says. */
async function namedHome({ headers }: Request, url: URL, env: Bindings): Promise<Home | undefined> {
  const { pathname, searchParams } = url
  const named =
    homeOfKey(headers.get('authorization')) ??
    homeOfPath(pathname) ??
    homeOfMerchant(searchParams.get('merchantId') ?? searchParams.get('billerId')) ??
    homeOfMerchant(headers.get('merchant-id'))
  if (named !== undefined) return named
  const terminal = /\/(ter_[0-9A-Z]{8})(?:\/|$)/.exec(pathname)?.[1]
  return terminal === undefined ? undefined : homeOfTerminal(terminal, env)
}

const homeOfMerchant = (id: string | null): Home | undefined =>
  id !== null && isId('mer', id) ? merchantCode(id) : undefined

const namesPaymentInside =
  /^\/v1\/(?:connectors\/con_[0-9A-Z]{12}\/notifications|sandbox\/pay|terminals\/activate)$/

async function byWhatIsInside(
  request: Request,
  pathname: string,
  search: string,
  env: Bindings,
): Promise<Destination> {
  if (request.method !== 'POST') return { home: await homeOfText(pathname, search, env), request }
  const body = await boundedBody(request)
  const home = await homeOfText(pathname, new TextDecoder().decode(body), env)
  return { home, request: new Request(request, { body }) }
}

/** A payment's reference is found in whatever words the bank puts around it; an activation code begins with its terminal. */
async function homeOfText(path: string, text: string, env: Bindings): Promise<Home> {
  if (!path.endsWith('/activate')) {
    const homes = findReferences(text).map((reference) => merchantCode(merchantIdOf(reference)))
    return firstOpen([...new Set(homes)], env)
  }
  const terminal = /"activationCode"\s*:\s*"\s*([0-9A-Za-z]{8})-/.exec(text)?.[1]
  return (terminal && (await homeOfTerminal(`ter_${terminal.toUpperCase()}`, env))) ?? network
}

const homeOfTerminal = (terminalId: string, { NETWORK }: Bindings): Promise<Home | undefined> =>
  NETWORK.getByName(network).homeOfTerminal(terminalId)

async function firstOpen(homes: readonly Home[], { MERCHANTS }: Bindings): Promise<Home> {
  for (const home of homes.slice(0, candidatesMax)) {
    if (!known.has(home) && !(await MERCHANTS.getByName(home).isOpen())) continue
    known.set(home, true)
    return home
  }
  return network
}
