// What `npm start` tells Node of the collector, for benches that start the gateway themselves: memory depends on it.
import { readFileSync } from 'node:fs'

export function startFlags(): string[] {
  const file = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  const { scripts } = JSON.parse(file) as { scripts: { start: string } }
  return scripts.start.split(' ').filter((word) => word.startsWith('--'))
}
