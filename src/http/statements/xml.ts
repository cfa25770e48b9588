// XML as a stream, and only what a bank's file needs of it: no document type, no entities, bounded depth, texts and attributes.
import sax from 'sax'
import { fault, unreadable } from './reader.ts'

export type XmlHandler = {
  readonly open: (name: string, attributes: Readonly<Record<string, string>>) => void
  /** The text of an element that has no other elements; '' for all else. */
  readonly close: (name: string, text: string) => void
}

const depthMax = 40
const textMax = 4_096
const attributesMax = 40

const refused = 'A document type or entities in a bank statement are refused.'

/** A parser that throws at the first fault. Names come without their prefixes. */
export function xmlReader({ open, close }: XmlHandler) {
  const parser = sax.parser(true, { position: true })
  let depth = 0
  let text = ''
  let attributes = 0

  parser.onerror = (error) => {
    const [what = ''] = error.message.split('\n')
    if (/doctype|entity/i.test(what)) throw fault('statement_dtd_refused', refused)
    throw unreadable(`Line ${parser.line + 1} is not XML: ${what}`)
  }
  parser.ondoctype = () => {
    throw fault('statement_dtd_refused', refused)
  }
  parser.onprocessinginstruction = ({ name, body }) => {
    const encoding = name === 'xml' && /encoding\s*=\s*["']([\w.-]+)/.exec(body)?.[1]
    if (encoding && !/^(utf-?8|us-ascii)$/i.test(encoding))
      throw unreadable(`Encoded as ${encoding}: send it as UTF-8.`)
  }
  parser.onattribute = () => {
    attributes += 1
    if (attributes > attributesMax) throw unreadable('An element with too many attributes.')
  }
  parser.onopentag = ({ name, attributes: named }) => {
    depth += 1
    if (depth > depthMax) throw unreadable(`More than ${depthMax} elements inside each other.`)
    text = ''
    attributes = 0
    open(localName(name), named as Record<string, string>)
  }
  parser.ontext = (piece) => {
    text += piece
    if (text.length > textMax) throw unreadable('An element with too long a text.')
  }
  parser.oncdata = parser.ontext
  parser.onclosetag = (name) => {
    depth -= 1
    close(localName(name), text.trim())
    text = ''
  }
  return parser
}

const localName = (name: string): string => {
  const colon = name.indexOf(':')
  return colon < 0 ? name : name.slice(colon + 1)
}
