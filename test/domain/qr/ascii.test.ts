// Folding to ASCII: every Vietnamese letter, however it is composed, and nothing that could harm a screen.
import { describe, expect, test } from 'vitest'
import { foldToAscii } from '../../../src/domain/qr/ascii.ts'

// The twelve vowels, each bare and with grave, hook, tilde, acute and dot below; and đ.
const letters: Readonly<Record<string, string>> = {
  a: 'aàảãáạăằẳẵắặâầẩẫấậ',
  d: 'dđ',
  e: 'eèẻẽéẹêềểễếệ',
  i: 'iìỉĩíị',
  o: 'oòỏõóọôồổỗốộơờởỡớợ',
  u: 'uùủũúụưừửữứự',
  y: 'yỳỷỹýỵ',
}

describe.each(Object.entries(letters))('%s', (plain, marked) => {
  test.each([...marked])('%s', (letter) => {
    for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'] as const) {
      expect(foldToAscii(letter.normalize(form))).toBe(plain)
      expect(foldToAscii(letter.toUpperCase().normalize(form))).toBe(plain.toUpperCase())
    }
  })
})

test('134 marked letters, upper and lower case, were looked at', () => {
  const marked = Object.entries(letters).flatMap(([plain, all]) => [...all].filter((each) => each !== plain))
  expect(new Set(marked.flatMap((each) => [each, each.toUpperCase()])).size).toBe(134)
})

test.each([
  ['Tiền điện tháng 3', 'Tien dien thang 3'],
  ['CÔNG TY TNHH ĐÔNG Á', 'CONG TY TNHH DONG A'],
  ['Quý khách đặt cọc 50%', 'Quy khach dat coc 50%'],
  ['a\u0302\u0301m a\u0301\u0302m', 'am am'], // marks in either order
  ["already ASCII ~!@#'", "already ASCII ~!@#'"],
  ['two  spaces', 'two  spaces'],
  ['line\nbreak\ttab\u00a0space', 'line break tab space'],
  ['cà phê ☕ 25.000 ₫', 'ca phe  25.000 '],
  ['北京 シ', ' '],
  ['', ''],
])('%j becomes %j', (text, folded) => {
  expect(foldToAscii(text)).toBe(folded)
})

test.each([
  ['NUL', '\u0000'],
  ['escape', '\u001b'],
  ['delete', '\u007f'],
  ['next line, a C1 control', '\u009f'],
  ['right-to-left override', '\u202e'],
  ['left-to-right isolate', '\u2066'],
  ['right-to-left mark', '\u200f'],
  ['zero-width space', '\u200b'],
  ['zero-width joiner', '\u200d'],
  ['half a surrogate pair', '\ud83d'],
  ['tag character', '\u{e0041}'],
])('%s does not survive', (_, character) => {
  expect(foldToAscii(`a${character}b`)).toBe('ab')
})

test('of all of Unicode only the 95 common characters come out', () => {
  for (let code = 0; code <= 0x10ffff; code++)
    if (!/^[\x20-\x7e]*$/.test(foldToAscii(String.fromCodePoint(code)))) expect(code).toBe('folded')
})
