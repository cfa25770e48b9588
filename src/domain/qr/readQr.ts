// Reads any EMV merchant-presented payload: what it says, and which rules it breaks.
import { checkEmv } from './emvRules.ts'
import { broken, type Issue, isTolerated } from './issue.ts'
import { type Meaning, meaningOf } from './meaning.ts'
import { type Profile, recognize } from './profile.ts'
import { openTemplates } from './templates.ts'
import { countCharacters, type Field, readFields } from './tlv.ts'
import { checkVietQr, optionalObjects } from './vietQrRules.ts'

export type QrReading = {
  readonly profile: Profile
  /** In the order written, templates opened: `writeFields` gives the payload back. */
  readonly fields: readonly Field[]
  readonly meaning: Meaning
  /** Departures that change neither who is paid nor how much. */
  readonly warnings: readonly Issue[]
  /** Reasons not to pay. */
  readonly errors: readonly Issue[]
}

/** Characters, from EMVCo. Longer text is not looked at, so reading takes bounded time. */
export const payloadMax = 512

/** Reads a payload. Never throws, whatever the text: a payload is payable when `errors` is empty. */
export function readQr(payload: string): QrReading {
  const refusal = refuse(payload)
  if (refusal) return unreadable([], refusal)
  const { fields: root, fault } = readFields(payload)
  if (fault) return unreadable(root, broken('TLV_MALFORMED', fault.id, fault.message))

  const { fields, issues } = openTemplates(root)
  const { profile } = recognize(fields)
  const isVietQr = profile === 'vietqr'
  const found = [
    ...issues,
    ...checkEmv(payload, fields, isVietQr ? optionalObjects(fields) : []),
    ...(isVietQr ? checkVietQr(fields) : []),
  ]
  return {
    profile,
    fields,
    meaning: meaningOf(fields),
    warnings: found.filter((issue) => isTolerated(issue, profile)),
    errors: found.filter((issue) => !isTolerated(issue, profile)),
  }
}

function refuse(payload: string): Issue | undefined {
  if (payload === '') return broken('EMPTY', '', 'there is no text')
  // Code units first: a text that is far too long is not even counted.
  if (payload.length > 2 * payloadMax || countCharacters(payload) > payloadMax)
    return broken('TOO_LONG', '', `more than ${payloadMax} characters`)
  if (!payload.isWellFormed())
    return broken('NOT_UNICODE', '', 'half a surrogate pair: it has no UTF-8 bytes and no CRC')
  return undefined
}

const unreadable = (fields: readonly Field[], error: Issue): QrReading => ({
  profile: 'unknown',
  fields,
  meaning: {},
  warnings: [],
  errors: [error],
})
