// The real command, in a real process: what it prints, and the exit code a script would see.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { qrPng, qrSvg, qrTerminal } from '../../src/adapters/qrcode/picture.ts'
import { scan } from '../adapters/zbarimg.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const runsTypeScript = process.versions.node.startsWith('24.')
const node = runsTypeScript ? process.execPath : join(root, 'node_modules', '.bin', 'node')
const folder = mkdtempSync(join(tmpdir(), 'thungan-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs `thungan` with these arguments and this standard input. */
function thungan(args: readonly string[], input = '') {
  const command = [join(root, 'src/adapters/node/cli/thungan.ts'), ...args]
  const { status, stdout, stderr, error } = spawnSync(node, command, { input, encoding: 'utf8' })
  if (error) throw error
  return { status, stdout, stderr }
}

const payload =
  '00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN62340107NPS68690819thanh toan don hang63042E2E'
const misnested =
  '00020101021238570010A00000072701390006970422011301234567890200208QRIBFTTA53037045405500005802VN62160812Test Payment630495B6'
const account = ['--bank-bin', '970403', '--account-number', '0011012345678']
const fields = [
  ...account,
  '--amount',
  '180000',
  '--bill-number',
  'NPS6869',
  '--purpose',
  'thanh toán đơn hàng',
]

describe('qr encode', () => {
  test('prints the payload and nothing else', () => {
    expect(thungan(['qr', 'encode', ...fields])).toEqual({ status: 0, stdout: `${payload}\n`, stderr: '' })
  })

  test('draws it in the terminal', async () => {
    const { stdout } = thungan(['qr', 'encode', ...fields, '--terminal'])
    expect(stdout).toBe(`${payload}\n${await qrTerminal(payload)}`)
  })

  test('draws it into files', async () => {
    const svg = join(folder, 'qr.svg')
    const png = join(folder, 'qr.png')
    expect(thungan(['qr', 'encode', ...fields, '--svg', svg, '--png', png]).status).toBe(0)
    expect(readFileSync(svg, 'utf8')).toBe(await qrSvg(payload))
    expect(new Uint8Array(readFileSync(png))).toEqual(await qrPng(payload))
    expect(scan(readFileSync(png), 'png')).toBe(payload)
  })

  test('takes every field', () => {
    const text = [
      'store-label',
      'reference',
      'customer-label',
      'terminal-label',
      'merchant-name',
      'merchant-city',
    ]
    const options = text.flatMap((name) => [`--${name}`, name])
    const all = ['qr', 'encode', ...account, '--service', 'QRPUSH', '--mcc', '5411', ...options]
    const { stdout } = thungan(['qr', 'decode', thungan(all).stdout.trim(), '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      meaning: {
        method: 'static',
        service: 'QRPUSH',
        mcc: '5411',
        storeLabel: 'store-label',
        reference: 'reference',
        customerLabel: 'customer-label',
        terminalLabel: 'terminal-label',
        merchantName: 'merchant-name',
        merchantCity: 'merchant-city',
      },
      errors: [],
    })
  })

  test.each([
    ['a field that does not fit', [...account, '--amount', '1.5'], /amount is not whole đồng/],
    ['a field that is missing', ['--bank-bin', '970403'], /--account-number/],
    ['a service that is none', [...account, '--service', 'X'], /Allowed choices are QRIBFTTA/],
    ['a file that cannot be written', [...account, '--png', join(folder, 'no', 'qr.png')], /ENOENT/],
  ])('%s is a usage error', (_, args, message) => {
    const { status, stderr } = thungan(['qr', 'encode', ...args])
    expect(status).toBe(2)
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/\n\s+at /) // a sentence, not a stack
  })
})

describe('qr decode', () => {
  test('lays out a valid payload', () => {
    const { status, stdout } = thungan(['qr', 'decode', payload])
    expect(status).toBe(0)
    expect(stdout).toBe(`valid (vietqr)

Meaning
  method         dynamic
  bank           Sacombank
  accountNumber  0011012345678
  service        QRIBFTTA
  amount         180000
  currency       VND
  bankBin        970403
  country        VN
  billNumber     NPS6869
  purpose        thanh toan don hang

Objects
  00        Payload format       01
  01        Point of initiation  12
  38        Merchant account
  38.00     GUID                 A000000727
  38.01     Beneficiary
  38.01.00  Bank BIN             970403
  38.01.01  Account              0011012345678
  38.02     Service code         QRIBFTTA
  53        Currency             704
  54        Amount               180000
  58        Country              VN
  62        Additional data
  62.01     Bill number          NPS6869
  62.08     Purpose              thanh toan don hang
  63        CRC                  2E2E
`)
  })

  test('names the broken rules of an invalid one and exits with 1', () => {
    const { status, stdout } = thungan(['qr', 'decode', misnested])
    expect(status).toBe(1)
    expect(stdout).toMatch(/^invalid \(vietqr\)/)
    expect(stdout).toMatch(/\nWarnings\n {2}MISSING_38\.02_SERVICE_CODE {2}no service code/)
    expect(stdout).toMatch(/\nErrors\n {2}UNEXPECTED_38\.01\.02 {2}object 02 does not belong/)
  })

  test('reads standard input, with or without a line end', () => {
    for (const input of [payload, `${payload}\n`, `${payload}\r\n`])
      expect(thungan(['qr', 'decode', '-'], input).status).toBe(0)
  })

  test('prints JSON', () => {
    const { status, stdout } = thungan(['qr', 'decode', '--json', misnested])
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      profile: 'vietqr',
      meaning: { bankBin: '970422', amount: '50000' },
      errors: [{ rule: 'UNEXPECTED_38.01.02', path: '38.01.02' }],
    })
  })

  test('shows control and bidirectional characters instead of obeying them', () => {
    const hostile = '0008\x1b[2J\u202e\u009b\u{e0041}!'
    expect(thungan(['qr', 'decode', hostile]).stdout).toContain('\\u001b[2J\\u202e\\u009b\\udb40\\udc41!')
    const { stdout } = thungan(['qr', 'decode', '--json', hostile])
    expect(stdout).toMatch(/^[\n\x20-\x7e]+$/)
    expect(JSON.parse(stdout).fields).toEqual([{ id: '00', value: hostile.slice(4) }])
  })
})

describe('thungan', () => {
  test('says its version', () => {
    expect(thungan(['--version'])).toMatchObject({ status: 0, stdout: `${manifest.version}\n` })
  })

  test('explains itself', () => {
    expect(thungan(['--help'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('Usage: thungan'),
    })
  })

  test.each([[[]], [['qr']], [['qr', 'decode']], [['nothing']], [['--nothing']]])(
    'wrong arguments are a usage error: %j',
    (args) => {
      const { status, stdout, stderr } = thungan(args)
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
      expect(stderr).not.toBe('')
    },
  )
})
