// Draws a payload as a QR symbol, for pages, printers and terminals; the only place that knows `qrcode`.
import { LRUCache } from 'lru-cache'
import { create, type QRCodeSegment, toString as toText } from 'qrcode'
import { png } from './png.ts'

/*
 * For phone cameras. Level M restores 15 % of the symbol: enough for glare and a scratched counter card.
 * L breaks sooner; Q and H add modules, which makes each one smaller at arm's length. Four modules of quiet
 * zone is what ISO/IEC 18004 asks for: without it a code on a dark till is easily missed.
 */
const look = { errorCorrectionLevel: 'M', margin: 4 } as const

const title = 'Mã QR thanh toán / Payment QR code'

/** A checkout page asks for the picture of one payment a few times within its minutes of life. */
const kept = 500
const svgs = new LRUCache<string, string>({ max: kept })
const pngs = new LRUCache<string, Uint8Array<ArrayBuffer>>({ max: kept })

/** An SVG that fills what holds it, named for screen readers. Rejects when the payload cannot fit. */
export async function qrSvg(payload: string): Promise<string> {
  const known = svgs.get(payload)
  if (known) return known
  const svg = await toText(segments(payload), { ...look, type: 'svg' })
  const named = svg.replace(/<svg ([^>]*)>/, `<svg role="img" $1><title>${title}</title>`)
  svgs.set(payload, named)
  return named
}

/** A PNG file, shared with other callers: not to be written to. Rejects when the payload cannot fit. */
export async function qrPng(payload: string): Promise<Uint8Array<ArrayBuffer>> {
  const known = pngs.get(payload)
  if (known) return known
  const drawn = png(create(segments(payload), look).modules, look.margin)
  pngs.set(payload, drawn)
  return drawn
}

/** Lines of half blocks, two rows of modules a line, black on white whatever the terminal's own colors. */
export async function qrTerminal(payload: string): Promise<string> {
  const { modules } = create(segments(payload), look)
  const isDark = (row: number, column: number): boolean =>
    [row, column].every((at) => at >= 0 && at < modules.size) && modules.get(row, column) === 1
  const end = modules.size + look.margin
  let lines = ''
  for (let row = -look.margin; row < end; row += 2) {
    lines += blackOnWhite
    for (let column = -look.margin; column < end; column++)
      lines += halfBlock(isDark(row, column), isDark(row + 1, column))
    lines += `${resetColors}\n`
  }
  return lines
}

const blackOnWhite = '\x1b[30;107m'
const resetColors = '\x1b[0m'

const halfBlock = (upper: boolean, lower: boolean): string =>
  upper ? (lower ? '█' : '▀') : lower ? '▄' : ' '

/** One segment in byte mode, as EMVCo has it; left alone, the library would mix modes. */
const segments = (payload: string): QRCodeSegment[] => [
  { data: new TextEncoder().encode(payload), mode: 'byte' },
]
