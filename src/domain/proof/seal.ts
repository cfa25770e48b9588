// The seal of a day: the root over its events, signed, so that what was there cannot be changed unseen. One stream a day.
import { accept, type Decision } from '../core/decider.ts'
import type { DayTree } from './dayTree.ts'

/** Signs texts (Ed25519). */
export type Signer = {
  /** Raw, base64url. */
  readonly publicKey: string
  /** The signature of a text's UTF-8 bytes, base64url. */
  readonly sign: (text: string) => string
}
export type CheckSignature = (publicKey: string, text: string, signature: string) => boolean

/** The part of a seal that is signed, and that anybody may see. */
export type SignedSeal = Pick<DayTree, 'firstPosition' | 'lastPosition' | 'count' | 'root'> & {
  readonly date: string
  /** The seal before: a day without events has none. Left out of the first. */
  readonly previous?: { readonly date: string; readonly root: string; readonly lastPosition: string }
  readonly publicKey: string
  readonly signature: string
}
export type Seal = SignedSeal & Pick<DayTree, 'blockSize' | 'blocks'>

export type SealCommand = { type: 'SealDay'; data: Seal }
export type SealEvent = { type: 'DaySealed'; data: Seal }
export type SealState = { readonly status: 'new' } | (Seal & { readonly status: 'sealed' })

export const initialState = (): SealState => ({ status: 'new' })

/** A day is sealed once: of two processes the first one's seal stands. */
export const decide = ({ data }: SealCommand, state: SealState): Decision<SealEvent, never> =>
  state.status === 'new' ? accept({ type: 'DaySealed', data }) : accept()

export const evolve = (_state: SealState, { data }: SealEvent): SealState => ({ ...data, status: 'sealed' })

/** One line per part; the first names what this is, so that the signature cannot stand for anything else. */
export const sealText = ({
  date,
  firstPosition,
  lastPosition,
  count,
  root,
  previous,
  publicKey,
}: Omit<SignedSeal, 'signature'>): string =>
  [
    'thungan-seal-v1',
    date,
    firstPosition,
    lastPosition,
    count,
    root,
    previous?.date ?? '',
    previous?.root ?? '',
    previous?.lastPosition ?? '',
    publicKey,
  ].join('\n')

/** Without the blocks, which only the gateway needs. */
export const signedPart = ({
  date,
  firstPosition,
  lastPosition,
  count,
  root,
  previous,
  publicKey,
  signature,
}: SignedSeal): SignedSeal => ({
  date,
  firstPosition,
  lastPosition,
  count,
  root,
  ...(previous && { previous }),
  publicKey,
  signature,
})

export function sealOf(date: string, tree: DayTree, before: SignedSeal | undefined, signer: Signer): Seal {
  const unsigned = {
    date,
    ...tree,
    ...(before && { previous: { date: before.date, root: before.root, lastPosition: before.lastPosition } }),
    publicKey: signer.publicKey,
  }
  return { ...unsigned, signature: signer.sign(sealText(unsigned)) }
}
