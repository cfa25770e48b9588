// What webhook endpoints refuse.
import type { Entry } from './entry.ts'

export const webhookProblems = {
  webhook_endpoint_exists: { status: 409, title: 'The endpoint exists', detail: 'Send the request again.' },
  webhook_endpoint_not_found: { status: 404, title: 'No such endpoint', detail: 'Check the endpoint id.' },
  webhook_endpoint_disabled: {
    status: 409,
    title: 'The endpoint is disabled',
    detail: 'Nothing is delivered to it. Enable it first; messages can be pulled at any time.',
  },
  webhook_endpoints_exceeded: {
    status: 409,
    title: 'Too many endpoints',
    detail: 'A merchant has at most 20. Change one that is no longer needed (PUT).',
  },
  webhook_secrets_exceeded: {
    status: 409,
    title: 'Too many secrets at once',
    detail:
      'Three older secrets still sign beside the newest. Each does so for 24 hours: rotate again later.',
  },
  webhook_replays_exceeded: {
    status: 409,
    title: 'Too many replays waiting',
    detail: 'At most 10 wait at once. Ask again when some are done, or pull the messages.',
  },
} as const satisfies Record<string, Entry>
