// What a code means to a caller: the HTTP status, a title, and what to do about it.

export type Entry = { readonly status: number; readonly title: string; readonly detail: string }
