// `npm run load`: k6 against a gateway of its own, then the API is asked whether it counted what k6 counted.
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { account, openTill, operatorKey } from './till.ts'

const k6 = [process.env.K6, join(homedir(), 'go/bin/k6'), '/usr/bin/k6', '/usr/local/bin/k6'].find(
  (file) => file && existsSync(file),
)
if (!k6) throw new Error('k6 is not installed: go install go.k6.io/k6@v1.8.1 (or set K6 to where it is)')

const folder = mkdtempSync(join(tmpdir(), 'thungan-k6-'))
const summaryFile = join(folder, 'summary.json')
const server = fork(new URL('./gatewayServer.ts', import.meta.url), {
  env: { ...process.env, OPERATOR_KEY: operatorKey },
})
const [{ port }] = (await once(server, 'message')) as [{ port: number }]
const url = `http://127.0.0.1:${port}`
const till = await openTill(port)

const script = fileURLToPath(new URL('./sellByQr.js', import.meta.url))
const k6Run = spawn(k6, ['run', '--quiet', '--no-usage-report', '--summary-export', summaryFile, script], {
  stdio: 'inherit',
  env: {
    ...process.env,
    BASE_URL: url,
    MERCHANT_KEY: till.merchantKey,
    SITE_ID: till.siteId,
    CONNECTOR_ID: till.bank.id,
    CONNECTOR_SECRET: till.bank.secret,
    BANK_BIN: account.bankBin,
    ACCOUNT_NUMBER: account.accountNumber,
  },
})
const [code] = (await once(k6Run, 'exit')) as [number]
const counted = readCounters(summaryFile)
const known = await till.takings()
const agree = counted.sold > 0 && known.count === counted.sold && known.gross === String(counted.taken)
console.log(
  `k6 counted ${counted.sold} payments, ${counted.taken} VND; the API says ${known.count}, ${known.gross} VND`,
)
console.log(agree ? 'They agree.' : 'THEY DIFFER.')
server.disconnect()
rmSync(folder, { recursive: true })
process.exitCode = code !== 0 ? code : agree ? 0 : 1

function readCounters(file: string): { sold: number; taken: number } {
  const { metrics } = JSON.parse(readFileSync(file, 'utf8')) as {
    metrics: Record<string, { count?: number } | undefined>
  }
  return { sold: metrics.sold?.count ?? 0, taken: metrics.taken?.count ?? 0 }
}
