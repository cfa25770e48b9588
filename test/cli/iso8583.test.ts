// `thungan iso8583`: what it shows of a message, what it hides, and the exit code a script would see.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, CommanderError } from 'commander'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { wrap } from '../../src/adapters/iso8583/envelope.ts'
import { addIso8583Commands } from '../../src/adapters/node/cli/iso8583.ts'
import { node } from '../support/node.ts'
import file from '../vectors/iso8583-vectors.json' with { type: 'json' }

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Runs the command in a process of its own, with this standard input. */
function thungan(args: readonly string[], input = '') {
  const command = [join(root, 'src/adapters/node/cli/thungan.ts'), 'iso8583', ...args]
  const { status, stdout, stderr, error } = spawnSync(node, command, { input, encoding: 'utf8' })
  if (error) throw error
  return { status, stdout, stderr }
}

afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = undefined
})

/** Runs the command in this process, which is many times as fast. */
async function iso8583(...args: readonly string[]) {
  const said = { stdout: '', stderr: '' }
  const say = (stream: keyof typeof said) => (text: string) => {
    said[stream] += text.endsWith('\n') ? text : `${text}\n`
  }
  vi.spyOn(console, 'log').mockImplementation(say('stdout'))
  vi.spyOn(console, 'error').mockImplementation(say('stderr'))
  const program = new Command().exitOverride().configureOutput({ writeErr: say('stderr') })
  addIso8583Commands(program)
  process.exitCode = 0
  try {
    await program.parseAsync(['iso8583', ...args], { from: 'user' })
    return { status: process.exitCode, ...said }
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return { status: 2, ...said }
  }
}

const sale = file.constructed.find(({ id }) => id === 'vnd-0200-sale')!.ascii
const chip = file.sanitised.find(({ id }) => id === 'bcd-0200-chip')!.hex
const pan = '5555555555554444'
const bcd = ['--profile', 'bcd87']

describe('decode', () => {
  test('lays out a message', async () => {
    const { status, stdout } = await iso8583('decode', sale)
    expect(status).toBe(0)
    expect(stdout).toBe(
      `valid (ascii87)

Message
  type      0200 financial request (acquirer)
  bitmap 1  723C448008C08000

Elements
  2   Primary account number                        555555******4444
  3   Processing code                               000000
        type                                        00
        meaning                                     sale
        fromAccount                                 00
        toAccount                                   00
  4   Amount, transaction                           000000150000
  7   Transmission date and time (UTC, MMDDhhmmss)  0301091500
  11  Systems trace audit number                    000101
  12  Time, local (hhmmss)                          161500
  13  Date, local (MMDD)                            0301
  14  Expiry (YYMM)                                 2912
  18  Merchant type (MCC)                           5411
  22  POS entry mode                                051
        mode                                        05
        meaning                                     chip
        pin                                         possible
  25  POS condition code                            00
  37  Retrieval reference number                    606009000101
  41  Terminal id                                   HN000001
  42  Card acceptor id                              HANOIMART000001
  49  Currency code                                 704
        currency                                    VND
`,
    )
  })

  test('takes text, hex with white space, standard input, and a frame with its TPDU', async () => {
    const hex = Buffer.from(sale, 'latin1').toString('hex')
    const framed = wrap(Buffer.from(chip, 'hex'), '6000030000', { length: 'exclusive' })
    const spaced = Buffer.from(framed)
      .toString('hex')
      .replaceAll(/(.{2})/g, '$1 ')
      .replace(/(.{60})/, '$1\n')
    expect((await iso8583('decode', hex)).stdout).toBe((await iso8583('decode', sale)).stdout)
    expect(thungan(['decode', '-'], `${sale}\r\n`).status).toBe(0)
    expect((await iso8583('decode', ...bcd, chip.toUpperCase())).status).toBe(0)
    expect(thungan(['decode', ...bcd, '--framed', '-'], spaced)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('TPDU      6000030000'),
    })
  })

  test('prints JSON with names, places and parts', async () => {
    const { stdout } = await iso8583('decode', '--json', ...bcd, chip)
    expect(JSON.parse(stdout)).toMatchObject({
      valid: true,
      profile: 'bcd87',
      mti: '0200',
      meaning: 'financial request (acquirer)',
      bitmaps: ['3020058020C00204'],
      fields: {
        22: { name: 'POS entry mode', value: '052', offset: 22, bytes: 2 },
        55: {
          value: 'hidden',
          parts: expect.arrayContaining([{ name: '9F02 Amount, authorized', value: '6 bytes' }]),
        },
        62: { value: '000007' },
      },
    })
  })

  test('hides card data unless it is asked for', async () => {
    for (const args of [[sale], [...bcd, chip]])
      for (const form of [[], ['--json']]) {
        const { stdout } = await iso8583('decode', ...form, ...args)
        expect(stdout).toContain('555555******4444')
        expect(stdout).not.toMatch(/5555{4}|2201|675CD6A91DC7298A/)
      }
    expect((await iso8583('decode', '--show-card-data', sale)).stdout).toContain(pan)
    const { stdout } = await iso8583('decode', '--show-card-data', '--json', ...bcd, chip)
    expect(JSON.parse(stdout).fields[35].value).toBe(`${pan}D2912201000000000`)
  })

  test('hides a card number that stands where none belongs', async () => {
    const misplaced = `0200${'0'.padEnd(10, '0')}200000${`to ${pan} now`.padEnd(40)}`
    expect((await iso8583('decode', misplaced)).stdout).toContain('to 555555******4444 now')
    const slid = `02000000000000000800${pan}!` // a bitmap that is wrong: it lies where DE53 should
    expect((await iso8583('decode', slid)).stdout).toContain('555555******4444')
    const packed = `020000000000000000100008${pan}`
    expect((await iso8583('decode', ...bcd, packed)).stdout).toMatch(/60 {2}Private {2}hidden/)
  })

  test('names what is wrong and where, and exits with 1', async () => {
    const { status, stdout } = await iso8583('decode', sale.replace('000000150000', '00000015000O'), '--json')
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      valid: false,
      fields: { 3: { value: '000000' } },
      error: { code: 'not_digits', de: 4, offset: 44 },
    })
    const frame = await iso8583('decode', ...bcd, '--framed', '0005600003')
    expect(frame).toMatchObject({ status: 1, stdout: expect.stringContaining('frame_length_wrong') })
  })

  test('names elements that the list does not have', async () => {
    const listed = ['decode', sale, '--expect', '2,3,4,7,11,12,13,14,22,25,37,41,42,49']
    const { status, stdout } = await iso8583(...listed)
    expect(status).toBe(1)
    expect(stdout).toContain('Not expected\n  18  Merchant type (MCC)\n')
    expect((await iso8583(...listed.slice(0, -1), `${listed.at(-1)},18`)).status).toBe(0)
  })

  test('shows control characters instead of obeying them', async () => {
    const hostile = `0800${'0000000000000010'}006\x1b[2J\n!`
    const { status, stdout } = await iso8583('decode', hostile)
    expect(status).toBe(0)
    expect(stdout).toContain('\\u001b[2J\\u000a!')
  })
})

