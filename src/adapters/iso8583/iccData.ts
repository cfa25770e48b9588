// DE55: what chip and terminal told each other, as BER-TLV. Walked within bounds, because a card is not to be trusted either.
import { type Broken, broken } from './fault.ts'

/** A data object; `value` is hex, or the objects inside a constructed one. */
export type TlvObject = { readonly tag: string; readonly value: string | readonly TlvObject[] }

const depthMax = 4
const objectsMax = 256
const tagBytesMax = 3
const lengthBytesMax = 2

/** The objects in these bytes (hex), or what is wrong. Bytes of zero between objects are filling, as EMV allows. */
export function readIccData(hex: string): readonly TlvObject[] | Broken {
  const bytes = Buffer.from(hex, 'hex')
  let count = 0

  function readObjects(start: number, end: number, depth: number): readonly TlvObject[] | Broken {
    if (depth > depthMax) return broken('tlv_too_deep', `objects lie deeper than ${depthMax} levels`)
    const objects: TlvObject[] = []
    for (let at = start; at < end; ) {
      if (bytes[at] === 0) {
        at++
        continue
      }
      if (++count > objectsMax) return broken('tlv_too_many', `more than ${objectsMax} objects`)
      const header = readHeader(bytes, at, end)
      if ('code' in header) return header
      const { tag, valueAt, valueEnd } = header
      const inside = isConstructed(bytes[at]!) ? readObjects(valueAt, valueEnd, depth + 1) : undefined
      if (inside && 'code' in inside) return inside
      objects.push({ tag, value: inside ?? toHex(bytes.subarray(valueAt, valueEnd)) })
      at = valueEnd
    }
    return objects
  }

  return readObjects(0, bytes.length, 1)
}

type Header = { readonly tag: string; readonly valueAt: number; readonly valueEnd: number }

function readHeader(bytes: Buffer, start: number, end: number): Header | Broken {
  const truncated = broken('tlv_truncated', `an object begins at byte ${start} and does not end`)
  const tagEnd = endOfTag(bytes, start)
  if (tagEnd >= end) return truncated
  if (tagEnd - start > tagBytesMax)
    return broken('tlv_length_unsupported', `a tag of more than ${tagBytesMax} bytes`)
  const first = bytes[tagEnd]!
  const more = first < 0x80 ? 0 : first & 0x7f
  if (first === 0x80 || more > lengthBytesMax)
    return broken('tlv_length_unsupported', `the length at byte ${tagEnd} is open or of too many bytes`)
  const valueAt = tagEnd + 1 + more
  if (valueAt > end) return truncated
  const length = more === 0 ? first : bytes.readUIntBE(tagEnd + 1, more)
  if (valueAt + length > end) return truncated
  return { tag: toHex(bytes.subarray(start, tagEnd)), valueAt, valueEnd: valueAt + length }
}

/** A tag goes on as long as its bytes say so; one byte beyond the bound is enough to refuse it. */
function endOfTag(bytes: Buffer, start: number): number {
  let at = start + 1
  if ((bytes[start]! & 0x1f) !== 0x1f) return at
  while (at - start <= tagBytesMax && (bytes[at] ?? 0) >= 0x80) at++
  return at + 1
}

const isConstructed = (firstByte: number): boolean => (firstByte & 0x20) !== 0

const toHex = (bytes: Buffer): string => bytes.toString('hex').toUpperCase()

/** Tags that hold the card number, a track, the holder's name or the PIN. */
export const cardDataTags: ReadonlySet<string> = new Set([
  '56',
  '57',
  '5A',
  '5F20',
  '99',
  '9F0B',
  '9F1F',
  '9F20',
  '9F6B',
])

/** Names of the tags that are met at a till. */
export const tagNames: Readonly<Record<string, string>> = {
  '4F': 'Application id (AID)',
  '50': 'Application label',
  '57': 'Track 2 equivalent',
  '5A': 'Primary account number',
  '5F20': 'Cardholder name',
  '5F24': 'Expiry (YYMMDD)',
  '5F2A': 'Transaction currency',
  '5F34': 'PAN sequence number',
  '82': 'Application interchange profile',
  '84': 'Dedicated file name',
  '8A': 'Authorization response code',
  '91': 'Issuer authentication data',
  '95': 'Terminal verification results',
  '9A': 'Transaction date (YYMMDD)',
  '9B': 'Transaction status information',
  '9C': 'Transaction type',
  '9F02': 'Amount, authorized',
  '9F03': 'Amount, other',
  '9F09': 'Application version, terminal',
  '9F10': 'Issuer application data',
  '9F1A': 'Terminal country',
  '9F1E': 'Interface device serial number',
  '9F26': 'Application cryptogram',
  '9F27': 'Cryptogram information data',
  '9F33': 'Terminal capabilities',
  '9F34': 'Cardholder verification results',
  '9F35': 'Terminal type',
  '9F36': 'Application transaction counter',
  '9F37': 'Unpredictable number',
  '9F41': 'Transaction sequence counter',
  '9F53': 'Transaction category code',
}
