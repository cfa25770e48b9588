// The floor that the bench of tills compares with: the same framing, every frame sent back as it came.
import { createServer } from 'node:net'
import { wrap } from '../src/adapters/iso8583/envelope.ts'
import { frameSplitter } from '../src/adapters/iso8583/framing.ts'
import { ascii87 } from '../src/adapters/iso8583/profile.ts'

const server = createServer((socket) => {
  const split = frameSplitter({ length: ascii87.envelope.length, frameMax: 4_096 })
  socket.setNoDelay(true)
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    for (const frame of split(chunk).frames) socket.write(wrap(frame, '', ascii87.envelope))
  })
})
server.listen(0, '127.0.0.1', () => process.send?.({ tillPort: (server.address() as { port: number }).port }))
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }))
process.on('disconnect', () => process.exit(0))
