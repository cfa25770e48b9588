// A posted form of our own pages: from the same site, small, and text only.
import type { Context } from 'hono'
import { messagePage } from './message.ts'
import { isSameOrigin } from './sameOrigin.ts'
import type { Visit } from './visit.ts'

const formMax = 8_192

/** One field, or nothing: absent, empty and uploaded files are all the same here. */
export type Form = (name: string) => string

/** All values of a field. */
type Fields = (name: string) => readonly string[]

/** One value a field, or the page that says why they are not taken. */
export async function readForm(visit: Visit, c: Context, publicUrl: string): Promise<Form | Response> {
  const fields = await readFields(visit, c, publicUrl)
  return fields instanceof Response ? fields : (name) => fields(name).at(-1) ?? ''
}

export async function readFields(visit: Visit, c: Context, publicUrl: string): Promise<Fields | Response> {
  if (!isSameOrigin(c, publicUrl)) return messagePage(visit, 403, 'foreignForm')
  const length = c.req.header('content-length') // browsers always send it with a form
  if (length === undefined || Number(length) > formMax) return messagePage(visit, 413, 'tooLarge')
  const fields = await c.req.parseBody({ all: true })
  return (name) =>
    [fields[name] ?? []].flat().flatMap((value) => (typeof value === 'string' ? [value.trim()] : []))
}
