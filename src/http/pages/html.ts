// The template tag of the pages: what it interpolates is escaped, unless it is made by the tag itself or said to be markup already.
import { html, raw } from 'hono/html'

export { html, raw }
export type Html = ReturnType<typeof html>
