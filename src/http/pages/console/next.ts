// Where somebody goes on to after signing in: only to a page of the console.

export const nextOf = (asked: string | undefined): string =>
  asked !== undefined && asked.length <= 500 && /^\/console(?:[/?][\w./?=&%~-]*)?$/.test(asked)
    ? asked
    : '/console'

/** Without a page the sign-in says that the session has ended: a form was sent, and is lost. */
export const signInAddress = (page: string | undefined): string => {
  if (page === undefined) return '/console/sign-in?ended=1'
  return page === '/console' ? '/console/sign-in' : `/console/sign-in?next=${encodeURIComponent(page)}`
}
