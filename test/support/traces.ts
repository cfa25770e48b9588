// Looks for traces of a text or a key in every byte of every file of a folder.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const formsOfText = (text: string): Buffer[] => {
  const unmarked = text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D')
  const escaped = JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  const forms = [text.normalize('NFC'), text.normalize('NFD'), unmarked, escaped.slice(1, -1)]
  const cases = forms.flatMap((form) => [form, form.toUpperCase(), form.toLowerCase()])
  return [...new Set(cases)].flatMap((form) => [
    Buffer.from(form),
    Buffer.from(form, 'utf16le'),
    Buffer.from(Buffer.from(form).toString('base64').slice(0, -4)),
  ])
}

const formsOfKey = (key: Uint8Array): Buffer[] => {
  const bytes = Buffer.from(key)
  const texts = [
    bytes.toString('hex'),
    bytes.toString('base64').slice(0, -4),
    bytes.toString('base64url').slice(0, -4),
  ]
  return [bytes, ...texts.map((text) => Buffer.from(text))]
}

/** The names of the files in which any of the texts (with and without marks) or of the keys stands. */
export function filesWith(folder: string, texts: readonly string[], keys: readonly Uint8Array[]): string[] {
  const forms = [...texts.flatMap(formsOfText), ...keys.flatMap(formsOfKey)]
  return filesIn(folder).filter((name) => {
    const bytes = readFileSync(join(folder, name))
    return forms.some((form) => bytes.includes(form))
  })
}

export const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
