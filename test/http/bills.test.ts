// POST /v1/bills: files as billers have them, good and odd; what each row does, that twice is once, and who a customer is stays sealed.
import { createHash } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { StoreBusy } from '../../src/domain/core/eventStore.ts'
import { billFile, billRow, openBiller, uploadBills } from '../support/billers.ts'
import { eventually, openShop, openTestGateway } from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

const gateway = await openTestGateway()
afterAll(() => gateway.stop())
let key: string
let billerId: string
beforeEach(async () => {
  ;({ key, billerId } = await openBiller(gateway)) // bills are of a biller: each test has its own
})

const send = (body: string | Uint8Array, headers = {}) => uploadBills(gateway, key, body, headers)
const sendJson = (body: unknown) => send(JSON.stringify(body), { 'content-type': 'application/json' })
const counts = async (answer: ReturnType<typeof send>) => {
  const { status, body } = await answer
  return [status, body.accepted, body.unchanged, body.rejectedCount]
}
const faultOf = async (row: string) => {
  const { body } = await send(billFile(row))
  expect([body.accepted, body.rejectedCount]).toEqual([0, 1])
  return body.rejected[0]
}
const events = async () =>
  (await gateway.store.readAll('', 100_000)).filter(({ stream, data }) => {
    return stream.startsWith('bill-') && (data as { billerId?: string }).billerId === billerId
  })
const types = async () => (await gateway.store.readAll('', 100_000)).map(({ type }) => type)
const bill = {
  billNumber: 'A1',
  customerCode: 'PD13000123456',
  amount: '1000',
  issuedOn: '2026-11-05',
  dueOn: '2026-11-12',
}
const two = billFile(billRow('A1', '1000'), billRow('A2', '2000'))

describe('a file', () => {
  test('is taken with its control totals, and the same file again changes nothing', async () => {
    const first = await send(two)
    expect(first.status).toBe(200)
    expect(first.body).toEqual({
      uploadId: expect.stringMatching(/^upl_/),
      accepted: 2,
      unchanged: 0,
      rejectedCount: 0,
      rejected: [],
      controlTotals: { count: 2, sum: '3000', hash: createHash('sha256').update(two).digest('hex') },
    })
    const head = await gateway.store.head()
    expect(await counts(send(two))).toEqual([200, 0, 2, 0])
    expect(await gateway.store.head()).toBe(head)
  })

  test('that was corrected changes only its differences', async () => {
    await send(two)
    const before = (await events()).length
    expect(await counts(send(billFile(billRow('A1', '1000'), billRow('A2', '2500'))))).toEqual([200, 1, 1, 0])
    expect((await events()).slice(before).map(({ type }) => type)).toEqual(['BillReissued'])
  })

  test('from two connections at once is one file', async () => {
    const named = ['billNumber,customerCode,amount,issuedOn,dueOn,customerName']
    for (let at = 0; at < 50; at++) named.push(`${billRow(`B${at}`, '1000')},Nguyễn Văn A`)
    const [one, other] = await Promise.all([send(named.join('\n')), send(named.join('\n'))])
    expect(one.body.accepted + other.body.accepted).toBe(50)
    expect(one.body.unchanged + other.body.unchanged).toBe(50)
    expect((await events()).map(({ type }) => type)).toEqual(Array(50).fill('BillIssued'))
  })

  test('of one biller does not touch the bills of another', async () => {
    await send(two)
    const other = await openBiller(gateway)
    const { body } = await uploadBills(
      gateway,
      other.key,
      billFile('A1,PD13000123456,5,2026-11-05,2026-11-12'),
    )
    expect(body.accepted).toBe(1)
    expect(await counts(send(two))).toEqual([200, 0, 2, 0])
  })

  test('of a shop, or of a biller without rules, is refused', async () => {
    const shop = await openShop(gateway)
    expectRefused(await uploadBills(gateway, shop.key, two), 'not_a_biller')
  })
})

