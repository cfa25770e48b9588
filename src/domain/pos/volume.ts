// A volume as people and pumps write it: liters with up to three decimals.

const pattern = /^(0|[1-9]\d{0,5})(?:\.(\d{1,3}))?$/

/** `"40.5"` → 40500 milliliters; undefined for anything else: signs, letters, four decimals, a million liters. */
export function parseVolume(text: string): number | undefined {
  const parts = pattern.exec(text)
  if (!parts) return undefined
  const [, liters = '', decimals = ''] = parts
  return Number(liters + decimals.padEnd(3, '0'))
}

/** Always with three decimals, as a pump shows it. */
export const formatVolume = (milliliters: number): string => {
  const digits = milliliters.toString().padStart(4, '0')
  return `${digits.slice(0, -3)}.${digits.slice(-3)}`
}
