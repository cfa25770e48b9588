// Whether a form was sent from a page of this site: a page elsewhere must not press buttons here in a visitor's name.
import type { Context } from 'hono'

/** Browsers say where a form comes from: Sec-Fetch-Site on secure addresses, Origin with every form. Saying nothing is a no. */
export function isSameOrigin({ req }: Context, publicUrl: string): boolean {
  const site = req.header('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin'
  const origin = req.header('origin')
  return origin === new URL(req.url).origin || origin === new URL(publicUrl).origin
}
