// `thungan sandbox-acquirer`: an acquirer in a process of its own, to which a gateway can connect.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { openAcquirer } from '../../src/adapters/iso8583/acquirer/acquirer.ts'
import { messageCodec } from '../../src/adapters/iso8583/codec.ts'
import { profiles } from '../../src/adapters/iso8583/profile.ts'
import { newTrace } from '../../src/domain/pos/networkTrace.ts'
import { eventually } from '../support/gateway.ts'
import { node } from '../support/node.ts'
import { thungan } from '../support/thungan.ts'

test.each(['ascii87', 'bcd87'] as const)('answers in %s', async (profile) => {
  const options = [
    'src/adapters/node/cli/thungan.ts',
    'sandbox-acquirer',
    '--port',
    '0',
    '--profile',
    profile,
  ]
  const child = spawn(node, options)
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  await eventually('it says where it listens', () => /:\d+ /.test(out))
  const port = Number(/:(\d+) /.exec(out)![1])
  const now = () => new Date()
  const codec = messageCodec(profiles[profile])
  const line = { host: '127.0.0.1', port, codec, now, chance: () => 0 }
  const network = openAcquirer({ ...line, noticed: () => {} })
  await eventually('the line is up', network.isUp)
  const request = {
    kind: 'sale',
    terminalId: '9QZXW4F2',
    cardAcceptorId: 'TN7K3MA9QZXW4F2',
    reference: 'QQQQQQQQQQQ1',
    trace: newTrace(now(), 1),
    card: { first6: '555555', last4: '4444', token: 'tok_decline_51' },
    amount: { minor: 125_000n, currency: 'VND' },
    acceptsPartial: false,
  } as const
  expect(await network.authorize(request, () => {})).toMatchObject({ responseCode: '51' })
  await network.close()
  child.kill('SIGKILL')
})

test.each([
  ['--port', 'x'],
  ['--port', '65536'],
  ['--late-ms', '-1'],
  ['--late-ms', '600001'],
  ['--profile', 'ebcdic'],
])('says what is wrong with %s %s, and does not begin', async (...option) => {
  const { status, stderr, stdout } = await thungan(['sandbox-acquirer', ...option])
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain(`error: option '${option[0]}`)
})

test('says so where another program listens', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  const { status, stderr } = await thungan(['sandbox-acquirer', '--port', String(port)])
  taken.close()
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/^error: .*EADDRINUSE/) })
})
