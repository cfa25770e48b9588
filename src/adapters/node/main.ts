// `npm start`: opens the gateway and tells the person at the terminal what to do with it.
import { setTimeout as wait } from 'node:timers/promises'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'
import { EnvironmentInvalid, readEnvironment } from './environment.ts'
import { openServer } from './server.ts'
import { welcome } from './welcome.ts'

const stopMaxMs = 30_000

export async function main(variables: NodeJS.ProcessEnv): Promise<void> {
  try {
    const gateway = await openServer(readEnvironment(variables))
    const stop = (left: Promise<void>) => {
      process.once('SIGINT', () => process.exit(130)) // a second Ctrl-C does not wait
      left
        .then(() => inTime(gateway.stop()))
        .then(
          () => process.exit(0),
          (error) => fail(error),
        )
    }
    process.once('SIGINT', () => stop(Promise.resolve())) // a person at the terminal: no balancer is to notice
    process.once('SIGTERM', () => stop(gateway.leave()))
    process.stdout.write(await welcome(gateway))
  } catch (error) {
    fail(error)
  }
}

/** What is recorded is recorded: a part that hangs may not keep the process alive for ever. */
async function inTime(stopped: Promise<void>): Promise<void> {
  const late = wait(stopMaxMs, undefined, { ref: false }).then(() => {
    throw new Error(`not stopped after ${stopMaxMs} ms`)
  })
  await Promise.race([stopped, late])
}

function fail(error: unknown): never {
  const known = error instanceof StoreUnavailable || error instanceof EnvironmentInvalid
  process.stderr.write(`${known ? error.message : ((error as Error).stack ?? error)}\n`)
  process.exit(error instanceof EnvironmentInvalid ? 2 : 1)
}

if (import.meta.main) await main(process.env)
