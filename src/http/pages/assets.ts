// The stylesheet, scripts and icon of the pages, each under an address that changes with its content.
import type { Hono } from 'hono'
import type { Services } from '../services.ts'
import { checkoutScript } from './checkoutScript.ts'
import { consoleStyles } from './console/stylesheet.ts'
import { uploadScript } from './console/uploadScript.ts'
import { docsScript } from './docsScript.ts'
import { icon } from './icon.ts'
import { mapScript } from './map/mapScript.ts'
import { stylesheet } from './stylesheet.ts'

const assets = {
  'style.css': { type: 'text/css; charset=utf-8', text: stylesheet },
  'checkout.js': { type: 'text/javascript; charset=utf-8', text: checkoutScript },
  'console.css': { type: 'text/css; charset=utf-8', text: consoleStyles },
  'upload.js': { type: 'text/javascript; charset=utf-8', text: uploadScript },
  'map.js': { type: 'text/javascript; charset=utf-8', text: mapScript },
  'docs.js': { type: 'text/javascript; charset=utf-8', text: docsScript },
  'icon.svg': { type: 'image/svg+xml', text: icon },
} as const
type AssetName = keyof typeof assets
export type AssetUrl = (name: AssetName) => string

/** Serves them, and gives their addresses: with the content's hash, so that a new version is fetched at once. */
export function mountAssets(app: Hono, { crypto }: Services): AssetUrl {
  const urls = new Map<string, string>()
  for (const [name, { type, text }] of Object.entries(assets)) {
    const headers = {
      'content-type': type,
      'cache-control': 'public, max-age=86400',
      'x-content-type-options': 'nosniff',
    }
    app.get(`/assets/${name}`, () => new Response(text, { headers }))
    urls.set(name, `/assets/${name}?v=${crypto.hash(text).slice(0, 8)}`)
  }
  return (name) => urls.get(name)!
}
