// A million random and damaged ISO 8583 messages: none crashes, hangs or is kept. Run: node --expose-gc load-tests/iso8583Fuzz.ts [count] [seed]
import { fuzz } from '../test/adapters/iso8583/fuzz.ts'

const [count = 1_000_000, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number)
const batch = 50_000
const growthMaxMb = 30

const aliveMb = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 1e6
}

fuzz(batch, seed) // compiled and warm before memory is measured
const before = aliveMb()
const begun = performance.now()
let accepted = 0
const faults = new Map<string, number>()
for (let done = 0; done < count; done += batch) {
  const report = fuzz(Math.min(batch, count - done), seed + 1 + done)
  accepted += report.accepted
  for (const [code, times] of report.faults) faults.set(code, (faults.get(code) ?? 0) + times)
}
const growth = aliveMb() - before
const seconds = (performance.now() - begun) / 1_000

console.log(
  `${count} messages in ${seconds.toFixed(0)} s from seed ${seed}: ${accepted} read, the others refused:`,
)
for (const [code, times] of [...faults].sort((a, b) => b[1] - a[1]))
  console.log(`  ${code.padEnd(22)} ${times}`)
console.log(`memory alive: ${before.toFixed(1)} MB before, ${growth.toFixed(1)} MB more after`)
if (growth > growthMaxMb) process.exitCode = 1
