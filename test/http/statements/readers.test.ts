// Bank statements of every format: what is read of a sample, whichever way it is cut into pieces.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { StatementHead, StatementLine } from '../../../src/domain/settlement/bankStatement.ts'
import type { CsvHints } from '../../../src/http/statements/csv.ts'
import { readStatement } from '../../../src/http/statements/readStatement.ts'
import { camt053 } from '../../support/statements.ts'

const sample = (name: string): Buffer =>
  readFileSync(new URL(`../../vectors/statements/${name}`, import.meta.url))

async function* pieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

type Read = { head: StatementHead; lines: StatementLine[] }
async function read(
  bytes: Uint8Array,
  hints: CsvHints = {},
  size = bytes.length,
  charset = 'utf-8',
): Promise<Read> {
  const blocks = readStatement(pieces(bytes, size), charset, hints)
  const lines: StatementLine[] = []
  for (;;) {
    const { done, value } = await blocks.next()
    if (done) return { head: value, lines }
    lines.push(...value)
  }
}

const vnd = (amount: string) => ({ amount, currency: 'VND' })
const day = '2026-11-21'
const words = 'MBVCB.123456.TN7K3MA9QZXW4F2P8R60.CT tu 0987'

describe('what is read', () => {
  test('camt.053', async () => {
    const { head, lines } = await read(sample('camt053.xml'))
    expect(head).toEqual({
      format: 'camt.053',
      accountNumber: '0123456789',
      bank: 'MSCBVNVX',
      currency: 'VND',
      opening: 1_000_000n,
      closing: 1_428_000n,
      from: day,
      to: day,
    })
    const booked = { bookedOn: day, valueOn: day, reversal: false }
    expect(lines).toEqual([
      {
        line: 1,
        direction: 'credit',
        amount: vnd('125000'),
        ...booked,
        bookedAt: '2026-11-21T01:15:30.000Z',
        bankReferences: ['FT26325000001', 'NAPAS0001'],
        text: 'MBVCB.123456.TN7K3MA9QZXW4F 2P8R60.CT tu 0987',
        counterparty: { bank: 'BFTVVNVX', accountNumber: '1900000000001' },
      },
      {
        line: 2,
        direction: 'credit',
        amount: vnd('100000'),
        ...booked,
        valueOn: '2026-11-22',
        bankReferences: ['FT26325000002'],
        text: 'tien hang',
      },
      {
        line: 3,
        direction: 'credit',
        amount: vnd('200000'),
        ...booked,
        valueOn: '2026-11-22',
        bankReferences: ['FT26325000003'],
        text: '<coc> & phi',
      },
      {
        line: 4,
        direction: 'credit',
        amount: vnd('7000'),
        ...booked,
        bankReferences: ['FT26325000005'],
        reversal: true,
        text: 'Hoan phi',
      },
      {
        line: 5,
        direction: 'debit',
        amount: vnd('4000'),
        ...booked,
        bankReferences: [],
        endToEndId: 'crd_7K3MA9QZXW4F2P8R6T7K3MA9QZ-1',
        text: '',
        counterparty: { accountNumber: 'VN00TEST1900' },
      },
    ])
  })

  test('camt.054, with prefixes and CDATA', async () => {
    const { head, lines } = await read(sample('camt054.xml'))
    expect(head).toEqual({
      format: 'camt.054',
      accountNumber: '0123456789',
      currency: 'VND',
      from: day,
      to: day,
    })
    expect(lines).toMatchObject([
      { amount: vnd('99000'), bankReferences: ['FT1'], text: 'TN7K3MA9QZXW4F2P8R60' },
    ])
  })

  test('MT940', async () => {
    const { head, lines } = await read(sample('mt940.sta'))
    expect(head).toEqual({
      format: 'mt940',
      accountNumber: '0123456789',
      bank: 'MSCBVNVX',
      currency: 'VND',
      opening: 1_000_000n,
      closing: 1_114_000n,
      from: day,
      to: day,
    })
    expect(lines).toEqual([
      {
        line: 1,
        direction: 'credit',
        amount: vnd('125000'),
        bookedOn: day,
        valueOn: day,
        bankReferences: ['FT26325000001'],
        reversal: false,
        text: words,
      },
      {
        line: 2,
        direction: 'debit',
        amount: vnd('4000'),
        bookedOn: day,
        valueOn: '2026-11-22',
        bankReferences: ['FT26325000002'],
        endToEndId: 'REF-000001',
        reversal: false,
        text: 'PHI DICH VU THANG 11 phi chuyen',
        counterparty: { bank: '970436', accountNumber: '1900000000001' },
      },
      {
        line: 3,
        direction: 'debit',
        amount: vnd('7000'),
        bookedOn: day,
        valueOn: day,
        bankReferences: [],
        reversal: true,
        text: '',
      },
    ])
  })

  test.each([
    ['/EREF/SET7K3MA20261122VND-1/REMI/Settlement', 'SET7K3MA20261122VND-1'],
    ['?20/EREF/SET7K3MA20261122?21VND-1/REMI/Settlement', 'SET7K3MA20261122VND-1'],
    ['/EREF/NOTPROVIDED/REMI/Settlement', 'SET7K3MA20261122'],
    ['Settlement', 'SET7K3MA20261122'],
  ])('MT940: what the sender calls it, with %s', async (information, endToEndId) => {
    const own = ':61:2611211121C125000,NTRFSET7K3MA20261122//FT1'
    const text = `:20:X\n:25:0123456789\n:60F:C261120VND0,\n${own}\n:86:${information}\n:62F:C261121VND125000,\n-\n`
    expect((await read(Buffer.from(text))).lines).toMatchObject([{ endToEndId, bankReferences: ['FT1'] }])
  })

  test('CSV of Vietcombank: a preamble, totals and balances around the rows', async () => {
    const { head, lines } = await read(sample('vietcombank.csv'))
    expect(head).toEqual({
      format: 'csv',
      accountNumber: '0123456789',
      currency: 'VND',
      opening: 1_000_000n,
      closing: 1_121_700n,
      from: '2026-11-20',
      to: day,
    })
    expect(lines).toMatchObject([
      {
        line: 1,
        direction: 'credit',
        amount: vnd('125000'),
        bookedOn: '2026-11-20',
        bankReferences: ['5213 - 10001'],
        text: `${words}\ntoi 0123456789`,
      },
      {
        line: 2,
        direction: 'debit',
        amount: vnd('3300'),
        bookedOn: day,
        text: 'Thu phi "SMS" thang 11',
      },
    ])
  })

  test('CSV of Techcombank: newest first, balances by row, the account said beside it', async () => {
    const { head, lines } = await read(sample('techcombank.csv'), { accountNumber: '0123456789' })
    expect(head).toMatchObject({ accountNumber: '0123456789', opening: 1_000_000n, closing: 1_144_500n })
    expect(lines).toMatchObject([
      { direction: 'debit', amount: vnd('5500'), bankReferences: ['FT26325999002'] },
      {
        direction: 'credit',
        amount: vnd('150000'),
        valueOn: '2026-11-20',
        bookedOn: day,
        counterparty: { bank: 'VCB', accountNumber: '1900000000001' },
      },
    ])
  })

  test('CSV of BIDV: points between thousands', async () => {
    const { head, lines } = await read(sample('bidv.csv'))
    expect(head).toMatchObject({ accountNumber: '0123456789', opening: 1_000_000n, closing: 2_000_000n })
    expect(lines.map(({ direction, amount }) => [direction, amount.amount])).toEqual([
      ['credit', '1250000'],
      ['debit', '250000'],
    ])
  })

  test('plain CSV: signed amounts, the account in each row', async () => {
    const { head, lines } = await read(sample('plain.csv'))
    expect(head).toEqual({ format: 'csv', accountNumber: '0123456789', currency: 'VND', from: day, to: day })
    expect(lines).toMatchObject([
      { direction: 'credit', amount: vnd('125000'), bankReferences: ['FT1'] },
      { direction: 'debit', amount: vnd('4000'), endToEndId: 'crd_7K3MA9QZXW4F2P8R6T7K3MA9QZ-1' },
    ])
  })
})

