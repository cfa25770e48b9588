// The real `thungan` command in a process of its own: what it prints, and the exit code a script would see.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { node } from './node.ts'

const program = join(fileURLToPath(new URL('../..', import.meta.url)), 'src/adapters/node/cli/thungan.ts')

export type Run = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

const run = (file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Run> =>
  new Promise((resolve) => {
    const child = execFile(file, args, { env, encoding: 'utf8' }, (_error, stdout, stderr) =>
      resolve({ status: child.exitCode, stdout, stderr }),
    )
  })

/** Runs `thungan` with these arguments, and nothing in its environment but what is given. */
export const thungan = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> =>
  run(node, [program, ...args], { PATH: process.env.PATH, ...env })

/** The same before a terminal of 80 columns, whose text is the standard output. */
export const thunganInTerminal = (args: readonly string[]): Promise<Run> => {
  const command = [node, program, ...args].map((word) => `'${word}'`).join(' ')
  const env = { PATH: process.env.PATH, TERM: 'xterm' }
  return run('script', ['-qec', `stty cols 80; ${command}`, '/dev/null'], env)
}
