// The `thungan` command: one file per command, and one meaning per exit code.
import { Command, CommanderError } from 'commander'
import manifest from '../../../../package.json' with { type: 'json' }
import { addBackupCommand } from './backup.ts'
import { addCityCommand } from './city.ts'
import { addExportCommand } from './export.ts'
import { addForgetCommand } from './forget.ts'
import { addImportCommand } from './import.ts'
import { addIso8583Commands } from './iso8583.ts'
import { addQrCommands } from './qr.ts'
import { addRebuildCommand } from './rebuild.ts'
import { addReinterpretCommand } from './reinterpret.ts'
import { addReplayWebhooksCommand } from './replayWebhooks.ts'
import { addSandboxAcquirerCommand } from './sandboxAcquirer.ts'
import { addServeCommand } from './serve.ts'
import { addSetAsideCommands } from './setAside.ts'
import { told } from './told.ts'
import { addVerifyCommand } from './verify.ts'

/** Wrong options, no data, a file that cannot be used, a fault of ours. 1 is left for a command's own "no". */
const notDone = 2

const program = new Command()
  .name(manifest.name)
  .description(manifest.description)
  .version(manifest.version)
  .exitOverride() // commander would end the process with 1
  .showHelpAfterError('(--help explains)')
  .addHelpText(
    'after',
    "\nExit codes: 0 done; 1 a command's own no (its --help says which); 2 it could not be done.",
  )

addServeCommand(program)
addQrCommands(program)
addRebuildCommand(program)
addSetAsideCommands(program)
addVerifyCommand(program)
addIso8583Commands(program)
addReinterpretCommand(program)
addReplayWebhooksCommand(program)
addForgetCommand(program)
addSandboxAcquirerCommand(program)
addBackupCommand(program)
addExportCommand(program)
addImportCommand(program)
addCityCommand(program)

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) console.error(told(error))
  process.exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : notDone
}