describe('the same rows come as', () => {
  const vietnamese = Buffer.from(`${billFile(billRow('A1', '1000')).replace('dueOn', 'dueOn,customerName')},`)
  const named = 'billNumber;customerCode;amount;issuedOn;dueOn;customerName'
  const row = 'A1;"PD13 000 123 456";1000;05/11/2026;12.11.2026;"Nguy\u1ec5n ""T\u00fd""; \u0110\u00e0o"'
  test.each([
    ['commas', billFile(billRow('A1', '1000'))],
    ['a byte order mark', `\ufeff${billFile(billRow('A1', '1000'))}`],
    ['CRLF, semicolons, quotes and Vietnamese dates', `${named}\r\n${row}\r\n`],
    [
      'columns in other words and another order',
      'Due On,amount,bill_number,ISSUED-ON,customercode\n2026-11-12,1000,A1,2026-11-05,pd13000123456',
    ],
    ['bytes with an empty cell', vietnamese],
    ['a trailer', `${billFile(billRow('A1', '1000'))}\nTOTAL,1,1000\n`],
  ])('CSV with %s', async (_what, file) => {
    expect(await counts(send(file))).toEqual([200, 1, 0, 0])
    const [issued] = await events()
    expect(issued!.data).toMatchObject({ ...bill, amount: { amount: '1000', currency: 'VND' }, billerId })
  })

  test('JSON, and JSON line by line', async () => {
    expect(await counts(sendJson([bill, { ...bill, billNumber: 'A2', status: 'open' }]))).toEqual([
      200, 2, 0, 0,
    ])
    const lines = `${JSON.stringify(bill)}\n\n${JSON.stringify({ count: 1, sum: '1000' })}`
    const ndjson = { 'content-type': 'application/x-ndjson' }
    expect(await counts(send(lines, ndjson))).toEqual([200, 0, 1, 0])
    expect(await counts(sendJson([]))).toEqual([200, 0, 0, 0])
  })

  test.each([
    ['a list called bills', '{"bills":[ROWS]}', [200, 2, 0, 0]],
    ['such a list with spaces', ' { "bills" : [ ROWS ] } \n', [200, 2, 0, 0]],
    ['such a list with totals in it', '{"bills":[ROWS,{"count":2,"sum":"2000"}]}', [200, 2, 0, 0]],
    ['an empty list called bills', '{"bills":[]}', [200, 0, 0, 0]],
  ])('JSON: %s', async (_what, body, expected) => {
    const rows = [bill, { ...bill, billNumber: 'A2', currency: 'VND' }]
    const text = body.replace('ROWS', rows.map((row) => JSON.stringify(row)).join(','))
    expect(await counts(send(text, { 'content-type': 'application/json' }))).toEqual(expected)
  })

  test('windows-1258, and a name is the one that it was', async () => {
    const head = Buffer.from('billNumber,customerCode,amount,issuedOn,dueOn,customerName\n')
    const name = Buffer.from([0x4e, 0x67, 0x75, 0x79, 0xea, 0xde, 0x6e]) // Nguyễn: ê and a tilde that combines
    const file = Buffer.concat([head, Buffer.from(`${billRow('A1', '1000')},`), name])
    expect(await counts(send(file, { 'content-type': 'text/csv; charset=windows-1258' }))).toEqual([
      200, 1, 0, 0,
    ])
    const [issued] = await events()
    const sealed = (issued!.data as unknown as { customer: string }).customer
    expect(JSON.parse(gateway.services.vault.open(sealed)!)).toEqual({ name: 'Nguyễn' })
    expectRefused(await send(file), 'validation_failed', '')
    expectRefused(await send(file, { 'content-type': 'text/csv; charset=utf-16' }), 'unsupported_media_type')
  })
})

