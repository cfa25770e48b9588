// A black and white PNG of a QR symbol: a grid of modules is little work by itself, and needs no drawing library.
import { crc32, deflateSync } from 'node:zlib'

/** One bit a pixel, and eight pixels a module, so a module of a row is a byte: about 450 across, sharp on a phone and large enough to print. */
const pixelsPerModule = 8
const light = 0xff
const dark = 0x00
const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

export type Modules = {
  readonly size: number
  readonly get: (row: number, column: number) => number | boolean
}

/** ISO/IEC 15948; `margin` in modules. */
export function png(modules: Modules, margin: number): Uint8Array<ArrayBuffer> {
  const width = modules.size + 2 * margin
  const row = (at: number): number[] => {
    const cells = Array<number>(width).fill(light)
    if (at >= 0 && at < modules.size)
      for (let column = 0; column < modules.size; column++)
        if (modules.get(at, column)) cells[margin + column] = dark
    return [0, ...cells] // 0: the row is as it is, not told from the one above
  }
  const rows = Array.from({ length: width }, (_, at) => row(at - margin))
  const pixels = Uint8Array.from(rows.flatMap((cells) => Array(pixelsPerModule).fill(cells)).flat())
  const side = width * pixelsPerModule
  return join([
    signature,
    chunk('IHDR', [...uint32(side), ...uint32(side), 1, 0, 0, 0, 0]),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', []),
  ])
}

/** Its length, its name, what it holds, and a checksum over the latter two. */
function chunk(name: string, bytes: ArrayLike<number>): Uint8Array {
  const named = join([new TextEncoder().encode(name), Uint8Array.from(bytes)])
  return join([Uint8Array.from(uint32(bytes.length)), named, Uint8Array.from(uint32(crc32(named)))])
}

const uint32 = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff)

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
