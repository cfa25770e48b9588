// Server-sent events: what every live stream has in common. It ends when the reader or the gateway leaves, or when it cannot go on.
import type { Reply } from './endpoint.ts'
import type { Services } from './services.ts'

const heartbeatMs = 15_000
const utf8 = new TextEncoder()

export type EventStream = {
  readonly send: (event: { event: string; id: string; data: object }) => void
  /** Ends the stream for the reader. */
  readonly leave: () => void
  /** A function that does the work one at a time; calls that come meanwhile become one more run. An error ends the stream. */
  readonly latestOnly: (work: () => Promise<void>) => () => void
}

/** Begins what sends; the function it returns undoes it. A comment every 15 s keeps proxies open. */
export function eventStream(
  where: string,
  signal: AbortSignal,
  { log, departure: { streamsEnd } }: Pick<Services, 'log' | 'departure'>,
  begin: (stream: EventStream) => () => void,
): Reply {
  let stop = () => {}
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      let open = true
      let end = () => {}
      const write = (text: string) => {
        if (open) controller.enqueue(utf8.encode(text))
      }
      const beat = setInterval(() => write(': still here\n\n'), heartbeatMs)
      stop = () => {
        open = false
        clearInterval(beat)
        streamsEnd.removeEventListener('abort', leave)
        end()
      }
      const leave = () => {
        if (open) controller.close()
        stop()
      }
      const guarded = (work: () => Promise<void>) => async () => {
        try {
          await work()
        } catch (error) {
          log.error({ err: error, where }, 'a live stream could not be read; it ends')
          leave()
        }
      }
      if (signal.aborted || streamsEnd.aborted) return leave()
      streamsEnd.addEventListener('abort', leave)
      signal.addEventListener('abort', leave, { once: true })
      end = begin({
        send: ({ event, id, data }) => write(`event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`),
        leave,
        latestOnly: (work) => latestOnly(guarded(work)),
      })
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
