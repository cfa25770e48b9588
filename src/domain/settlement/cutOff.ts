// The cut-off: the time in Vietnam (UTC+7 all year) at which a merchant's business day ends.
/** `HH:MM`, from 00:01 to 24:00. */
export type CutOff = string
export const midnight: CutOff = '24:00'

export const isCutOff = (text: string): boolean =>
  /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(text) && text !== '00:00'

const minutesOf = (cutOff: CutOff): number => Number(cutOff.slice(0, 2)) * 60 + Number(cutOff.slice(3))

/** The instant (RFC 3339 UTC) at which a business date ends: what is recorded then, or later, is of the next. */
export const cutInstant = (date: string, cutOff: CutOff): string =>
  new Date(Date.parse(`${date}T00:00:00+07:00`) + minutesOf(cutOff) * 60_000).toISOString()
