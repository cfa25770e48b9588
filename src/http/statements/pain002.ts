// A bank's report on payouts, ISO 20022 pain.002 of any version: the statuses in it, of payouts, of groups, or of the whole message.
import sax from 'sax'
import type { ReportedStatus } from '../../domain/settlement/payoutStatus.ts'

/** The file cannot be taken; the message says where and why. */
export class StatusReportFault extends Error {
  override name = 'StatusReportFault'
}

const depthMax = 40
const textMax = 4_096
const statusesMax = 100_000

/** What is read of the file, by the names of elements inside each other. */
const root = ['Document', 'CstmrPmtStsRpt']
const notOne = 'Not a pain.002: it has no Document with a CstmrPmtStsRpt.'
const levels = {
  OrgnlGrpInfAndSts: { id: 'OrgnlMsgId', status: 'GrpSts' },
  OrgnlPmtInfAndSts: { id: 'OrgnlPmtInfId', status: 'PmtInfSts' },
  TxInfAndSts: { id: 'OrgnlEndToEndId', status: 'TxSts' },
} as const
type Level = keyof typeof levels
type Found = { id?: string; code?: string; reason?: string }

/** Throws StatusReportFault. A document type is refused, and with it every entity of its own. */
export async function readPain002(file: AsyncIterable<Uint8Array>): Promise<readonly ReportedStatus[]> {
  const reading = statusesIn()
  const parser = sax.parser(true, {})
  const path: string[] = []
  let content = ''
  let begun = false
  parser.onerror = (error) => {
    throw new StatusReportFault(`Line ${parser.line + 1} is not XML: ${error.message.split('\n')[0]}`)
  }
  parser.ondoctype = () => {
    throw new StatusReportFault('A document type is refused.')
  }
  parser.onopentag = ({ name }) => {
    path.push(name.slice(name.indexOf(':') + 1))
    content = ''
    if (path.length > depthMax)
      throw new StatusReportFault(`More than ${depthMax} elements inside each other.`)
    if (path.length <= root.length && path.at(-1) !== root[path.length - 1])
      throw new StatusReportFault(notOne)
    begun ||= path.length === root.length
    reading.opened(path)
  }
  parser.ontext = (piece) => {
    content += piece
    if (content.length > textMax) throw new StatusReportFault('An element with too long a text.')
  }
  parser.oncdata = parser.ontext
  parser.onclosetag = () => {
    reading.closed(path, content.trim())
    path.pop()
    content = ''
  }
  for await (const text of texts(file)) parser.write(text)
  parser.close()
  if (!begun) throw new StatusReportFault(notOne)
  return reading.statuses
}

async function* texts(file: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const bytes of file) yield decoded(() => decoder.decode(bytes, { stream: true }))
  yield decoded(() => decoder.decode())
}

function decoded(decode: () => string): string {
  try {
    return decode()
  } catch {
    throw new StatusReportFault('Not UTF-8.')
  }
}

/** Collects what is said at each level; what is said of a group counts for all in it, where none is named. */
function statusesIn() {
  const statuses: ReportedStatus[] = []
  const open: Partial<Record<Level, Found>> = {}
  let messageId = ''

  const opened = (path: readonly string[]): void => {
    const name = path.at(-1) as Level
    if (Object.hasOwn(levels, name)) open[name] = {}
  }

  const closed = (path: readonly string[], text: string): void => {
    const name = path.at(-1)!
    const level = path.findLast((one): one is Level => Object.hasOwn(levels, one))
    const found = level && open[level]
    if (!found) return
    const { id, status } = levels[level]
    if (name === id && path.at(-2) === level) found.id = text
    else if (name === status && path.at(-2) === level) found.code = text
    else if (path.at(-2) === 'Rsn' && path.at(-3) === 'StsRsnInf') found.reason = text.slice(0, 35)
    else if (name === level) ended(level, found)
  }

  const ended = (level: Level, { id, code, reason }: Found): void => {
    delete open[level]
    if (level === 'OrgnlGrpInfAndSts') messageId = id ?? ''
    if (code === undefined) return
    if (statuses.length === statusesMax) throw new StatusReportFault(`More than ${statusesMax} statuses.`)
    if (id === undefined) throw new StatusReportFault(`A ${level} with a status and no ${levels[level].id}.`)
    const said = { code, ...(reason !== undefined && { reason }) }
    if (level === 'TxInfAndSts') statuses.push({ ...said, endToEndId: id })
    else if (level === 'OrgnlGrpInfAndSts') statuses.push({ ...said, messageId: id })
    else statuses.push({ ...said, messageId, paymentInformationId: id })
  }

  return { statuses, opened, closed }
}
