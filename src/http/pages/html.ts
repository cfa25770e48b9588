// The template tag of the pages: what it interpolates is escaped, unless it is made by the tag itself.
import { html } from 'hono/html'

export { html }
export type Html = ReturnType<typeof html>
