// Server-sent events of one payment: its status now, then on every change, until the reader leaves.
import { formatMoney } from '../domain/core/money.ts'
import type { Reply } from './endpoint.ts'
import type { Services } from './services.ts'

const heartbeatMs = 15_000
const utf8 = new TextEncoder()

/** `event: status`, `id:` the version, `data: {status, amount, amountReceived, currency}`; a comment every 15 s keeps proxies open. */
export function statusStream(paymentId: string, signal: AbortSignal, services: Services): Reply {
  let stop = () => {}
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      let open = true
      const send = (text: string) => {
        if (open) controller.enqueue(utf8.encode(text))
      }
      const onChange = latestOnly(async () => {
        try {
          send(await statusEvent(paymentId, services))
        } catch (error) {
          services.log.error(
            { err: error, where: 'statusStream' },
            'a live stream could not be read; it ends',
          )
          leave()
        }
      })
      const unwatch = services.watch(`payment-${paymentId}`, onChange)
      const beat = setInterval(() => send(': still here\n\n'), heartbeatMs)
      stop = () => {
        open = false
        clearInterval(beat)
        unwatch()
      }
      const leave = () => {
        if (open) controller.close()
        stop()
      }
      if (signal.aborted) return leave()
      signal.addEventListener('abort', leave, { once: true })
      onChange()
    },
    cancel: () => stop(),
  })
  const headers = {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  }
  return { status: 200, body, headers }
}

async function statusEvent(paymentId: string, { gateway }: Services): Promise<string> {
  const { state, version } = await gateway.payments.load(paymentId)
  if (state.status === 'new') throw new Error(`no such payment: ${paymentId}`)
  const { status, due, received } = state
  const data = {
    status,
    amount: formatMoney(due),
    amountReceived: formatMoney(received),
    currency: due.currency,
  }
  return `event: status\nid: ${version}\ndata: ${JSON.stringify(data)}\n\n`
}

/** Runs `work` one at a time; calls that come meanwhile become one more run after it. */
function latestOnly(work: () => Promise<void>): () => void {
  let running = false
  let again = false
  const run = async () => {
    running = true
    do {
      again = false
      await work()
    } while (again)
    running = false
  }
  return () => {
    if (running) again = true
    else void run()
  }
}
