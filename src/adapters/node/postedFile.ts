// A posted form with a file, read as it comes: a file of any size takes no more memory than a piece of it.
import { Readable } from 'node:stream'
import { Busboy, type BusboyInstance } from '@fastify/busboy'
import type { PostedFile, Services } from '../../http/services.ts'

const limits = {
  files: 1,
  fields: 16,
  fieldNameSize: 100,
  fieldSize: 1_024,
  headerPairs: 32,
  headerSize: 8_192,
}

/** The fields must stand before the file: what comes after it is not read. */
export const postedFile: Services['postedFile'] = (contentType, body) =>
  new Promise<PostedFile | undefined>((resolve) => {
    const form = busboyOf(contentType)
    if (!form) return resolve(undefined)
    const source = Readable.from(body)
    const fields = new Map<string, string>()
    form.on('field', (name, value) => fields.set(name, value.trim()))
    form.on('file', (_field, file, name) => {
      const cutOff = () => file.destroy(new Error('the form was cut off'))
      file.on('error', () => {}) // whoever reads it is told; nobody may be reading yet
      file.once('close', () => file.readableEnded || source.destroy()) // who stops reading wants no more
      form.on('error', cutOff)
      source.on('error', cutOff)
      resolve({ fields, name: name ?? '', bytes: file })
    })
    form.on('error', () => resolve(undefined))
    form.once('finish', () => resolve(undefined))
    source.on('error', () => resolve(undefined))
    source.pipe(form)
  })

function busboyOf(contentType: string): BusboyInstance | undefined {
  if (!/^multipart\/form-data\s*;/i.test(contentType)) return undefined
  try {
    return new Busboy({ headers: { 'content-type': contentType }, limits })
  } catch {
    return undefined // no boundary
  }
}
