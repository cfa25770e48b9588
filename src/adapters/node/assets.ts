// The files of the API reference page, from the package that brings them.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))

const types: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
}

/** One of the few files that the page names; any other path is nothing. */
export async function asset(path: string): Promise<Response | undefined> {
  const type = types[path]
  if (!type) return undefined
  const headers = { 'content-type': type, 'cache-control': 'public, max-age=86400' }
  return new Response(await readFile(join(folder, path)), { headers })
}