test('plain CSV: instants, and debits and credits in columns of their own', async () => {
  const rows = [
    'date,debit,credit,balance,account',
    '2026-11-20T18:00:00Z,,5000,5000,0123456789',
    '2026-11-21,2000,,3000,0123456789',
  ]
  const { head, lines } = await read(Buffer.from(rows.join('\n')))
  expect(head).toMatchObject({ opening: 0n, closing: 3_000n, from: day, to: day })
  expect(lines).toMatchObject([
    { direction: 'credit', bookedOn: day, bookedAt: '2026-11-20T18:00:00.000Z', text: '' },
    { direction: 'debit', amount: vnd('2000'), bookedOn: day },
  ])
})

describe('the days of a statement', () => {
  const mt940 = (lines: string) =>
    `:20:X\n:25:0123456789\n:60F:C261119VND0,\n${lines}:62F:C261122VND${lines === '' ? 0 : 5},\n-\n`
  const period = (from: string, to: string) =>
    camt053([]).replace(/<FrToDt>.*<\/FrToDt>/, `<FrToDt>${from}${to}</FrToDt>`)

  test.each([
    ['MT940: from the first line', mt940(':61:261120C5,NTRFNONREF\n'), '2026-11-20', '2026-11-22'],
    ['MT940: without lines', mt940(''), '2026-11-22', '2026-11-22'],
    [
      'camt: midnight without an offset is the end of a day',
      period('<FrDtTm>2026-11-21T00:00:00</FrDtTm>', '<ToDtTm>2026-11-22T00:00:00</ToDtTm>'),
      day,
      day,
    ],
    [
      'camt: another time of it is that day',
      period('<FrDtTm>2026-11-21T00:00:00</FrDtTm>', '<ToDtTm>2026-11-22T23:59:59</ToDtTm>'),
      day,
      '2026-11-22',
    ],
    [
      'camt: a day is that day',
      period('<FrDt>2026-11-21</FrDt>', '<ToDt>2026-11-22</ToDt>'),
      day,
      '2026-11-22',
    ],
  ])('%s', async (_what, text, from, to) => {
    expect((await read(Buffer.from(text))).head).toMatchObject({ from, to })
  })
})

