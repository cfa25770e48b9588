// `thungan city`: fills an empty folder with two years of a made-up Hanoi, the same for the same seed.
import type { Command } from 'commander'
import { StoreUnavailable } from '../../../domain/core/eventStore.ts'
import {
  eventsFileOf,
  leaveProcessesBehind,
  type RecordedCity,
  readModelsFileOf,
  recordCity,
  refuseUsedFolder,
} from '../city/fill.ts'
import type { CitySize } from '../city/plan.ts'
import { beginReadModels, type ReadModelsInMaking } from '../city/readModels.ts'
import { cityEstablishments } from '../city/sectors.ts'
import { cityPayments, citySize } from '../city/size.ts'
import { readEnvironment } from '../environment.ts'
import { type DataOptions, dataCommand } from './dataFolder.ts'
import { withProgress } from './progress.ts'
import { print } from './safe.ts'

type Options = DataOptions & {
  readonly payments: string
  readonly establishments?: string
  readonly seed: string
}

const paymentsMax = 20_000_000
const seedMax = 2 ** 32 - 4 // the city draws from some seeds after it

/** Adds `city`. */
export function addCityCommand(program: Command): void {
  dataCommand(
    program,
    'city',
    'fill an empty folder with 2017 and 2018 of a made-up Hanoi: registry, merchants, terminals, payments',
    { 0: 'it is there' },
  )
    .option('--payments <number>', 'how many', String(cityPayments))
    .option('--establishments <number>', 'in the registry; fewer payments have fewer unless said')
    .option('--seed <number>', 'another city for another seed', '1')
    .action(fill)
}

async function fill(options: Options): Promise<void> {
  const { dataDir, json } = options
  const size = sizeOf(options)
  refuseUsedFolder(dataDir)
  const { MASTER_KEY } = readEnvironment({ ...process.env, DATA_DIR: dataDir })
  const files = { eventsFile: eventsFileOf(dataDir), readModelsFile: readModelsFileOf(dataDir) }
  let making: ReadModelsInMaking | undefined
  try {
    const { city, events } = await withProgress<RecordedCity>(
      'recording payments',
      ({ events }) => `recorded ${events.toLocaleString('en')} events`,
      (update) =>
        recordCity(dataDir, size, {
          progress: update,
          masterKey: MASTER_KEY,
          opened: () => {
            making = beginReadModels(files)
            return making.reading
          },
        }),
    )
    await withProgress(
      'making the read models',
      () => 'made the read models',
      (update) => making!.finish(update),
    )
    await leaveProcessesBehind(dataDir)
    const { establishments, merchants, sites } = city
    const counts = {
      establishments: establishments.length,
      merchants: merchants.length,
      sites: sites.length,
      payments: size.payments,
      events,
    }
    const { user, system } = process.cpuUsage() // of both threads
    const processorSeconds = (user + system) / 1e6
    print(json, { dataDir, ...size, ...counts, processorSeconds }, inWords(dataDir, counts))
  } catch (error) {
    await making?.giveUp()
    throw error
  }
}

function sizeOf({ payments, establishments, seed }: Options): CitySize {
  const size = citySize(whole('--payments', payments, 1, paymentsMax), whole('--seed', seed, 0, seedMax))
  if (establishments === undefined) return size
  return { ...size, establishments: whole('--establishments', establishments, 1, cityEstablishments) }
}

function whole(name: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new StoreUnavailable(`${name} is a whole number from ${min} to ${max}.`)
  return value
}

const inWords = (dataDir: string, counts: Readonly<Record<string, number>>): string =>
  [
    ...Object.entries(counts).map(([what, count]) => `${count.toLocaleString('en').padStart(12)} ${what}`),
    '',
    'Start a gateway on it (the first start seals 730 days and settles what was paid, which takes a while):',
    `  DATA_DIR=${dataDir} DEMO=0 npm start`,
    'and look at the two targets:',
    '  curl "http://127.0.0.1:8080/v1/statistics/indicators?asOf=2017-12-31"',
    '  curl "http://127.0.0.1:8080/v1/statistics/indicators?asOf=2018-12-31"',
    'and at the pages:',
    '  http://127.0.0.1:8080/statistics?asOf=2018-12-31',
    '  http://127.0.0.1:8080/map?asOf=2018-12-31',
  ].join('\n')
