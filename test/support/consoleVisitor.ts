// A browser of the console, without a browser: keeps its cookie, follows nothing, and posts forms as our own pages do.
import type { Answer, TestGateway } from './gateway.ts'

export type Visitor = {
  /** The cookie as the browser would send it; '' while it has none. */
  cookie: string
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Answer>
  readonly post: (
    path: string,
    fields: Record<string, string>,
    headers?: Record<string, string>,
  ) => Promise<Answer>
  /** Posts a form with a file, its fields first. */
  readonly send: (
    path: string,
    fields: Record<string, string>,
    file: { name: string; text: string },
  ) => Promise<Answer>
}

const ownPage = { 'sec-fetch-site': 'same-origin' }

export function consoleVisitor({ call }: Pick<TestGateway, 'call'>): Visitor {
  const visitor: Visitor = {
    cookie: '',
    get: (path, headers = {}) => ask('GET', path, { accept: 'text/html', ...headers }),
    post: (path, fields, headers = ownPage) => {
      const body = new URLSearchParams(fields).toString()
      const form = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': `${body.length}` }
      return ask('POST', path, { ...form, ...headers }, body)
    },
    send: (path, fields, { name, text }) => {
      const parts = Object.entries(fields).map(([field, value]) => part(`name="${field}"`, value))
      const body = `${parts.join('')}${part(`name="file"; filename="${name}"`, text)}--line--\r\n`
      return ask('POST', path, { ...ownPage, 'content-type': 'multipart/form-data; boundary=line' }, body)
    },
  }
  async function ask(method: string, path: string, headers: Record<string, string>, body?: string) {
    const cookie = visitor.cookie === '' ? {} : { cookie: visitor.cookie }
    const answer = await call(method, path, { headers: { ...headers, ...cookie }, body })
    const set = answer.headers.get('set-cookie')
    if (set) visitor.cookie = /max-age=0/i.test(set) ? '' : set.split(';')[0]!
    return answer
  }
  return visitor
}

const part = (disposition: string, content: string) =>
  `--line\r\ncontent-disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`

export async function signedIn(gateway: Pick<TestGateway, 'call'>, key: string): Promise<Visitor> {
  const visitor = consoleVisitor(gateway)
  const answer = await visitor.post('/console/sign-in', { key })
  if (answer.status !== 303) throw new Error(`not signed in: ${answer.status}`)
  return visitor
}