test.each([
  ['oldest first', [100, 1_100], [50, ''], [-20, 1_130]],
  ['newest first', [-20, 1_130], [50, '-'], [100, 1_100]],
  ['none', [100, ''], [50, ''], [-20, '']],
])('balances of some rows are checked over those without: %s', async (_what, ...rows) => {
  const text = ['accountNumber,date,amount,balance', ...rows.map((row) => `1,2026-11-21,${row}`)].join('\n')
  const { head, lines } = await read(Buffer.from(text))
  expect(lines).toHaveLength(3)
  expect(head).not.toHaveProperty('opening')
})

test.each(['camt053.xml', 'camt054.xml', 'mt940.sta', 'vietcombank.csv', 'bidv.csv', 'plain.csv'])(
  '%s reads the same in pieces of any size',
  async (name) => {
    const bytes = sample(name)
    const whole = await read(bytes)
    for (const size of [1, 7, 64, 1_000]) expect(await read(bytes, {}, size)).toEqual(whole)
  },
)

test('a file in windows-1258 reads as it does in UTF-8', async () => {
  const heading = 'date,amount,text,accountNumber\n2026-11-21,5000,\xf0\xfdng,0123456789\n'
  const { lines } = await read(Buffer.from(heading, 'latin1'), {}, 1_000, 'windows-1258')
  expect(lines[0]?.text).toBe('đưng')
})

