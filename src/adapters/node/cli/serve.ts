// `thungan serve`: opens the gateway; what an option does not say, the environment does.
import type { Command } from 'commander'
import { dataDirOption } from './dataFolder.ts'

type Options = {
  readonly port?: string
  readonly host?: string
  readonly dataDir: string
  readonly demo: boolean
}

/** Adds `serve`. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('open the gateway (all settings: see "Environment" in the README)')
    .option('--port <number>', 'PORT, 8080 unless said')
    .option('--host <address>', 'HOST, 127.0.0.1 unless said')
    .addOption(dataDirOption())
    .option('--no-demo', 'without the demo shops of the sandbox')
    .action(async ({ port, host, dataDir, demo }: Options) => {
      const said = { PORT: port, HOST: host, DATA_DIR: dataDir, DEMO: demo ? undefined : '0' }
      const given = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
      const { main } = await import('../main.ts') // the other commands start faster without it
      await main({ ...process.env, ...given })
    })
}
