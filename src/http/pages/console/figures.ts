// A few figures side by side.
import { type Html, html } from '../html.ts'

export type Figure = { readonly name: string; readonly value: string }

export const figures = (list: readonly Figure[]): Html =>
  html`<dl class="figures">${list.map(({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>`
