// A received message in the three forms that elements are cut from: bytes, one character a byte, and hex where it is asked for.

export type Source = {
  readonly bytes: Uint8Array
  /** Latin-1: character n is byte n. Cut once from the whole, because slices of a string cost next to nothing. */
  readonly text: string
  hex: string | undefined
}

export function sourceOf(bytes: Uint8Array): Source {
  return { bytes, text: bufferOf(bytes).toString('latin1'), hex: undefined }
}

/** Capitals; made at the first need, since messages of text seldom have one. */
export function hexOf(source: Source): string {
  source.hex ??= toHex(source.bytes)
  return source.hex
}

export const toHex = (bytes: Uint8Array): string => bufferOf(bytes).toString('hex').toUpperCase()

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)
