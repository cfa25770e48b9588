// A JSON list of objects, alone or as the one field of an object, read element by element.
import { type JsonRecord, jsonRecord } from './json.ts'
import { type Format, unreadable } from './records.ts'

/**
 * Elements are found by their brackets, and each is then read for itself; between them there are commas, as JSON wants it.
 * `field`: what the list is called where it stands in an object.
 */
export function jsonList(field: string): Format<JsonRecord> {
  const opening = new RegExp(`^\\s*(?:(\\{)\\s*"${field}"\\s*:\\s*)?\\[`)
  const notList = `Not a JSON list: [{…}, …] or {"${field}": [{…}, …]}.`
  let number = 0
  let state: 'before' | 'element' | 'next' | 'wrapped' | 'after' = 'before'

  /** Where the elements begin in the first block, 0 in those that follow. */
  const beginOf = (text: string): number => (state === 'before' ? (opening.exec(text)?.[0].length ?? 0) : 0)
  let wrapped = false

  const records = (text: string): readonly JsonRecord[] => {
    const found: JsonRecord[] = []
    let at = beginOf(text)
    if (at > 0) {
      wrapped = opening.exec(text)![1] !== undefined
      state = 'element'
    }
    for (; at < text.length; at++) {
      const character = text[at]!
      if (/\s/.test(character)) continue
      if (state === 'next' && character === ',') state = 'element'
      else if (character === ']' && (state === 'next' || (state === 'element' && number === 0)))
        state = wrapped ? 'wrapped' : 'after'
      else if (character === '}' && state === 'wrapped') state = 'after'
      else if (state === 'element' && character === '{') {
        const end = endOfObject(text, at)
        if (end === 0) throw unreadable(`${notList} Element ${number + 1} does not end.`)
        found.push(jsonRecord(text.slice(at, end), ++number))
        at = end - 1
        state = 'next'
      } else throw unreadable(number === 0 ? notList : `${notList} After element ${number}.`)
    }
    return found
  }

  return {
    endOf: (text) => endOfElements(text, beginOf(text)),
    records,
    end: () => {
      if (state !== 'after') throw unreadable(`${notList} It does not end: was it cut off?`)
    },
    tooLong: () => `Element ${number + 1} is too long.`,
  }
}

/** After the last object that is whole. */
function endOfElements(text: string, begin: number): number {
  let end = 0
  for (let at = text.indexOf('{', begin); at >= 0; at = text.indexOf('{', end)) {
    const next = endOfObject(text, at)
    if (next === 0) break
    end = next
  }
  return end
}

/** After the bracket that closes the object which begins there; 0 where there is none. */
function endOfObject(text: string, begin: number): number {
  let depth = 0
  let quoted = false
  for (let at = begin; at < text.length; at++) {
    const character = text[at]
    if (quoted) {
      if (character === '\\') at++
      else if (character === '"') quoted = false
    } else if (character === '"') quoted = true
    else if (character === '{') depth++
    else if (character === '}' && --depth === 0) return at + 1
  }
  return 0
}
