// A small keep-alive HTTP/1.1 client over raw sockets, so that the load generator costs less than what it measures.
import { connect, type Socket } from 'node:net'

export type Answer = { readonly status: number; readonly body: string }
export type Connection = {
  readonly send: (path: string, headers: string, body: string) => Promise<Answer>
  readonly get: (path: string, headers: string) => Promise<Answer>
  /** False once the server has closed it, as it does with idle ones. */
  readonly isOpen: () => boolean
  readonly close: () => void
}

const headEnd = Buffer.from('\r\n\r\n')

/** One connection, one request at a time. `headers` are lines, each ended by CRLF. */
export async function openConnection(port: number): Promise<Connection> {
  const socket = await dial(port)
  let received = Buffer.alloc(0)
  let waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined

  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const answer = readAnswer(received)
    if (!answer) return
    received = received.subarray(answer.length)
    waiting?.resolve(answer)
    waiting = undefined
  })
  const fail = () => waiting?.reject(new Error('the server closed the connection'))
  socket.on('close', fail)
  socket.on('error', fail)

  const ask = (request: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      if (socket.destroyed) return reject(new Error('the connection is closed'))
      waiting = { resolve, reject }
      socket.write(request)
    })

  return {
    send: (path, headers, body) =>
      ask(
        `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      ),
    get: (path, headers) => ask(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers}\r\n`),
    isOpen: () => !socket.destroyed,
    close: () => socket.destroy(),
  }
}

const dial = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
  })

/** The first whole answer in the bytes, undefined while it is not whole. Our servers always say the length. */
function readAnswer(bytes: Buffer): (Answer & { length: number }) | undefined {
  const end = bytes.indexOf(headEnd)
  if (end < 0) return undefined
  const head = bytes.toString('latin1', 0, end)
  const size = /content-length: (\d+)/i.exec(head)?.[1]
  if (size === undefined) throw new Error(`an answer without length: ${head}`)
  const length = end + headEnd.length + Number(size)
  if (bytes.length < length) return undefined
  return {
    status: Number(head.slice(9, 12)),
    body: bytes.toString('utf8', end + headEnd.length, length),
    length,
  }
}
