// Bills in the console: rules, a file by a form without a script, and of each wrong row where it is and what to do.
import { afterAll, describe, expect, test } from 'vitest'
import { billFile, billRow, openBiller } from '../support/billers.ts'
import { consoleVisitor, signedIn } from '../support/consoleVisitor.ts'
import { openShop, openTestGateway } from '../support/gateway.ts'

const gateway = await openTestGateway()
const biller = await openBiller(gateway)
const visitor = await signedIn(gateway, biller.key)
afterAll(() => gateway.stop())

const send = (file: { name: string; text: string }, fields: Record<string, string> = {}) =>
  visitor.send('/console/bills?lang=en', fields, file)
const figures = (text: string) => [...text.matchAll(/<dd>(\d+)<\/dd>/g)].map(([, value]) => Number(value))
const csvIn = (text: string) =>
  decodeURIComponent(/href="data:text\/csv;charset=utf-8,([^"]*)"/.exec(text)![1]!.replaceAll('&#39;', "'"))

describe('a file of bills', () => {
  test('is taken as the API takes it: the same again changes nothing', async () => {
    const file = { name: 'bills.csv', text: billFile(billRow('A1', '1250000'), billRow('A2', '50000')) }
    const first = await send(file)
    expect(first.status).toBe(200)
    expect(figures(first.text)).toEqual([2, 0, 0])
    expect(first.text).toContain('Every row was taken.')
    expect(first.text).toContain('₫1,300,000')
    expect(figures((await send(file)).text)).toEqual([0, 2, 0])
    const repeated = await gateway.call('POST', '/v1/bills', {
      key: biller.key,
      body: file.text,
      headers: { 'content-type': 'text/csv' },
    })
    expect(repeated.body).toMatchObject({ accepted: 0, unchanged: 2 })
  })

  test.each([
    ['bills.json', JSON.stringify([{ ...bill('J1') }])],
    ['BILLS.NDJSON', JSON.stringify(bill('J2'))],
    ['bills.jsonl', JSON.stringify(bill('J3'))],
  ])('may be %s', async (name, text) => {
    expect(figures((await send({ name, text })).text)).toEqual([1, 0, 0])
  })

  test('with wrong rows says of each where, what, and what to do, in both languages', async () => {
    const text = billFile(billRow('B1', '1000'), billRow('B2', '1.250.000'), billRow('B1', '1000'))
    const english = await send({ name: 'b.csv', text })
    expect(figures(english.text)).toEqual([1, 0, 2])
    expect(english.text).toMatch(
      /Line">3<\/th>.*<code>amount<\/code>.*Write 1250000: digits only.*Đồng, digits only/,
    )
    expect(english.text).toMatch(/Line">4<\/th>.*<code>billNumber<\/code>.*In line 2, too.*Keep one row/)
    const vietnamese = (await visitor.send('/console/bills', {}, { name: 'b.csv', text })).text
    expect(vietnamese).toContain('Hãy ghi 1250000: chỉ chữ số')
    expect(vietnamese).toContain('Trùng số với dòng 2')
  })

  test('gives its wrong rows as CSV in which nothing runs as a formula', async () => {
    const text = `${billFile()},=cmd|calc\n${billRow('C1', '5')},x`
    const answer = (await send({ name: 'c.csv', text })).text
    const csv = csvIn(answer)
    expect(csv.split('\r\n')).toEqual([
      '\ufeffLine,Column,What is wrong,What to do',
      '2,\'=cmd|calc,This field is not known here.,"Delete the column, or name it as in the list of columns."',
      '',
    ])
    expect(answer).not.toContain(
      '<code>=cmd|calc</code></td><td role="cell" data-column="What is wrong"><script',
    )
  })

  test('is refused whole where the control totals differ', async () => {
    const file = { name: 'd.csv', text: billFile(billRow('D1', '70000')) }
    const refused = await send(file, { count: '2', sum: '70.000' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('The file was not taken.')
    expect(refused.text).toContain('<code>control-count</code>: 2, and the file has 1.')
    expect(refused.text).not.toContain('control-sum')
    expect(figures((await send(file, { count: '1', sum: '70.000' })).text)).toEqual([1, 0, 0])
  })

  test('is read in the character set that is said', async () => {
    const file = { name: 'e.csv', text: `${billFile()},customerName\n${billRow('E1', '5')},Anh` }
    expect(figures((await send(file, { charset: 'windows-1258' })).text)).toEqual([1, 0, 0])
    expect((await send(file, { charset: 'utf-16' })).status).toBe(415)
  })

  test.each([
    ['no file', { name: '', text: '' }, 'No file was chosen.'],
    ['another kind of file', { name: 'bills.xlsx', text: 'PK' }, 'must end in .csv'],
    ['a file without columns', { name: 'x.csv', text: '1;2\n' }, 'The first row must name the columns'],
  ])('that is %s says what to do', async (_what, file, said) => {
    const { status, text } = await send(file)
    expect(status).toBe(422)
    expect(text).toContain(said)
    expect(text).toContain('role="alert"')
  })

  test('in a form that is cut off is not taken', async () => {
    const body = `--line\r\ncontent-disposition: form-data; name="file"; filename="f.csv"\r\n\r\n${billFile(billRow('F1', '5'))}`
    const headers = {
      cookie: visitor.cookie,
      'sec-fetch-site': 'same-origin',
      'content-type': 'multipart/form-data; boundary=line',
    }
    const { status } = await gateway.call('POST', '/console/bills', { headers, body })
    expect(status).toBe(422)
    const { text } = await send({ name: 'f.csv', text: billFile(billRow('F1', '5')) })
    expect(figures(text)).toEqual([1, 0, 0])
  })

  test.each(['multipart/form-data', 'application/x-www-form-urlencoded', 'text/csv'])(
    'is no %s',
    async (type) => {
      const headers = { cookie: visitor.cookie, 'sec-fetch-site': 'same-origin', 'content-type': type }
      const { status } = await gateway.call('POST', '/console/bills', { headers, body: 'a=b' })
      expect(status).toBe(422)
    },
  )

  test('can be followed under the name that the form gave it, by its biller only', async () => {
    const page = (await visitor.get('/console/bills')).text
    const uploadId = /name="uploadId" value="(upl_\w{16})"/.exec(page)![1]!
    expect(page).toContain(`data-progress="/console/bills/uploads/${uploadId}"`)
    await send({ name: 'g.csv', text: billFile(billRow('G1', '5'), billRow('G2', 'x')) }, { uploadId })
    const progress = await visitor.get(`/console/bills/uploads/${uploadId}`)
    expect(progress.body).toMatchObject({ uploadId, status: 'done', rows: 2, accepted: 1, rejectedCount: 1 })
    expect((await visitor.get('/console/bills?lang=en')).text).toMatch(
      new RegExp(`<code>${uploadId}</code>.*Done`),
    )
    const stranger = await signedIn(gateway, (await openBiller(gateway)).key)
    expect((await stranger.get(`/console/bills/uploads/${uploadId}`)).status).toBe(404)
  })
})

test('a payment that one merchant takes for a biller shows both what is theirs', async () => {
  await send({ name: 'h.csv', text: billFile(billRow('H1', '90000')) })
  const shop = await openShop(gateway)
  const billId = await openBillOf('H1')
  const asked = await gateway.call('POST', '/v1/bills/payments', {
    key: shop.key,
    body: { billIds: [billId] },
  })
  expect(asked.status).toBe(201)
  const address = `/console/payments/${asked.body.id}?lang=en`
  const agent = await (await signedIn(gateway, shop.key)).get(address)
  expect(agent.status).toBe(200)
  expect(agent.text).toMatch(/Pays the bills<\/dt><dd><span>H1</)
  expect(agent.text).not.toContain('id="timeline"')
  const owner = await visitor.get(address)
  expect(owner.text).toContain('id="timeline"')
  expect(owner.text).toContain(`<dt>Taken by</dt><dd><span>${shop.merchantId}</span>`)
  const stranger = await signedIn(gateway, (await openShop(gateway)).key)
  expect((await stranger.get(address)).status).toBe(404)
})

async function openBillOf(billNumber: string): Promise<string> {
  await gateway.settled()
  const query = `billerId=${biller.billerId}&customerCode=PD13000123456`
  const { body } = await gateway.call('GET', `/v1/bills?${query}`, { key: biller.key })
  return body.data.find((bill: { billNumber: string }) => bill.billNumber === billNumber).id
}

describe('the rules of payment', () => {
  test('are the usual ones until they are set, and read again as they were set', async () => {
    const { key, merchantId } = await openShop(gateway, { sector: 'water' })
    const water = await signedIn(gateway, key)
    expect((await water.get('/console/bills?lang=en')).text).toContain(
      'No rules were set: the usual ones hold.',
    )
    const fields = {
      code: 'patterns',
      patterns: 'HN######\r\n@@####',
      exactness: 'RANGE',
      min: '10.000',
      max: '5000000',
      multiple: '1000',
      partial: 'late-fee-first',
      lateFee: 'rate',
      percent: '0,03',
      grace: '5',
      cutOff: '30',
      feeBorneBy: 'payer',
      overpayment: 'next-bill',
    }
    const saved = await water.post('/console/bills/profile?lang=en', fields)
    expect(saved.headers.get('location')).toBe('/console/bills/profile?done=1&lang=en')
    const { body } = await gateway.call('GET', `/v1/billers/${merchantId}`, { key })
    expect(body.profile).toEqual({
      customerCode: { check: 'patterns', patterns: ['HN######', '@@####'] },
      amountRule: { exactness: 'RANGE', min: '10000', max: '5000000', multiple: '1000' },
      partialPayment: { allowed: true, order: 'late-fee-first' },
      lateFee: { kind: 'rate', percentPerDay: '0.03', graceDays: 5 },
      cutOffAfterDays: 30,
      feeBorneBy: 'payer',
      overpayment: 'next-bill',
    })
    const page = (await water.get('/console/bills/profile?done=1&lang=en')).text
    expect(page).toContain('Saved.')
    expect(page).toContain('>HN######\n@@####</textarea>')
    for (const value of ['10000', '5000000', '1000', '0.03', '5', '30'])
      expect(page).toContain(`value="${value}"`)
    for (const value of ['patterns', 'RANGE', 'late-fee-first', 'rate', 'payer', 'next-bill'])
      expect(page).toContain(`<option value="${value}" selected>`)
    expect((await water.get('/console/bills?lang=en')).text).toContain('id="upload-form"')
  })

  test('that are wrong say which, and keep what was typed', async () => {
    const fields = {
      code: 'patterns',
      patterns: 'hà nội',
      exactness: 'EXACT',
      partial: 'no',
      lateFee: 'fixed',
      fixed: 'x',
      grace: 'y',
      feeBorneBy: 'biller',
    }
    const { status, text } = await visitor.post('/console/bills/profile?lang=en', fields)
    expect(status).toBe(422)
    for (const where of ['/customerCode/patterns/0', '/lateFee/fixed', '/lateFee/graceDays'])
      expect(text).toContain(`<code>${where}</code>`)
    expect(text).toContain('>hà nội</textarea>')
  })

  test('are nobody’s who sends no bills', async () => {
    const visitor = await signedIn(gateway, (await openShop(gateway)).key)
    const { status, text } = await visitor.post('/console/bills/profile?lang=en', {
      code: 'evn',
      exactness: 'EXACT',
      partial: 'no',
      feeBorneBy: 'biller',
      overpayment: 'person',
    })
    expect(status).toBe(409)
    expect(text).toContain('role="alert"')
    expect((await visitor.get('/console')).text).not.toContain('href="/console/bills"')
  })

  test('are not for those who have not signed in', async () => {
    const { status } = await consoleVisitor(gateway).get('/console/bills/profile')
    expect(status).toBe(303)
  })
})

function bill(billNumber: string) {
  return {
    billNumber,
    customerCode: 'PD13000123456',
    amount: '1000',
    issuedOn: '2026-11-05',
    dueOn: '2026-11-12',
  }
}