describe('several statements in one file', () => {
  const statementOf = (day: string, opening: bigint, closing: bigint) =>
    camt053([{ amount: (closing - opening).toString(), bookedOn: day }], { opening, closing, from: day })
  const joined = (first: string, second: string): string =>
    first.replace('</Stmt>', () => `</Stmt>${/<Stmt>.*<\/Stmt>/s.exec(second)![0]}`)

  test('are one, from the first opening to the last closing', async () => {
    const file = joined(statementOf('2026-11-20', 5n, 9n), statementOf(day, 9n, 10n))
    const { head, lines } = await read(Buffer.from(file))
    expect(head).toMatchObject({ opening: 5n, closing: 10n, from: '2026-11-20', to: day })
    expect(lines.map(({ line }) => line)).toEqual([1, 2])
  })

  test('also in MT940', async () => {
    const one = sample('mt940.sta').toString()
    const next = one
      .replace('C261121VND1000000,', 'C261121VND1114000,')
      .replaceAll('C261121VND1114000,', (found, at) =>
        at > one.indexOf(':62F:') ? 'C261121VND1228000,' : found,
      )
    const { head, lines } = await read(Buffer.from(one + next))
    expect(head).toMatchObject({ opening: 1_000_000n, closing: 1_228_000n })
    expect(lines).toHaveLength(6)
  })

  test.each([
    ['a gap between them', statementOf(day, 8n, 10n), 'statement_balance_differs'],
    [
      'another account',
      statementOf(day, 9n, 10n).replace('0123456789', '0123456780'),
      'statement_account_differs',
    ],
    ['another currency', statementOf(day, 9n, 10n).replaceAll('VND', 'USD'), 'statement_currency_differs'],
  ])('%s is refused', async (_what, second, code) => {
    const file = joined(statementOf('2026-11-20', 5n, 9n), second)
    await expect(read(Buffer.from(file))).rejects.toMatchObject({ code })
  })
})

