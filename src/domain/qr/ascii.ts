// Vietnamese to plain ASCII, for fields that only carry the EMV common character set (space to tilde).

const commonCharacters = /^[\x20-\x7e]*$/

/**
 * The text without Vietnamese marks (composed or decomposed), đ as d and Đ as D, white space as spaces, and
 * every other character outside the common set removed: no control or bidirectional one survives.
 */
export function foldToAscii(text: string): string {
  if (commonCharacters.test(text)) return text
  return text
    .replaceAll('đ', 'd') // the stroke of đ is part of the letter: it has no decomposition
    .replaceAll('Đ', 'D')
    .replace(/\s/g, ' ')
    .normalize('NFD')
    .replace(/[^\x20-\x7e]/g, '')
}
