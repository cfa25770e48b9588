// A bare connection to a server, for what no HTTP client would send.
import { connect, type Socket } from 'node:net'

type Line = {
  readonly send: (text: string) => void
  /** All that came so far, once it holds a text. */
  readonly until: (text: string) => Promise<string>
  /** All that came until the server hung up. */
  readonly rest: () => Promise<string>
  readonly hangUp: () => void
}

export async function dial(url: string): Promise<Line> {
  const { hostname, port } = new URL(url)
  const socket: Socket = connect(Number(port), hostname)
  let heard = ''
  let waiting = () => {}
  let ended = false
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text
    waiting()
  })
  const end = () => {
    ended = true
    waiting()
  }
  socket.on('close', end).on('error', end)
  await new Promise((resolve) => socket.once('connect', resolve))

  const when = async (holds: () => boolean): Promise<string> => {
    while (!holds()) {
      if (ended) throw new Error(`the server hung up after: ${heard}`)
      await new Promise<void>((resolve) => {
        waiting = resolve
      })
    }
    return heard
  }
  return {
    send: (text) => void socket.write(text),
    until: (text) => when(() => heard.includes(text)),
    rest: () => when(() => ended).catch(() => heard),
    hangUp: () => socket.destroy(),
  }
}

/** A request as text; the length of the body is told unless `headers` tell another. */
export const request = (method: string, path: string, headers: Record<string, string> = {}, body = '') => {
  const told = { host: 'gateway', 'content-length': String(Buffer.byteLength(body)), ...headers }
  const lines = Object.entries(told).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}
