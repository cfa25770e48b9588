// `thungan sandbox-acquirer`: a pretend acquirer that speaks ISO 8583 over TCP, for those who write gateways.
import { type Command, InvalidArgumentError, Option } from 'commander'
import { profiles } from '../../iso8583/profile.ts'
import { openSandboxHost } from '../../iso8583/sandboxHost/open.ts'

type Options = { readonly port: number; readonly profile: keyof typeof profiles; readonly lateMs: number }

const lateMsMax = 600_000

/** Adds `sandbox-acquirer`. */
export function addSandboxAcquirerCommand(program: Command): void {
  program
    .command('sandbox-acquirer')
    .description(
      'a pretend card acquirer over ISO 8583: amounts that end in 51, 05, 10, 91 and 92 are answered so',
    )
    .option('--port <number>', 'where it listens on 127.0.0.1', upTo(65_535), 8584)
    .addOption(
      new Option('--profile <name>', 'how it writes').choices(Object.keys(profiles)).default('ascii87'),
    )
    .option('--late-ms <number>', 'after how long a late answer comes', upTo(lateMsMax), 30_000)
    .action(async ({ port, profile, lateMs }: Options) => {
      const { port: at } = await openSandboxHost({
        host: '127.0.0.1',
        port,
        profile: profiles[profile],
        lateMs,
        failed: (error) => console.error(error),
      })
      console.log(`The sandbox's acquirer listens on 127.0.0.1:${at} (${profile}). Ctrl-C ends it.`)
    })
}

const upTo =
  (most: number) =>
  (text: string): number => {
    if (!/^\d{1,6}$/.test(text) || Number(text) > most)
      throw new InvalidArgumentError(`A whole number from 0 to ${most}.`)
    return Number(text)
  }
