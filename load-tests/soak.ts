// Two gateways, one event store and one PostgreSQL, sold through all the time while they are killed at random: nothing is lost, nothing twice, and the books agree.
// Run: npm run soak [-- SECONDS [SEED]]; 600 seconds and seed 1 unless said. Ends with 1 where anything is not as it must be.
import { setTimeout as wait } from 'node:timers/promises'
import { summary } from './loops.ts'
import { followAppends } from './soak/appendCounts.ts'
import { againstRebuild, paidOnce, settled, trialBalance, wholeLog } from './soak/checks.ts'
import { openCluster } from './soak/cluster.ts'
import { killAtRandom } from './soak/kills.ts'
import { openTills } from './soak/tills.ts'

const [seconds = 600, seed = 1] = process.argv.slice(2).map(Number)
const shownMax = 5

const cluster = await openCluster()
try {
  await Promise.all([cluster.start(0), cluster.start(1)])
  const over = new AbortController()
  const measured = new AbortController()
  const appends = followAppends(cluster.addresses, measured.signal)
  const { sold, over: closed } = await openTills(cluster.balancer.url, over.signal)
  const killing = killAtRandom(cluster, seed, over.signal)
  await Promise.race([wait(seconds * 1_000), killing]) // a fault of the killing ends it early
  over.abort()
  const kills = await killing
  await closed
  await settled(cluster)
  const difference = await trialBalance(cluster)
  measured.abort()
  const { appended, repeated, conflict } = await appends()
  for (const { child } of cluster.gateways) child.kill('SIGTERM')
  const codes = await Promise.all(cluster.gateways.map(async ({ ended }) => (await ended).code))
  const events = await wholeLog(cluster)
  const rebuilt = await againstRebuild(cluster, events)

  const faults = [
    ...sold.faults,
    ...cluster.deaths,
    ...paidOnce(sold, events),
    ...rebuilt.differing.map((name) => `${name} differs from its rebuild`),
    ...(difference === '0' ? [] : [`the trial balance is ${difference}`]),
    ...codes.filter((code) => code !== 0).map((code) => `a gateway ended with ${code}`),
    ...(sold.paid.size > 0 ? [] : ['nothing was sold']),
  ]
  const ms = (values: readonly number[]) => {
    const { p50, max } = summary([...values])
    return `median ${p50.toFixed(0)} ms, longest ${max.toFixed(0)} ms`
  }
  console.log(
    `${seconds} s, seed ${seed}: ${sold.paid.size} payments answered as paid, ${events.length} events`,
  )
  console.log(
    `killed: ${kills.gateway} gateways, ${kills.counting} that counted, PostgreSQL ${kills.postgres} times`,
  )
  console.log(`a sale took: ${ms(sold.took)}; tills asked again ${sold.askedAgain()} times`)
  if (kills.takeovers.length > 0) console.log(`the turn was taken over after: ${ms(kills.takeovers)}`)
  if (kills.returns.length > 0)
    console.log(`counting went on after PostgreSQL's return: ${ms(kills.returns)}`)
  const rate = ((100 * conflict) / (appended + repeated + conflict)).toFixed(2)
  console.log(`appends: ${appended} appended, ${repeated} repeated, ${conflict} conflicts (${rate} %)`)
  console.log(
    `rebuild: ${rebuilt.rows} rows of ${rebuilt.tables} tables, ${rebuilt.differing.length} tables differ, ${rebuilt.eventsPerSecond.toFixed(0)} events/s`,
  )
  console.log(`trial balance: ${difference}`)
  for (const fault of faults.slice(0, shownMax)) console.error(fault)
  console.log(`${faults.length} faults`)
  process.exitCode = faults.length > 0 ? 1 : 0
} finally {
  await cluster.close()
}
