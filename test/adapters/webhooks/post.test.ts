// One POST against real servers that are slow, endless, wrong or somewhere else.
import { readFileSync } from 'node:fs'
import { createServer as createHttp, type RequestListener } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { type AddressInfo, createServer as createNet, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createPoster, type Poster } from '../../../src/adapters/webhooks/post.ts'

const sandbox = { sandbox: true, loopback: true }
const localhost = async () => ['127.0.0.1']
const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const poster = (options: Partial<Parameters<typeof createPoster>[0]> = {}): Poster => {
  const made = createPoster({ policy: sandbox, resolve: localhost, totalMs: 300, ...options })
  closing.push(made.close)
  return made
}

/** A server that speaks HTTP; `requests` counts what reached it. */
async function speaking(listener: RequestListener) {
  const counted = { requests: 0, connections: 0, port: 0, body: '' }
  const server = createHttp(async (request, response) => {
    counted.requests += 1
    counted.body = ''
    for await (const chunk of request.setEncoding('utf8')) counted.body += chunk
    listener(request, response)
  })
  server.on('connection', () => {
    counted.connections += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  counted.port = (server.address() as AddressInfo).port
  closing.push(() => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()))
  return counted
}

/** A server that does with its sockets what it wants. */
async function raw(handle: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createNet((socket) => {
    sockets.add(socket.on('error', () => {}))
    handle(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

const send = ({ post }: Poster, port: number, host = '127.0.0.1') =>
  post(new URL(`http://${host}:${port}/hooks`), { 'webhook-id': 'msg_1' }, '{"đ":1}')

test('sends the body as it is, and answers the status', async () => {
  const server = await speaking((request, response) => {
    expect(request.headers).toMatchObject({ 'webhook-id': 'msg_1', 'content-length': '8' })
    response.writeHead(202).end('thanks')
  })
  expect(await send(poster(), server.port)).toEqual({ status: 202 })
  expect(server.body).toBe('{"đ":1}')
})

test('keeps the connection for the next message, after a short answer', async () => {
  const server = await speaking((_request, response) => response.end('x'.repeat(60_000)))
  const one = poster()
  for (let count = 0; count < 5; count++) expect(await send(one, server.port)).toEqual({ status: 200 })
  expect(server).toMatchObject({ requests: 5, connections: 1 })
})

test.each([301, 302, 303, 307, 308])('does not follow a %i', async (status) => {
  const target = await speaking((_request, response) => response.end())
  const server = await speaking((_request, response) =>
    response.writeHead(status, { location: `http://127.0.0.1:${target.port}/` }).end(),
  )
  expect(await send(poster(), server.port)).toEqual({ status })
  expect(target.requests).toBe(0)
})

test('passes Retry-After on', async () => {
  const server = await speaking((_request, response) => response.writeHead(503, { 'retry-after': '7' }).end())
  expect(await send(poster(), server.port)).toEqual({ status: 503, retryAfter: '7' })
})

describe('is not held up by', () => {
  const within = async <T>(ms: number, work: Promise<T>): Promise<T> => {
    const begun = performance.now()
    const result = await work
    expect(performance.now() - begun).toBeLessThan(ms)
    return result
  }

  test('a server that takes the connection and says nothing', async () => {
    const port = await raw(() => {})
    expect(await within(1_500, send(poster(), port))).toEqual({ failure: 'timeout' })
  })

  test('one that sends its status a letter at a time', async () => {
    const port = await raw((socket) => {
      const letters = [...'HTTP/1.1 200 OK-and-on-and-on']
      const timer = setInterval(() => socket.write(letters.shift() ?? 'x'), 20)
      socket.on('close', () => clearInterval(timer))
    })
    expect(await within(1_500, send(poster(), port))).toEqual({ failure: 'timeout' })
  })

  test('one whose body never ends: the status counts, and the connection is hung up', async () => {
    let hungUp = () => {}
    const over = new Promise<void>((resolve) => {
      hungUp = resolve
    })
    const server = await speaking((_request, response) => {
      const timer = setInterval(() => response.write('x'.repeat(16_384)), 1)
      response.on('close', () => {
        clearInterval(timer)
        hungUp()
      })
    })
    expect(await within(1_500, send(poster({ totalMs: 10_000 }), server.port))).toEqual({ status: 200 })
    await over
  })

  test('one whose body drips', async () => {
    const server = await speaking((_request, response) => {
      const timer = setInterval(() => response.write('.'), 20)
      response.on('close', () => clearInterval(timer))
    })
    expect(await within(1_500, send(poster(), server.port))).toEqual({ status: 200 })
  })

  test('endless headers, endless interim answers, or garbage', async () => {
    const endless = (piece: string) => (socket: Socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      const timer = setInterval(() => socket.write(piece), 1)
      socket.on('close', () => clearInterval(timer))
    }
    const headers = await raw(endless(`x-more: ${'y'.repeat(8_000)}\r\n`))
    const interim = await raw(endless('HTTP/1.1 102 Processing\r\n\r\n'))
    const garbage = await raw((socket) => socket.end('\x16\x03\x01 this is not HTTP'))
    const cutOff = await raw((socket) => socket.on('data', () => socket.destroy()))
    const upgrade = await raw((socket) =>
      socket.on('data', () =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
      ),
    )
    for (const port of [headers, interim, garbage, cutOff, upgrade]) {
      const attempt = await within(1_500, send(poster(), port))
      expect(attempt).toMatchObject({ failure: expect.stringMatching(/unreachable|timeout/) })
    }
  })

  test('a name server that never answers', async () => {
    const silent = poster({ resolve: () => new Promise(() => {}) })
    expect(await within(1_500, send(silent, 80, 'shop.example'))).toEqual({ failure: 'timeout' })
  })
})

test('an unknown name and a closed port are unreachable', async () => {
  const unknown = poster({ resolve: async () => Promise.reject(new Error('ENOTFOUND')) })
  expect(await send(unknown, 80, 'shop.example')).toEqual({ failure: 'unreachable' })
  expect(await send(poster(), 9)).toEqual({ failure: 'unreachable' })
})

describe('goes nowhere inside:', () => {
  const production = { sandbox: true, loopback: false }

  test('an address in the URL is refused before a connection is made', async () => {
    const server = await speaking((_request, response) => response.end())
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]'])
      expect(await send(poster({ policy: production }), server.port, host)).toEqual({
        failure: 'address_refused',
      })
    expect(server.connections).toBe(0)
  })

  test('a name that leads there is refused', async () => {
    const server = await speaking((_request, response) => response.end())
    expect(await send(poster({ policy: production }), server.port, 'inside.example')).toEqual({
      failure: 'address_refused',
    })
    expect(server.connections).toBe(0)
  })

  test('a name that changes after the check changes nothing: the connection goes where the check looked', async () => {
    const server = await speaking((_request, response) => response.end())
    const answers = [['127.0.0.1'], ['10.0.0.1']]
    let asked = 0
    const rebinding = async () => answers[asked++] ?? []
    const one = poster({ resolve: rebinding })
    expect(await send(one, server.port, 'rebinding.example')).toEqual({ status: 200 })
    expect(asked).toBe(1) // one look-up for check and connection
    expect(await send(one, server.port, 'rebinding.example')).toEqual({ status: 200 })
    expect(asked).toBe(1) // the same connection
    expect(await send(poster({ resolve: rebinding }), server.port, 'rebinding.example')).toEqual({
      failure: 'address_refused',
    })
  })
})

test('a connection that the server closed while idle is opened anew, and nobody is blamed', async () => {
  let answered = 0
  const port = await raw((socket) => {
    let own = 0
    socket.on('data', () => {
      own += 1
      if (own === 2) {
        socket.resetAndDestroy()
        return
      }
      answered += 1
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
    })
  })
  const one = poster()
  expect(await send(one, port)).toEqual({ status: 200 })
  expect(await send(one, port)).toEqual({ status: 200 })
  expect(answered).toBe(2)
})

describe('TLS', () => {
  const file = (name: string) => readFileSync(new URL(`../../vectors/tls/${name}`, import.meta.url), 'utf8')
  const ca = file('shop.example.pem') // of nobody but these tests
  const secured = async (): Promise<number> => {
    const server = createHttps({ key: file('shop.example.key'), cert: ca }, (_request, response) =>
      response.end(),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closing.push(() => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()))
    return (server.address() as AddressInfo).port
  }
  const sendTo = ({ post }: Poster, name: string, port: number) =>
    post(new URL(`https://${name}:${port}/`), {}, '')

  test('the certificate must be trusted and be for the name in the URL', async () => {
    const port = await secured()
    expect(await sendTo(poster({ ca, totalMs: 2_000 }), 'shop.example', port)).toEqual({ status: 200 })
    expect(await sendTo(poster({ totalMs: 2_000 }), 'shop.example', port)).toEqual({ failure: 'unreachable' })
    expect(await sendTo(poster({ ca, totalMs: 2_000 }), 'other.example', port)).toEqual({
      failure: 'unreachable',
    })
  })
})
