// EMV tag-length-value text: two digits of id, two digits of length in characters, then the value.

/** One data object: its value is text, or the objects of a template, in the order they were written. */
export type Field = { readonly id: string; readonly value: string | readonly Field[] }

/** An object as it lies in the text, before anyone asks whether its value is a template. */
export type TextField = { readonly id: string; readonly value: string }

/** What could be read, and where reading had to stop. */
type TlvReading = {
  readonly fields: readonly TextField[]
  readonly fault?: { readonly id: string; readonly message: string }
}

const headerPattern = /^\d{4}$/
const surrogate = /[\ud800-\udfff]/
const longestValue = 99

/**
 * One level of objects, left to right; never throws. Lengths count Unicode code points.
 * After a fault nothing further can be trusted, so reading stops there.
 */
export function readFields(text: string): TlvReading {
  const fields: TextField[] = []
  let at = 0
  while (at < text.length) {
    const header = text.slice(at, at + 4)
    if (!headerPattern.test(header))
      return { fields, fault: { id: '', message: `no id and length after ${fields.length} objects` } }
    const id = header.slice(0, 2)
    const length = Number(header.slice(2))
    const end = after(text, at + 4, length)
    if (length === 0) return { fields, fault: { id, message: `object ${id} has length zero` } }
    if (end === undefined)
      return { fields, fault: { id, message: `object ${id} declares ${length} characters, fewer are left` } }
    fields.push({ id, value: text.slice(at + 4, end) })
    at = end
  }
  return { fields }
}

/** The index after so many code points; undefined when the text ends before. */
function after(text: string, start: number, count: number): number | undefined {
  let at = start
  for (let left = count; left > 0; left--) {
    if (at >= text.length) return undefined
    at += isPair(text, at) ? 2 : 1
  }
  return at
}

const isPair = (text: string, at: number): boolean => text.codePointAt(at)! > 0xffff

/** The text of these objects, in the order given. Throws RangeError as `writeField` does. */
export const writeFields = (fields: readonly Field[]): string =>
  fields
    .map(({ id, value }) => writeField(id, typeof value === 'string' ? value : writeFields(value)))
    .join('')

/** One object; the id is two digits. Throws RangeError when the value is not 1-99 characters. */
export function writeField(id: string, value: string): string {
  const length = countCharacters(value)
  if (length < 1 || length > longestValue)
    throw new RangeError(`object ${id} has ${length} characters, 1-${longestValue} fit`)
  return id + (length < 10 ? '0' : '') + length + value
}

/** Unicode code points: a surrogate pair counts once. */
export function countCharacters(text: string): number {
  if (!surrogate.test(text)) return text.length // nearly always, and several times as fast
  let count = 0
  for (let at = 0; at < text.length; at += isPair(text, at) ? 2 : 1) count++
  return count
}

/** The value at a dotted path such as `38.01.00`; the first one where an id is repeated. */
export function valueAt(fields: readonly Field[], path: string): Field['value'] | undefined {
  const [id, ...rest] = path.split('.')
  const value = fields.find((field) => field.id === id)?.value
  if (rest.length === 0 || value === undefined) return value
  return typeof value === 'string' ? undefined : valueAt(value, rest.join('.'))
}

/** As `valueAt`, for an object that holds text. */
export function textAt(fields: readonly Field[], path: string): string | undefined {
  const value = valueAt(fields, path)
  return typeof value === 'string' ? value : undefined
}
