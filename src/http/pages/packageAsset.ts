// The files of a package that a page draws with, under an address of the page.
import type { Services } from '../services.ts'
import { messagePage } from './message.ts'
import type { PageRoute } from './route.ts'

/** `path` ends with the file: `/docs/assets/:name`. */
export const packageAsset = (path: string, { asset }: Services): PageRoute => ({
  method: 'get',
  path,
  run: async (visit, c) => {
    const found = await asset(c.req.param('name') ?? '')
    if (!found) return messagePage(visit, 404, 'notFound')
    found.headers.set('x-content-type-options', 'nosniff')
    return found
  },
})
