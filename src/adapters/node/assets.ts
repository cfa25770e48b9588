// The files that pages draw with, from the packages that bring them: the API reference and the map.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

const { resolve } = createRequire(import.meta.url)

const css = 'text/css; charset=utf-8'
const script = 'text/javascript; charset=utf-8'
const files: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  'swagger-ui.css': { file: 'swagger-ui-dist/swagger-ui.css', type: css },
  'swagger-ui-bundle.js': { file: 'swagger-ui-dist/swagger-ui-bundle.js', type: script },
  'leaflet.css': { file: 'leaflet/dist/leaflet.css', type: css },
  'leaflet.js': { file: 'leaflet/dist/leaflet.js', type: script },
}

/** One of the few files that the pages name; any other path is nothing. */
export async function asset(path: string): Promise<Response | undefined> {
  const found = Object.hasOwn(files, path) ? files[path] : undefined
  if (!found) return undefined
  const headers = { 'content-type': found.type, 'cache-control': 'public, max-age=86400' }
  return new Response(await readFile(resolve(found.file)), { headers })
}
