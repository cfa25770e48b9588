// A merchant's webhook receiver: a real server that keeps what it was sent and answers as the test says.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = {
  readonly headers: IncomingHttpHeaders
  readonly raw: string
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into messages whose shape it is there to check
  readonly body: any
}
export type Receiver = {
  readonly url: string
  readonly received: Received[]
  /** How to answer the next requests; 204 unless said. */
  answer: (response: ServerResponse, count: number) => void
  readonly connections: () => number
  readonly close: () => Promise<void>
}

export async function openReceiver(host = '127.0.0.1'): Promise<Receiver> {
  const received: Received[] = []
  let connections = 0
  const server = createServer(async (request, response) => {
    let raw = ''
    for await (const chunk of request.setEncoding('utf8')) raw += chunk
    received.push({ headers: request.headers, raw, body: raw === '' ? undefined : JSON.parse(raw) })
    receiver.answer(response, received.length)
  })
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  const receiver: Receiver = {
    url: `http://${host}:${port}/hooks`,
    received,
    answer: (response) => void response.writeHead(204).end(),
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return receiver
}