describe('what is refused', () => {
  const refusal = async (text: string, hints: CsvHints = {}) =>
    read(Buffer.from(text), hints).then(
      () => 'read',
      (problem) => `${problem.code} ${problem.extra?.errors?.[0]?.pointer}`,
    )
  const camt = sample('camt053.xml').toString()
  const mt940 = sample('mt940.sta').toString()
  const bomb = `<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>`
  const external = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
  const withDoctype = (doctype: string) => camt.replace('<Document', `${doctype}<Document`)
  const big = `<!DOCTYPE d [${'<!ENTITY a "aaaaaaaaaa">'.repeat(10_000)}]>`

  test.each([
    ['a bomb of entities', withDoctype(bomb), 'statement_dtd_refused '],
    ['an external entity', withDoctype(external), 'statement_dtd_refused '],
    ['a document type too long to keep', withDoctype(big), 'statement_dtd_refused '],
    ['an entity of no document type', camt.replace('tien hang', '&xxe;'), 'statement_dtd_refused '],
    ['XML that ends early', camt.slice(0, -40), 'statement_unreadable '],
    ['tags that do not match', camt.replace('</Ntry>', '</Ntri>'), 'statement_unreadable '],
    ['XML of another kind', camt.replace('camt.053', 'pain.001'), 'statement_unreadable '],
    ['deep nesting', camt.replace('tien hang', `${'<a>'.repeat(60)}`), 'statement_unreadable '],
    ['another encoding', camt.replace('UTF-8', 'UTF-16'), 'statement_unreadable '],
    ['a long text', camt.replace('tien hang', 'x'.repeat(5_000)), 'statement_unreadable '],
    [
      'texts that are too long together',
      camt.replace('<Ustrd>tien hang</Ustrd>', `<Ustrd>${'x'.repeat(4_000)}</Ustrd>`.repeat(5)),
      'statement_unreadable ',
    ],
    [
      'an entry that says too much',
      camt.replace(
        '<Ustrd>tien hang</Ustrd>',
        Array.from({ length: 4_500 }, (_, at) => `<A${at}>${'x'.repeat(4_000)}</A${at}>`).join(''),
      ),
      'statement_unreadable ',
    ],
    ['a wrong balance', camt.replace('1428000.00', '1428001.00'), 'statement_balance_differs /closing'],
    [
      'two currencies',
      camt.replace('<Amt Ccy="VND">300000', '<Amt Ccy="USD">300000'),
      'statement_currency_differs /lines/2',
    ],
    ['an amount that is none', camt.replace('>125000<', '>125.000,00<'), 'statement_unreadable /Ntry/1'],
    ['parts of a đồng', camt.replace('>125000<', '>125000.50<'), 'statement_unreadable /Ntry/1'],
    ['no account', camt.replace('0123456789</Id>', '</Id>'), 'statement_unreadable /account'],
    [
      'MT940 with a wrong balance',
      mt940.replace('VND1114000,', 'VND1114001,'),
      'statement_balance_differs /closing',
    ],
    ['MT940 that ends early', mt940.slice(0, mt940.indexOf(':62F:')), 'statement_unreadable '],
    [
      'MT940 with a broken line',
      mt940.replace(':61:2611211121C', ':61:26112X1121C'),
      'statement_unreadable ',
    ],
    ['a CSV of no bank', 'a,b,c\n1,2,3\n', 'statement_unreadable '],
    ['an empty file', '   \n', 'statement_unreadable '],
    ['a CSV without its account', sample('techcombank.csv').toString(), 'statement_unreadable /account'],
    [
      'a CSV that lacks a row',
      sample('bidv.csv')
        .toString()
        .replace('1.250.000,00;2.250', '1.250.001,00;2.250')
        .replace('250.000;;2.000.000', '250.001;;2.000.000'),
      'statement_balance_differs /balance',
    ],
    [
      'a CSV that lacks a row beside an empty balance',
      'accountNumber,date,amount,balance\n1,2026-11-21,100,1100\n1,2026-11-21,100,\n1,2026-11-21,100,1400\n',
      'statement_balance_differs /balance',
    ],
    [
      'a CSV that lacks a row, before an empty balance',
      'accountNumber,date,amount,balance\n1,2026-11-21,100,1100\n1,2026-11-21,100,9999\n1,2026-11-21,100,\n',
      'statement_balance_differs /balance',
    ],
    [
      'a CSV whose balances go up and then down',
      'accountNumber,date,amount,balance\n1,2026-11-21,1,11\n1,2026-11-21,2,13\n1,2026-11-21,3,11\n',
      'statement_balance_differs /balance',
    ],
    [
      'a CSV with a balance that is none',
      'accountNumber,date,amount,balance\n1,2026-11-21,100,1.1.0\n',
      'statement_unreadable /lines/2',
    ],
    [
      'a CSV with an opening balance that is none',
      sample('vietcombank.csv').toString().replace('"1,000,000"', '"10,00,000"'),
      'statement_unreadable /opening',
    ],
    [
      'a CSV with a day that is none',
      sample('plain.csv').toString().replace('2026-11-21,2026-11-22', '2026-13-21,2026-11-22'),
      'statement_unreadable /lines/3',
    ],
    [
      'a CSV of two accounts',
      sample('plain.csv')
        .toString()
        .replace('0123456789,2026-11-21,2026-11-22', '0123456780,2026-11-21,2026-11-22'),
      'statement_account_differs /lines/3',
    ],
    ['a CSV with an open quote', `${sample('plain.csv')}"`, 'statement_unreadable '],
    ['bytes that are no text', 'date,amount,text\n2026-11-21,1,\ufffd', 'statement_unreadable /account'],
  ])('%s', async (_what, text, expected) => {
    expect(await refusal(text)).toBe(expected)
  })
})
