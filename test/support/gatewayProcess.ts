// A gateway as a process of its own: started, heard, and ended by its id.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { node } from './node.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string }
export type GatewayProcess = {
  readonly child: ChildProcess
  /** All that was printed so far, once it holds a text; fails when the process ends without it. */
  readonly printed: (text: RegExp) => Promise<string>
  /** Where it listens, once it says so. */
  readonly url: () => Promise<string>
  readonly ended: Promise<Ended>
  /** kill -9. */
  readonly kill: () => Promise<Ended>
}

/** Starts a program of this project, the gateway unless another is named, with nothing in its environment but what is given. */
export function startGateway(
  environment: Readonly<Record<string, string>>,
  program = 'src/adapters/node/main.ts',
  args: readonly string[] = [],
): GatewayProcess {
  const env = { PATH: process.env.PATH, PORT: '0', DRAIN_MS: '0', ...environment }
  const child = spawn(node, [join(root, program), ...args], { cwd: root, env })
  let out = ''
  let err = ''
  const waiting = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    for (const look of waiting) look()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, out, err })))
  const printed = (text: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        if (text.test(out)) resolve(out)
      }
      waiting.add(look)
      void ended.then(() => reject(new Error(`ended before it printed ${text}: ${out}${err}`)))
      look()
    })
  return {
    child,
    printed,
    url: async () => urlIn(await printed(/http:\/\/127\.0\.0\.1:\d+/)),
    ended,
    kill: () => {
      child.kill('SIGKILL')
      return ended
    },
  }
}

/** For a gateway that is to listen where it did before, or that prints another address than its own. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

export const urlIn = (text: string): string => /http:\/\/127\.0\.0\.1:\d+/.exec(text)![0]