describe('encode', () => {
  const echo = { mti: '0800', fields: { 7: '0301160100', 11: '000901', 70: '301' } }

  test('prints hex, also in a frame', async () => {
    const hex = '08008220000000000000040000000000000003011601000009010301'
    expect(await iso8583('encode', ...bcd, JSON.stringify(echo))).toEqual({
      status: 0,
      stdout: `${hex}\n`,
      stderr: '',
    })
    const framed = ['encode', ...bcd, '--framed', '--tpdu', '6000030000', '-']
    expect(thungan(framed, JSON.stringify(echo)).stdout).toBe(`00216000030000${hex}\n`)
  })

  test('takes back what decode prints', async () => {
    const { stdout } = await iso8583('decode', '--json', '--show-card-data', ...bcd, chip)
    expect(
      thungan(['encode', ...bcd, '-'], stdout)
        .stdout.trim()
        .toLowerCase(),
    ).toBe(chip)
    const masked = (await iso8583('decode', '--json', ...bcd, chip)).stdout
    expect((await iso8583('encode', ...bcd, masked)).status).toBe(1)
  })

  test('a message that cannot be is named, without its values', async () => {
    const wrong = { mti: '0200', fields: { 2: `${pan}0000` } }
    const { status, stdout, stderr } = await iso8583('encode', JSON.stringify(wrong))
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toBe('error: field_too_long in element 2 at byte 20: longer than the 19 that fit\n')
  })
})

test.each([
  ['no message', ['decode']],
  ['a profile that is none', ['decode', '--profile', 'ebcdic', sale]],
  ['hex that is none', ['decode', ...bcd, 'xyz']],
  ['half a byte', ['decode', ...bcd, '080']],
  ['a list that is none', ['decode', '--expect', 'all', sale]],
  ['JSON that is none', ['encode', '{']],
  ['an element that is none', ['encode', '{"mti":"0800","fields":{"a":"1"}}']],
  ['a value that is no text', ['encode', '{"mti":"0800","fields":{"11":1}}']],
  ['a TPDU that is none', ['encode', ...bcd, '--framed', '--tpdu', '61', '{"mti":"0800","fields":{}}']],
])('%s is a usage error', async (_, args) => {
  const { status, stdout, stderr } = await iso8583(...args)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(/^error: /)
  expect(stderr).not.toMatch(/\n\s+at /)
})
