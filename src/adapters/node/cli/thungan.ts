// The `thungan` command: one file per group of commands, and one meaning per exit code.
import { Command, CommanderError } from 'commander'
import manifest from '../../../../package.json' with { type: 'json' }
import { addQrCommands } from './qr.ts'
import { addReplayWebhooksCommand } from './replayWebhooks.ts'
import { addServeCommand } from './serve.ts'

/** Wrong options, or a file that cannot be written. 1 is left for a command's own "no". */
const usageError = 2

const program = new Command()
  .name(manifest.name)
  .description(manifest.description)
  .version(manifest.version)
  .exitOverride() // commander would end the process with 1
  .showHelpAfterError('(--help explains)')

addServeCommand(program)
addQrCommands(program)
addReplayWebhooksCommand(program)

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? 0 : usageError
}
