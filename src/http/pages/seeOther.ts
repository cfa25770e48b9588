// After a form: the browser goes on to a page, so that loading it again does not send the form twice.

export const seeOther = (location: string): Response =>
  new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } })
