// What every page tells the browser not to do.

const policy = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'form-action': "'self'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
}

const policyText = (rules: Readonly<Record<string, string>>): string =>
  Object.entries(rules)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ')

export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': policyText(policy),
  'x-content-type-options': 'nosniff',
  // The id in a checkout's address is for the payer only. Not `no-referrer`: forms would then lose their Origin.
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
  vary: 'accept-language',
} as const

/** `imagesFrom`: an origin that this page's pictures may come from besides our own. */
export const headersOf = (imagesFrom: string | undefined) =>
  imagesFrom === undefined
    ? pageHeaders
    : {
        ...pageHeaders,
        'content-security-policy': policyText({ ...policy, 'img-src': `${policy['img-src']} ${imagesFrom}` }),
      }
