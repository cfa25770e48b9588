// How an acquirer writes ISO 8583 as bytes. The standard leaves that open, so there is a profile for each dialect.
import { type Element, elements1987 } from './elements.ts'

export type Profile = {
  readonly name: string
  readonly mti: Digits
  readonly bitmap: 'hex' | 'binary'
  /** Elements of digits: n, z and the digits of x+n. */
  readonly digits: Digits
  /** Lengths of variable elements: they count digits for n and z, else bytes. */
  readonly lengths: Digits
  /** Elements of bytes with a fixed length (PIN data, MACs). Those with a variable length (ICC data) are always bytes. */
  readonly fixedBinary: 'hex' | 'binary'
  /** Where an odd number of BCD digits gets its zero. */
  readonly padding: { readonly fixed: Side; readonly variable: Side }
  readonly elements: Readonly<Record<number, Element>>
  readonly envelope: Envelope
}
export type Digits = 'ascii' | 'bcd'
type Side = 'left' | 'right'

/** What stands before the message on a connection: two bytes of length, big-endian, then perhaps a TPDU of five bytes. */
export type Envelope = {
  /** Whether the length counts its own two bytes. */
  readonly length: 'exclusive' | 'inclusive'
  readonly tpdu: boolean
}

/** Digits, lengths and bitmaps as text. */
export const ascii87: Profile = {
  name: 'ascii87',
  mti: 'ascii',
  bitmap: 'hex',
  digits: 'ascii',
  lengths: 'ascii',
  fixedBinary: 'hex',
  padding: { fixed: 'left', variable: 'right' },
  elements: elements1987,
  envelope: { length: 'exclusive', tpdu: false },
}

/** Two digits a byte and bitmaps as bytes, behind a TPDU: what most POS terminals speak. */
export const bcd87: Profile = {
  name: 'bcd87',
  mti: 'bcd',
  bitmap: 'binary',
  digits: 'bcd',
  lengths: 'bcd',
  fixedBinary: 'binary',
  padding: { fixed: 'left', variable: 'right' },
  elements: elements1987,
  envelope: { length: 'exclusive', tpdu: true },
}

export const profiles = { ascii87, bcd87 } as const
