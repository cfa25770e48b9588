// The pictures are what a phone will see: each kind is read back by an independent decoder.
import { describe, expect, test } from 'vitest'
import { qrPng, qrSvg, qrTerminal } from '../../src/adapters/qrcode/picture.ts'
import { writeVietQr } from '../../src/domain/qr/writeVietQr.ts'
import { scan } from './zbarimg.ts'

const account = { bankBin: '970422', accountNumber: '0123456789' }
const small = writeVietQr(account)
const large = writeVietQr({
  ...account,
  amount: '9999999999999',
  purpose: 'TN7K3MA9QZXW4F2ABCDE',
  billNumber: 'B'.repeat(25),
  reference: 'R'.repeat(25),
  merchantName: 'N'.repeat(25),
  merchantCity: 'C'.repeat(15),
})
const marked = 'đồng 北京 😀' // not ours, but a payload may be anyone's

const payloads = [
  ['a small payload', small],
  ['a large one', large],
  ['one beyond ASCII', marked],
] as const

type Modules = readonly (readonly boolean[])[]

/** A PBM picture, 8 pixels a module. */
function bitmap(modules: Modules): Uint8Array {
  const wide = modules.map((row) => row.flatMap((dark) => Array<string>(8).fill(dark ? '1' : '0')).join(' '))
  const lines = wide.flatMap((line) => Array<string>(8).fill(line))
  return new TextEncoder().encode(`P1\n${modules[0]!.length * 8} ${lines.length}\n${lines.join('\n')}\n`)
}

/** Paints an SVG of one stroked path of `M`, `m` and `h`, one unit a module, as this library writes it. */
function paint(svg: string): Modules {
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)![1])
  const modules = Array.from({ length: size }, () => Array<boolean>(size).fill(false))
  const path = /<path stroke="#000000" d="([^"]+)"\/>/.exec(svg)![1]!
  expect(path).toMatch(/^(M\d+ \d+\.5|m\d+ 0|h\d+)+$/)
  let column = 0
  let row = 0
  for (const [, command, x, y] of path.matchAll(/([Mmh])(\d+)(?: ([\d.]+))?/g)) {
    if (command === 'M') row = Math.floor(Number(y))
    if (command === 'h') modules[row]!.fill(true, column, column + Number(x))
    column = command === 'M' ? Number(x) : column + Number(x)
  }
  return modules
}

/** The modules behind lines of half blocks. */
const unblock = (text: string): Modules =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => [...line.replace('\x1b[30;107m', '').replace('\x1b[0m', '')])
    .flatMap((line) => [
      line.map((block) => block === '█' || block === '▀'),
      line.map((block) => block === '█' || block === '▄'),
    ])

describe.each(payloads)('%s', (_, payload) => {
  test('is scanned from the PNG', async () => {
    expect(scan(await qrPng(payload), 'png')).toBe(payload)
  })

  test('is scanned from the SVG', async () => {
    expect(scan(bitmap(paint(await qrSvg(payload))), 'pbm')).toBe(payload)
  })

  test('is scanned from the terminal', async () => {
    expect(scan(bitmap(unblock(await qrTerminal(payload))), 'pbm')).toBe(payload)
  })

  test('has four modules of quiet zone on every side', async () => {
    const modules = paint(await qrSvg(payload))
    const rows = modules.flatMap((row, at) => (row.includes(true) ? [at] : []))
    const columns = modules.flatMap((row) => row.flatMap((dark, at) => (dark ? [at] : [])))
    const last = modules.length - 5
    expect([Math.min(...rows), Math.max(...rows)]).toEqual([4, last])
    expect([Math.min(...columns), Math.max(...columns)]).toEqual([4, last])
  })
})

test('a screen reader is told what the SVG is', async () => {
  expect(await qrSvg(small)).toMatch(/^<svg role="img" [^>]*><title>[^<]+<\/title>/)
})

test('nothing of the payload stands in the SVG as text', async () => {
  expect(await qrSvg('<script>alert(1)</script>')).not.toContain('script')
})

test('the same payload is drawn once', async () => {
  expect(await qrPng(small)).toBe(await qrPng(small))
})

test.each([qrSvg, qrPng, qrTerminal])('what no symbol can hold is rejected', async (draw) => {
  await expect(draw('x'.repeat(3000))).rejects.toThrow(/too big/)
})
