// What statistics, the registry and seals refuse.
import type { Entry } from './entry.ts'

export const adoptionProblems = {
  establishment_not_found: {
    status: 404,
    title: 'No such establishment',
    detail: 'Check the id of the establishment.',
  },
  day_not_sealed: {
    status: 409,
    title: 'The day is not sealed yet',
    detail: 'A business day is sealed once it is over. Ask again then.',
  },
  not_published: {
    status: 422,
    title: 'Not published',
    detail:
      'Without a key of the regulator, statistics are answered by whole months, some days after each is over.',
  },
  too_many_cells: {
    status: 422,
    title: 'Too many cells',
    detail: 'Ask for a longer interval, fewer groups or fewer days.',
  },
} as const satisfies Record<string, Entry>
