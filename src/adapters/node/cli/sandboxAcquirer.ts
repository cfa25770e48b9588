// `thungan sandbox-acquirer`: a pretend acquirer that speaks ISO 8583 over TCP, for those who write gateways.
import { type Command, Option } from 'commander'
import { profiles } from '../../iso8583/profile.ts'
import { openSandboxHost } from '../../iso8583/sandboxHost/open.ts'

type Options = { readonly port: string; readonly profile: keyof typeof profiles; readonly lateMs: string }

/** Adds `sandbox-acquirer`. */
export function addSandboxAcquirerCommand(program: Command): void {
  program
    .command('sandbox-acquirer')
    .description(
      'a pretend card acquirer over ISO 8583: amounts that end in 51, 05, 10, 91 and 92 are answered so',
    )
    .option('--port <number>', 'where it listens on 127.0.0.1', '8584')
    .addOption(
      new Option('--profile <name>', 'how it writes').choices(Object.keys(profiles)).default('ascii87'),
    )
    .option('--late-ms <number>', 'after how long a late answer comes', '30000')
    .action(async ({ port, profile, lateMs }: Options) => {
      const { port: at } = await openSandboxHost({
        host: '127.0.0.1',
        port: Number(port),
        profile: profiles[profile],
        lateMs: Number(lateMs),
        failed: (error) => console.error(error),
      })
      console.log(`The sandbox's acquirer listens on 127.0.0.1:${at} (${profile}). Ctrl-C ends it.`)
    })
}
