// What any request may be refused with: no key, no JSON, too much, too early, too often.
import type { Entry } from './entry.ts'

export const requestProblems = {
  unauthorized: {
    status: 401,
    title: 'No valid API key',
    detail: 'Send "Authorization: Bearer <key>" with a key that is valid and not revoked.',
  },
  forbidden: {
    status: 403,
    title: 'Not for this role',
    detail: 'The key is valid, but its role may not do this.',
  },
  not_found: { status: 404, title: 'Not found', detail: 'There is nothing here that this key may see.' },
  method_not_allowed: { status: 405, title: 'Method not allowed', detail: 'See the Allow header.' },
  malformed_json: {
    status: 400,
    title: 'Not JSON',
    detail: 'The body must be one JSON object in UTF-8.',
  },
  duplicate_key: {
    status: 400,
    title: 'A key stands twice in an object',
    detail: 'Parsers disagree on which of the two counts: send it once.',
  },
  nesting_too_deep: { status: 400, title: 'Nested too deep', detail: 'At most 16 levels are read.' },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    detail: 'Send "Content-Type: application/json".',
  },
  body_too_large: { status: 413, title: 'Body too large', detail: 'At most 65536 bytes are read here.' },
  validation_failed: {
    status: 422,
    title: 'The request does not fit',
    detail:
      'Each entry of "errors" names a place in the body (JSON pointer) or a parameter, and what is wrong.',
  },
  idempotency_key_invalid: {
    status: 400,
    title: 'Idempotency-Key does not fit',
    detail: 'Send 1 to 255 printable ASCII characters, best a UUID.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'Idempotency-Key used with another body',
    detail: 'A key names one request for ever. Use a new key for a new request.',
  },
  version_differs: {
    status: 412,
    title: 'The resource has changed',
    detail: 'If-Match names another version than the one in "version". Read it again and decide again.',
  },
  signature_missing: {
    status: 401,
    title: 'Signature headers missing',
    detail: 'Send webhook-id, webhook-timestamp and webhook-signature (Standard Webhooks).',
  },
  signature_invalid: {
    status: 401,
    title: 'Signature does not match',
    detail: 'Sign "id.timestamp.body" over the raw body with the connector\'s secret.',
  },
  timestamp_outside_window: {
    status: 401,
    title: 'Timestamp outside the window',
    detail: 'webhook-timestamp must be within five minutes of now. Check the clock, then sign anew.',
  },
  stream_busy: {
    status: 409,
    title: 'Too many changes at once',
    detail: 'Others are changing the same resource. Send the request again.',
  },
  service_busy: {
    status: 503,
    title: 'Busy',
    detail: 'More is waiting than can be stored now. Try again after a second.',
  },
  store_unavailable: {
    status: 503,
    title: 'The store cannot be written',
    detail: 'Nothing was recorded. Try again later; the operator has been told.',
  },
  not_at_the_edge: {
    status: 501,
    title: 'Not available at the edge',
    detail: 'This gateway runs on Cloudflare Workers, which cannot do this. Nothing was recorded.',
  },
  internal_error: {
    status: 500,
    title: 'Something went wrong here',
    detail: 'It has been logged. Repeating the request with the same Idempotency-Key is safe.',
  },
  too_many_guesses: {
    status: 429,
    title: 'Too many wrong codes',
    detail: 'Who guesses must wait: see Retry-After.',
  },
  forgetting_unavailable: {
    status: 501,
    title: 'Nobody can be forgotten here',
    detail: 'In a cluster the keys of sealed texts derive from the master key: none can be destroyed alone.',
  },
} as const satisfies Record<string, Entry>
