// Makes a fresh clone runnable: installs what the lockfile names, once, before the npm script that asked.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const lockfile = join(root, 'package-lock.json')
const installed = join(root, 'node_modules', '.package-lock.json') // npm writes it last

const current = existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs
if (!current) {
  console.error('Thu Ngân: installing what package-lock.json names (once, about a minute) ...')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { status } = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2], // standard output belongs to the command that follows
  })
  process.exit(status ?? 1)
}
