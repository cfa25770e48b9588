// An XML document that is written while it is sent: what has been written so far is taken piece by piece.
import { createCB } from 'xmlbuilder2'

export function xmlPieces() {
  let text = ''
  const xml = createCB({
    data: (piece: string) => {
      text += piece
    },
    prettyPrint: true,
    indent: ' ',
  })
  return {
    xml: xml.dec({ version: '1.0', encoding: 'UTF-8' }),
    /** What was written since it was asked last; may be empty. */
    written: (): string => {
      const piece = text
      text = ''
      return piece
    },
  }
}
