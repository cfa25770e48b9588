// `npm start`: opens the gateway and tells the person at the terminal what to do with it.
import { StoreUnavailable } from '../../domain/core/eventStore.ts'
import { EnvironmentInvalid, readEnvironment } from './environment.ts'
import { openServer } from './server.ts'
import { welcome } from './welcome.ts'

export async function main(variables: NodeJS.ProcessEnv): Promise<void> {
  try {
    const gateway = await openServer(readEnvironment(variables))
    const stop = () => {
      process.once('SIGINT', () => process.exit(130)) // a second Ctrl-C does not wait
      gateway.stop().then(
        () => process.exit(0),
        (error) => fail(error),
      )
    }
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
    process.stdout.write(await welcome(gateway))
  } catch (error) {
    fail(error)
  }
}

function fail(error: unknown): never {
  const known = error instanceof StoreUnavailable || error instanceof EnvironmentInvalid
  process.stderr.write(`${known ? error.message : ((error as Error).stack ?? error)}\n`)
  process.exit(error instanceof EnvironmentInvalid ? 2 : 1)
}

if (import.meta.main) await main(process.env)
