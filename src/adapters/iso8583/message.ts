// A message as its elements, what reading one tells, and the bounds of both.
import type { ElementCodec } from './elementCodec.ts'
import type { Fault } from './fault.ts'

export type Message = {
  readonly mti: string
  /** By element number. Padding of fixed text stays; bytes are hex in capitals; amounts keep their zeros. */
  readonly fields: Fields
  /** A second bitmap is written although no element needs it. Absent otherwise. */
  readonly emptySecondBitmap?: true
}
export type Fields = Readonly<Record<number, string>>

/** One element as it lies in the message; a variable one begins with its length. */
export type Part = {
  readonly de: number
  readonly value: string
  readonly offset: number
  readonly end: number
}

/** What could be read before the fault, if there is one. The parts may hold card data. */
export type Inspection = {
  readonly mti: string
  readonly bitmaps: readonly string[]
  readonly parts: readonly Part[]
  readonly fault?: Fault
}

export type Decoded = { readonly ok: true; readonly message: Message } | Fault
export type Encoded = { readonly ok: true; readonly bytes: Uint8Array } | Fault

/** As much as two bytes of length can announce. */
export const messageMax = 65_535
export const elementMax = 128

/** A profile's elements, ready to read and write. */
export type Elements = readonly (ElementCodec | undefined)[]
