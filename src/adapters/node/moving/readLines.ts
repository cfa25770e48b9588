// The lines of a file, many at a time, each with its line break; the last has none where the file was cut off.
import { createReadStream } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'

const chunk = 1 << 20
const lineMax = 1 << 28 // a file without line breaks is not ours, and would fill the memory

/** Not `node:readline`: that one also breaks lines at characters that JSON leaves as they are. */
export async function* readLines(file: string): AsyncGenerator<readonly string[]> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const bytes of createReadStream(file, { highWaterMark: chunk })) {
    const pieces = (rest + decoder.write(bytes as Buffer)).split('\n')
    rest = pieces.pop()!
    if (rest.length > lineMax) break
    if (pieces.length > 0) yield pieces.map((piece) => `${piece}\n`)
  }
  rest += decoder.end()
  if (rest !== '') yield [rest]
}
