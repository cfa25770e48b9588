// CRC-16/CCITT-FALSE, which ends every EMV payload: start 0xFFFF, no reflection, no final XOR.

const polynomial = 0x1021
const table = Uint16Array.from({ length: 256 }, (_, byte) => remainder(byte))
const utf8 = new TextEncoder()

/** The checksum of a text's UTF-8 bytes as four upper-case hex digits. */
export function crc16(text: string): string {
  let crc = 0xffff
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code > 0x7f) return hex(ofBytes(utf8.encode(text)))
    crc = step(crc, code) // an ASCII character is its own byte: nothing is allocated on the usual path
  }
  return hex(crc)
}

function ofBytes(bytes: Uint8Array): number {
  let crc = 0xffff
  for (const byte of bytes) crc = step(crc, byte)
  return crc
}

const step = (crc: number, byte: number): number => ((crc << 8) & 0xffff) ^ table[(crc >> 8) ^ byte]!

function remainder(byte: number): number {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ polynomial : crc << 1
  return crc & 0xffff
}

const hex = (crc: number): string => crc.toString(16).toUpperCase().padStart(4, '0')