describe('a row is refused, with the cure', () => {
  const other = (changes: object) => Object.values({ ...bill, ...changes }).join(',')
  test.each([
    ['an amount with points', '1.250.000', 'Write 1250000:'],
    ['an amount with a currency', '1250000đ', 'Write 1250000:'],
    ['a short amount with points', '1.000', 'Write 1000:'],
    ['a float', '1250.5', 'Đồng in digits only'],
    ['a mix of points and spaces', '1.250 000', 'Đồng in digits only'],
    ['nothing to pay', '0', 'Đồng in digits only'],
    ['a negative amount', '-5', 'Đồng in digits only'],
    ['a formula', '=1+1', 'Đồng in digits only'],
    ['sixteen digits', '1234567890123456', 'Đồng in digits only'],
  ])('%s', async (_what, amount, cure) => {
    const fault = await faultOf(other({ amount }))
    expect(fault).toMatchObject({ line: 2, pointer: '/amount', detail: expect.stringContaining(cure) })
  })

  test('an amount with commas and a currency', async () => {
    const fault = await faultOf('A1,PD13000123456,"1,250,000đ",2026-11-05,2026-11-12')
    expect(fault).toMatchObject({ pointer: '/amount', detail: expect.stringContaining('Write 1250000:') })
  })

  test.each([
    ['due before it was issued', { dueOn: '2026-11-04' }, '/dueOn', 'Before the day'],
    ['a day that is none', { dueOn: '2026-02-30' }, '/dueOn', 'A date such as'],
    ['an American date', { issuedOn: '11/25/2026' }, '/issuedOn', 'A date such as'],
    ['the code of another biller', { customerCode: 'HN123456' }, '/customerCode', 'Not a customer code'],
    ['no code', { customerCode: '' }, '/customerCode', 'missing'],
    ['a number with spaces', { billNumber: 'A 1' }, '/billNumber', 'At most 40'],
  ])('%s', async (_what, changes, pointer, cure) => {
    expect(await faultOf(other(changes))).toMatchObject({ pointer, detail: expect.stringContaining(cure) })
  })

  test('too few cells, and the rows around it are taken', async () => {
    const { body } = await send(billFile(billRow('A1', '1000'), 'A2,PD13000123456', billRow('A3', '1000')))
    expect([body.accepted, body.rejected]).toEqual([
      2,
      [{ line: 3, pointer: '', detail: '2 cells, where the first row has 5.' }],
    ])
  })

  test('a number that the file has used, whichever is right', async () => {
    const { body } = await send(billFile(billRow('A1', '1000'), billRow('A1', '2000'), billRow('A1', '1000')))
    expect([body.accepted, body.rejected]).toMatchObject([
      1,
      [
        { line: 3, pointer: '/billNumber', detail: 'In line 2, too; that one counts.' },
        { line: 4, pointer: '/billNumber' },
      ],
    ])
  })

  test.each([
    ['an amount that is a number', { ...bill, amount: 1000 }, '/amount'],
    ['a field that is not known', { ...bill, color: 'red' }, '/color'],
    ['a currency', { ...bill, currency: 'USD' }, '/currency'],
    ['a period', { ...bill, period: '11/2026' }, '/period'],
    ['a card number as a name', { ...bill, customerName: '4111111111111111' }, '/customerName'],
    ['no bill', 5, ''],
  ])('JSON: %s', async (_what, row, pointer) => {
    const ndjson = { 'content-type': 'application/x-ndjson' }
    const { body } = await send(`${JSON.stringify(row)}\n`, ndjson)
    expect(body.rejected).toMatchObject([{ line: 1, pointer }])
    expect(body.accepted).toBe(0)
  })

  test('at most a thousand are listed, and all counted', async () => {
    const rows = Array.from({ length: 1_500 }, (_, at) => billRow(`A${at}`, 'x'))
    const { body } = await send(billFile(...rows))
    expect([body.rejected.length, body.rejectedCount]).toEqual([1_000, 1_500])
  })
})

