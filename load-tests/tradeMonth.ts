// A month of trade at full size, on a log in a file: 40 merchants with 2,000 payments a day by default. Run: npm run trade:month [merchants] [payments a day].
// Ends with 1 when settlement, ledger, payout file and statement differ anywhere but where the seed put it, a trial balance is not zero, or a file is another one after all read models are deleted.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteEventStore } from '../src/adapters/sqlite/eventStore.ts'
import { playTradeMonth } from '../test/simulation/tradeMonth.ts'

const merchants = Number(process.argv[2] ?? 40)
const paymentsADay = Number(process.argv[3] ?? 2_000)
const logDir = mkdtempSync(join(tmpdir(), 'thungan-trade-month-'))
const started = Date.now()
const seconds = () => ((Date.now() - started) / 1000).toFixed(0)

const month = await playTradeMonth({
  seed: 2026,
  merchants,
  paymentsADay,
  storeOf: (now) => sqliteEventStore({ file: join(logDir, 'events.sqlite'), now }),
  tell: (what) => console.error(`${seconds()} s  ${what}`),
})
rmSync(logDir, { recursive: true })

const { settled, ledger, filed, stated, seeded } = month.sums
const { put, listed } = month.openExceptions
for (const what of [...month.wrong, ...month.unbalanced, ...month.changedFiles].slice(0, 20))
  console.error(what)
console.log(`payments                     ${month.payments}, ${month.events} events`)
console.log(`ways                         ${JSON.stringify(month.ways)}`)
console.log(`days closed, settlements     ${month.daysClosed}, ${month.settlements}`)
console.log(`settled                      ${settled}`)
console.log(`by the ledger                ${ledger}`)
console.log(`in payout files              ${filed}`)
console.log(`on statements                ${stated}, and ${seeded} that the seed took off`)
console.log(`differences put and named    ${JSON.stringify(Object.fromEntries(month.differences))}`)
console.log(`exceptions open              ${listed.length} of ${put.length}`)
console.log(`payouts rejected, sent back  ${month.rejected}, ${month.returned}: each paid again once`)
console.log(`what did not agree           ${month.wrong.length}`)
console.log(`trial balances not zero      ${month.unbalanced.length} of ${month.instants}`)
console.log(`files changed by a rebuild   ${month.changedFiles.length} of ${month.files}`)
console.log(`seconds                      ${seconds()}`)
const equal = [ledger, filed, stated + seeded].every((sum) => sum === settled)
const named = String(put) === String(listed)
const nothing = [...month.wrong, ...month.unbalanced, ...month.changedFiles].length === 0
process.exit(equal && named && nothing ? 0 : 1)
