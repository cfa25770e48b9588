// What can be wrong with a message: a closed list of codes. A fault never repeats what the message holds, not
// even a length: read out of place it may be card data.

export const faultCodes = [
  'message_too_long',
  'mti_truncated',
  'mti_not_digits',
  'mti_unknown',
  'bitmap_truncated',
  'bitmap_not_hex',
  'element_unknown',
  'length_not_digits',
  'field_too_long',
  'field_length_wrong',
  'field_overruns',
  'not_digits',
  'not_hex',
  'character_not_allowed',
  'sign_missing',
  'padding_not_zero',
  'trailing_bytes',
  'frame_truncated',
  'frame_too_long',
  'frame_length_wrong',
  'tpdu_malformed',
  'subelement_malformed',
  'tlv_truncated',
  'tlv_length_unsupported',
  'tlv_too_deep',
  'tlv_too_many',
] as const

export type FaultCode = (typeof faultCodes)[number]

export type Fault = {
  readonly ok: false
  readonly code: FaultCode
  /** The element at fault; 0 for the message as a whole, 1 for the bitmaps. */
  readonly de: number
  /** Where it begins, in bytes from the start of the message. */
  readonly offset: number
  readonly detail: string
}

/** A fault before it is known in which element and where. */
export type Broken = { readonly code: FaultCode; readonly detail: string }

export const broken = (code: FaultCode, detail: string): Broken => ({ code, detail })

export const fault = ({ code, detail }: Broken, de: number, offset: number): Fault => ({
  ok: false,
  code,
  de,
  offset,
  detail,
})