describe('nothing is taken of a file', () => {
  test.each([
    ['with a trailer that counts one more', `${two}\nTOTAL,3,3000`, {}, '/count'],
    ['with a trailer that is off by one', `${two}\nTOTAL,2,3001`, {}, '/sum'],
    ['with a trailer that is no number', `${two}\ntotal,2,3.000`, {}, '/sum'],
    ['with another count in a header', two, { 'control-count': '1' }, 'control-count'],
    ['with another sum in a header', two, { 'control-sum': '3001' }, 'control-sum'],
    ['with another hash in a header', two, { 'control-hash': '00' }, 'control-hash'],
  ])('%s', async (_what, file, headers, pointer) => {
    const head = await gateway.store.head()
    expectRefused(await send(file, headers), 'control_totals_differ', pointer)
    expect(await gateway.store.head()).toBe(head)
  })

  test('whose totals cannot be checked because an amount cannot be read: the row is named', async () => {
    const answer = await send(`${billFile(billRow('A1', '1.000'))}\nTOTAL,1,1000`)
    expectRefused(answer, 'control_totals_differ', '/sum')
    expect(answer.body.errors[1]).toMatchObject({
      pointer: '/amount',
      detail: expect.stringContaining('Line 2: Write 1000'),
    })
  })

  test.each([
    ['with a quote that is not closed', `${two}\n"A3,PD`, 'text/csv'],
    ['without names of columns', billRow('A1', '1000'), 'text/csv'],
    ['that is JSON cut off', `[${JSON.stringify(bill)},`, 'application/json'],
    ['that is JSON cut off inside a bill', `[${JSON.stringify(bill)},{"bill`, 'application/json'],
    ['that is one JSON object', JSON.stringify(bill), 'application/json'],
    ['with more after the list', `[${JSON.stringify(bill)}]x`, 'application/json'],
    ['with the list called otherwise', `{"rows":[${JSON.stringify(bill)}]}`, 'application/json'],
    [
      'with more after the list called bills',
      `{"bills":[${JSON.stringify(bill)}],"x":1}`,
      'application/json',
    ],
    ['whose object does not end', `{"bills":[${JSON.stringify(bill)}]`, 'application/json'],
    ['that ends an object that it did not begin', `[${JSON.stringify(bill)}]}`, 'application/json'],
    ['without commas in the list', `[${JSON.stringify(bill)}${JSON.stringify(bill)}]`, 'application/json'],
  ])('%s', async (_what, file, type) => {
    const head = await gateway.store.head()
    expectRefused(await send(file, { 'content-type': type }), 'validation_failed', '')
    expect(await gateway.store.head()).toBe(head)
  })

  test('that is cut off in the middle; sent again it is taken', async () => {
    const head = await gateway.store.head()
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from(two.slice(0, -10)))
      },
      pull(controller) {
        controller.error(new Error('the connection is gone'))
      },
    })
    const headers = { 'content-type': 'text/csv', authorization: `Bearer ${key}` }
    const cut = new Request('http://gateway.test/v1/bills', {
      method: 'POST',
      body,
      headers,
      duplex: 'half',
    } as RequestInit)
    expect((await gateway.app.request(cut)).status).toBe(500)
    expect(await gateway.store.head()).toBe(head)
    expect(await counts(send(two))).toEqual([200, 2, 0, 0])
  })

  test('of a type that is not taken', async () => {
    expectRefused(await send(two, { 'content-type': 'application/xml' }), 'unsupported_media_type')
  })
})

describe('a bill', () => {
  const status = (billNumber: string, status: string) => ({ billNumber, status })
  const conflict = async (row: object) => (await sendJson([row])).body.rejected[0]

  test('is canceled or paid elsewhere by a row, once, and not changed any more', async () => {
    await sendJson([bill, { ...bill, billNumber: 'A2' }])
    const ends = [status('A1', 'canceled'), status('A2', 'paid')]
    expect(await counts(sendJson(ends))).toEqual([200, 2, 0, 0])
    expect((await types()).slice(-2).toSorted()).toEqual(['BillCanceled', 'BillPaidElsewhere'])
    expect(await counts(sendJson(ends))).toEqual([200, 0, 2, 0])
    expect(await counts(sendJson([bill]))).toEqual([200, 0, 1, 0]) // the old file does not open it again
    expect(await conflict({ ...bill, amount: '1' })).toMatchObject({
      line: 1,
      pointer: '/billNumber',
      code: 'bill_canceled',
    })
    expect(await conflict({ ...bill, billNumber: 'A2', amount: '1' })).toMatchObject({ code: 'bill_paid' })
    expect(await conflict(status('A2', 'canceled'))).toMatchObject({ code: 'bill_paid' })
    expect(await conflict(status('A3', 'canceled'))).toMatchObject({ code: 'bill_unknown' })
  })

  test('is superseded by another, also of the same file, once', async () => {
    const file = [{ ...bill, billNumber: 'A2', supersedes: 'A1' }, bill]
    expect(await counts(sendJson(file))).toEqual([200, 2, 0, 0])
    expect((await types()).slice(-3)).toEqual(['BillIssued', 'BillSuperseded', 'BillIssued'])
    expect(await counts(sendJson(file))).toEqual([200, 0, 2, 0])
    expect(await conflict({ ...bill, billNumber: 'A3', supersedes: 'A1' })).toMatchObject({
      pointer: '/supersedes',
      code: 'bill_superseded',
    })
    expect((await events()).length).toBe(2)
  })

  test('that is paid is not superseded, and nothing stands for it', async () => {
    await sendJson([bill])
    await sendJson([status('A1', 'paid')])
    const head = await gateway.store.head()
    expect(await conflict({ ...bill, billNumber: 'A2', supersedes: 'A1' })).toMatchObject({
      code: 'bill_paid',
    })
    expect(await gateway.store.head()).toBe(head)
  })
})

