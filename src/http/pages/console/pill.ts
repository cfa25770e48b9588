// A state in a word and a color; the word alone is enough.
import { type Html, html } from '../html.ts'

type Tone = 'good' | 'warn' | 'bad' | 'plain'

const tones: Readonly<Record<string, Tone>> = {
  paid: 'good',
  completed: 'good',
  active: 'good',
  pending: 'warn',
  authorized: 'warn',
  requested: 'warn',
  sent: 'warn',
  unknown: 'warn',
  silent: 'warn',
  registered: 'warn',
  declined: 'bad',
  failed: 'bad',
  lost: 'bad',
  blocked: 'bad',
}

export const pill = (state: string, text: string): Html =>
  html`<span class="pill ${tones[state] ?? 'plain'}">${text}</span>`
