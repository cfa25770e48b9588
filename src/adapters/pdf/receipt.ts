// A receipt as PDF, on paper of a receipt's width; the only place that knows `pdfkit`. The fonts are embedded: they know Vietnamese.
import { createRequire } from 'node:module'
import PDFDocument from 'pdfkit'
import type { Receipt } from '../../http/pages/receipt/receipt.ts'

const { resolve } = createRequire(import.meta.url)
const fonts = {
  plain: resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf'),
  bold: resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf'),
}

/** Points. 80 mm of paper, as long as the receipt: what needs more room for its words goes on to a second page. */
const width = 227
const headAndFoot = 190
const lineHeight = 28
const noteHeight = 22
const margin = 16
const qrSize = 96
const ink = '#11231e'
const soft = '#4c5f58'

/** The same receipt gives the same bytes. `qr`: a PNG of the link in `proof`. */
export function receiptPdf(receipt: Receipt, qr: Uint8Array | undefined): Promise<Uint8Array<ArrayBuffer>> {
  const { title, seller, amount, lines, proof, notes, paidAt, language } = receipt
  const info = { Title: title, Author: 'Thu Ngân', CreationDate: new Date(paidAt) }
  const pdf = new PDFDocument({ margin, info, lang: language, autoFirstPage: false })
  const whole = bytesOf(pdf)
  pdf.registerFont('plain', fonts.plain).registerFont('bold', fonts.bold)
  pdf.addPage({ size: [width, heightOf(receipt, qr !== undefined)], margin })
  const [name = '', ...rest] = seller
  pdf.font('bold').fontSize(11).fillColor(ink).text(name, { align: 'center' })
  pdf.font('plain').fontSize(7.5).fillColor(soft).text(rest.join('\n'), { align: 'center' })
  pdf.moveDown(0.8).font('bold').fontSize(9).fillColor(ink).text(title, { align: 'center' })
  pdf.fontSize(17).text(amount, { align: 'center' }).moveDown(0.5)
  for (const { label, value } of lines) {
    pdf.font('plain').fontSize(7).fillColor(soft).text(label)
    pdf.fontSize(9).fillColor(ink).text(value).moveDown(0.25)
  }
  pdf.moveDown(0.5)
  if (qr) {
    pdf.image(Buffer.from(qr), (width - qrSize) / 2, pdf.y, { width: qrSize, height: qrSize })
    pdf.y += qrSize
  }
  pdf.fontSize(7).fillColor(soft)
  for (const note of [proof.note, ...notes]) pdf.text(note, { align: 'center' }).moveDown(0.3)
  pdf.end()
  return whole
}

const heightOf = ({ lines, notes }: Receipt, withQr: boolean): number =>
  headAndFoot + lines.length * lineHeight + notes.length * noteHeight + (withQr ? qrSize : 0)

function bytesOf(pdf: PDFKit.PDFDocument): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = []
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk))
  return new Promise((done, failed) => {
    pdf.once('end', () => done(new Uint8Array(Buffer.concat(chunks))))
    pdf.once('error', failed)
  })
}