describe('a customer', () => {
  const named = {
    ...bill,
    customerName: 'Nguyễn Thị Bích',
    customerPhone: '0987654321',
    customerAddress: '7 ngõ Huế',
  }

  test('is sealed, and nowhere in clear; the same one again is nothing new, another is', async () => {
    await sendJson([named])
    await gateway.settled()
    const log = JSON.stringify(await gateway.store.readAll('', 100_000))
    const everything = Buffer.concat([await gateway.written(), Buffer.from(log)])
    expect(everything.includes('PD13000123456')).toBe(true) // what is looked through is what was written
    for (const secret of ['Bích', '0987654321', 'ngõ Huế']) expect(everything.includes(secret)).toBe(false)
    expect(await counts(sendJson([named]))).toEqual([200, 0, 1, 0])
    expect(await counts(sendJson([{ ...named, customerPhone: '0987654322' }]))).toEqual([200, 1, 0, 0])
    expect(await counts(sendJson([bill]))).toEqual([200, 1, 0, 0])
  })

  test('has one key for all bills of a biller', async () => {
    await sendJson([
      named,
      { ...named, billNumber: 'A2' },
      { ...named, billNumber: 'A3', customerCode: 'PD13000123457' },
    ])
    const keys = (await events()).map(
      ({ data }) => (data as unknown as { customer: string }).customer.split('.')[1],
    )
    expect([keys.length, new Set(keys).size]).toEqual([3, 2])
  })
})

test('a file of many blocks is taken whole, in every form', async () => {
  const numbers = Array.from({ length: 3_000 }, (_, at) => `HD-${at}`)
  const csv = billFile(...numbers.map((number) => billRow(number, '1000')), 'TOTAL,3000,3000000')
  expect(await counts(send(csv))).toEqual([200, 3_000, 0, 0])
  const bills = numbers.map((billNumber) => ({ ...bill, billNumber }))
  expect(await counts(sendJson(bills))).toEqual([200, 0, 3_000, 0])
  const lines = bills.map((one) => JSON.stringify(one)).join('\r\n')
  expect(await counts(send(lines, { 'content-type': 'application/x-ndjson' }))).toEqual([200, 0, 3_000, 0])
})

test('a file that the store ended in the middle goes on when it is sent again', async () => {
  let left = Number.POSITIVE_INFINITY
  const mine = await openTestGateway({
    around: (store) => ({
      ...store,
      append: async (...append) => {
        if (append[0].startsWith('bill-') && --left < 0) throw new StoreBusy('full')
        return store.append(...append)
      },
    }),
  })
  try {
    const biller = await openBiller(mine)
    const file = billFile(...Array.from({ length: 700 }, (_, at) => billRow(`A${at}`, '1000')))
    left = 300
    expectRefused(await uploadBills(mine, biller.key, file), 'service_busy')
    left = Number.POSITIVE_INFINITY
    const { body } = await uploadBills(mine, biller.key, file)
    expect([body.accepted, body.unchanged, body.rejectedCount]).toEqual([400, 300, 0])
    const issued = (await mine.store.readAll('', 10_000)).filter(({ type }) => type === 'BillIssued')
    expect(issued.length).toBe(700)
  } finally {
    await mine.stop()
  }
})

test('a third file at the same time waits for the others', async () => {
  let finish = () => {}
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  const body = () =>
    new ReadableStream({
      start: (controller) => controller.enqueue(Buffer.from(two)),
      pull: async (controller) => {
        await finished
        controller.close()
      },
    })
  const headers = { 'content-type': 'text/csv', authorization: `Bearer ${key}` }
  const open = () =>
    gateway.app.request(
      new Request('http://gateway.test/v1/bills', {
        method: 'POST',
        body: body(),
        headers,
        duplex: 'half',
      } as RequestInit),
    )
  const waiting = [open(), open()]
  let third = await send(two)
  await eventually('both are being received', async () => {
    third = await send(two)
    return third.status === 503
  })
  expectRefused(third, 'service_busy')
  expect(third.headers.get('retry-after')).toBe('5')
  finish()
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200])
  expect(await counts(send(two))).toEqual([200, 0, 2, 0])
})
