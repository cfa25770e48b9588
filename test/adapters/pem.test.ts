// Files of authorities: what holds no certificate is refused, for TLS would then trust everybody or nobody, and say nothing.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readAuthorities } from '../../src/adapters/node/pem.ts'

const folder = mkdtempSync(join(tmpdir(), 'thungan-pem-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = join(folder, 'authorities.pem')
const vector = (name: string) => readFileSync(new URL(`../vectors/tls/${name}`, import.meta.url), 'utf8')
const [one, other] = [vector('localhost.pem'), vector('shop.example.pem')]
const read = (text: string) => {
  writeFileSync(file, text)
  return readAuthorities(file, 'a test')
}

test('one certificate, or several with words between them, are taken as they are', () => {
  expect(read(one)).toBe(one)
  expect(read(`# ours\n${one}# theirs\n${other}`)).toBe(`# ours\n${one}# theirs\n${other}`)
})

test.each([
  ['nothing', ''],
  ['a blank line', '\n'],
  ['words', 'our authority'],
  ['a key', vector('shop.example.key')],
  ['half a certificate', one.slice(0, one.length / 2)],
  ['a certificate that is none', one.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA')],
  ['one that is broken behind one that is whole', one + other.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA')],
])('%s is refused', (_what, text) => {
  expect(() => read(text)).toThrow(/Cannot use .*authorities\.pem for a test: it must hold certificates/)
})

test('a file that is not there is named', () => {
  expect(() => readAuthorities(join(folder, 'none.pem'), 'a test')).toThrow(
    /Cannot read .*none\.pem for a test/,
  )
})
