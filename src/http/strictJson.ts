// JSON as one meaning only: no key twice in an object, no endless nesting, UTF-8 and nothing after the value.
import type { ProblemCode } from './problem.ts'

const depthMax = 16

type Parsed =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: ProblemCode; readonly pointer: string; readonly detail: string }

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Reads JSON bytes. `pointer` (RFC 6901) names the second of two equal keys, or the place that nests too deep. */
export function parseJson(bytes: ArrayBuffer | Uint8Array): Parsed {
  try {
    const text = utf8.decode(bytes)
    const fault = findFault(text) // before parsing: a hostile depth would exhaust the parser's stack
    if (fault) return { ok: false, ...fault }
    return { ok: true, value: JSON.parse(text) }
  } catch (error) {
    const detail = error instanceof SyntaxError ? error.message : 'The body is not UTF-8.'
    return { ok: false, code: 'malformed_json', pointer: '', detail }
  }
}

type Fault = { readonly code: ProblemCode; readonly pointer: string; readonly detail: string }
type Frame = { readonly keys: Set<string> | undefined; key: string; index: number }

/** One pass over the text, looking only at strings and brackets; whether it is JSON at all is for JSON.parse to say. */
function findFault(text: string): Fault | undefined {
  const frames: Frame[] = []
  let keyNext = false
  for (let i = 0; i < text.length; i++) {
    const frame = frames.at(-1)
    switch (text.charCodeAt(i)) {
      case 0x7b: // {
      case 0x5b: {
        // [
        if (frames.length === depthMax)
          return {
            code: 'nesting_too_deep',
            pointer: pointerOf(frames),
            detail: `More than ${depthMax} levels.`,
          }
        const isObject = text[i] === '{'
        frames.push({ keys: isObject ? new Set() : undefined, key: '', index: 0 })
        keyNext = isObject
        break
      }
      case 0x7d: // }
      case 0x5d: // ]
        frames.pop()
        keyNext = false
        break
      case 0x2c: // ,
        if (frame && !frame.keys) frame.index += 1
        keyNext = frame?.keys !== undefined
        break
      case 0x22: {
        // "
        const end = endOfString(text, i)
        if (keyNext && frame?.keys) {
          frame.key = keyText(text.slice(i, end + 1))
          if (frame.keys.has(frame.key))
            return { code: 'duplicate_key', pointer: pointerOf(frames), detail: 'This key stands twice.' }
          if (frame.key === '__proto__') return unknownKey(frames)
          frame.keys.add(frame.key)
          keyNext = false
        }
        i = end
      }
    }
  }
  return undefined
}

/** No field has this name, and a validator may pass over it in silence. */
const unknownKey = (frames: readonly Frame[]): Fault => ({
  code: 'validation_failed',
  pointer: pointerOf(frames),
  detail: 'This field is not known here.',
})

/** Where the string that starts at a quote ends: at the next quote with an even number of backslashes before it. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end < 0 ? text.length : end
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0
  while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes += 1
  return backslashes % 2 === 1
}

/** `"a"` and `"\u0061"` are the same key. */
const keyText = (quoted: string): string =>
  quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1)

const pointerOf = (frames: readonly Frame[]): string =>
  frames.map(({ keys, key, index }) => `/${keys ? escaped(key) : index}`).join('')

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')
