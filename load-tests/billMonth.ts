// The month of three billers at full size: 100,000 bills each by default, on a log in a file. Run: npm run bills:month [bills each] [pay one in].
// Ends with 1 unless every day's file equals the books, the trial balance is zero every day, and a forgotten customer's name is in no file.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteEventStore } from '../src/adapters/sqlite/eventStore.ts'
import { playBillMonth } from '../test/simulation/billMonth.ts'
import { openTestGateway, operatorKey, type TestGateway } from '../test/support/gateway.ts'
import { filesWith } from '../test/support/traces.ts'

const billsEach = Number(process.argv[2] ?? 100_000)
const payOneIn = Number(process.argv[3] ?? 1)
const logDir = mkdtempSync(join(tmpdir(), 'thungan-bill-month-'))
const started = Date.now()
const tell = (what: string) => console.error(`${((Date.now() - started) / 1000).toFixed(0)} s  ${what}`)

let gateway: TestGateway | undefined
const now = () => gateway?.clock.now ?? new Date('2026-11-01T01:00:00Z')
gateway = await openTestGateway({
  around: () => sqliteEventStore({ file: join(logDir, 'events.sqlite'), now }),
})
const month = await playBillMonth(gateway, { seed: 2026, billsEach, payOneIn, tell })

const forgotten = month.customerOf(7)
const tracesOf = (name: string) =>
  [logDir, gateway!.dataDir].flatMap((folder) => filesWith(folder, [name], []))
const answer = await gateway.call('POST', `/v1/billers/${forgotten.billerId}/customers/forget`, {
  key: forgotten.key,
  body: { customerCode: forgotten.customerCode },
})
if (answer.status !== 200) throw new Error(answer.text)
const left = tracesOf(forgotten.name)
const inquiry = `/v1/bills?billerId=${forgotten.billerId}&customerCode=${forgotten.customerCode}`
const asked = await gateway.call('GET', inquiry, { key: forgotten.key })
const balance = await gateway.call('GET', '/v1/ledger/trial-balance', { key: operatorKey })
await gateway.stop()
rmSync(logDir, { recursive: true })

const { uploaded, payments, ways, files, booked, differences, unequal } = month
console.log(`bills uploaded            ${uploaded}`)
console.log(`payments paid             ${payments}`)
console.log(`ways                      ${JSON.stringify(ways)}`)
console.log(`daily files, in all       ${files.join(' ')}`)
console.log(`owed by the books         ${booked.join(' ')}`)
console.log(`days that differ          ${unequal.length}`)
console.log(`trial balances not zero   ${differences.filter((difference) => difference !== '0').length}`)
console.log(`files with the name of who was forgotten  ${left.length}`)
console.log(`seconds                   ${((Date.now() - started) / 1000).toFixed(0)}`)
const equal = unequal.length === 0 && String(files) === String(booked)
const zero = [...differences, balance.body.difference].every((difference) => difference === '0')
process.exit(equal && zero && left.length === 0 && !asked.text.includes(forgotten.name) ? 0 : 1)
