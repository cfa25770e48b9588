// `thungan qr`: writes and reads payment codes.
import { writeFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import { type Command, Option } from 'commander'
import { readQr } from '../../../domain/qr/readQr.ts'
import { vietQrServices } from '../../../domain/qr/vietQrRules.ts'
import { type VietQr, writeVietQr } from '../../../domain/qr/writeVietQr.ts'
import { qrPng, qrSvg, qrTerminal } from '../../qrcode/picture.ts'
import { describeReading, toJson } from './qrReport.ts'

type Pictures = { readonly terminal?: true; readonly svg?: string; readonly png?: string }

/** Adds `qr encode` and `qr decode`. */
export function addQrCommands(program: Command): void {
  const qr = program.command('qr').description('write and read payment QR codes')

  qr.command('encode')
    .description('print a VietQR payload')
    .requiredOption('--bank-bin <digits>', "the payee's bank, six digits, e.g. 970422")
    .requiredOption('--account-number <number>', 'account, card or merchant number, up to 19 characters')
    .addOption(new Option('--service <code>', 'NAPAS service').choices(vietQrServices).default('QRIBFTTA'))
    .option('--amount <dong>', 'whole đồng; without it the payer types the amount')
    .option('--purpose <text>', 'transfer text, up to 25 characters')
    .option('--bill-number <text>')
    .option('--store-label <text>')
    .option('--reference <text>')
    .option('--customer-label <text>')
    .option('--terminal-label <text>')
    .option('--merchant-name <text>', 'up to 25 characters')
    .option('--merchant-city <text>', 'up to 15 characters')
    .option('--mcc <digits>', 'merchant category code, four digits')
    .option('--terminal', 'show the code here')
    .option('--svg <file>', 'draw it to an SVG file')
    .option('--png <file>', 'draw it to a PNG file')
    .action(encode)

  qr.command('decode')
    .description(
      'say what a payment QR payload means and which rules it breaks; exit code 1 when it is invalid',
    )
    .argument('<payload>', 'the text of the code; - reads it from standard input')
    .option('--json', 'print JSON')
    .action(decode)
}

async function encode(options: VietQr & Pictures, command: Command): Promise<void> {
  const { terminal, svg, png, ...qr } = options
  try {
    const payload = writeVietQr(qr)
    console.log(payload)
    if (terminal) process.stdout.write(await qrTerminal(payload))
    if (svg !== undefined) await writeFile(svg, await qrSvg(payload))
    if (png !== undefined) await writeFile(png, await qrPng(payload))
  } catch (error) {
    if (isTheCallers(error)) command.error(`error: ${error.message}`)
    throw error
  }
}

/** A field that does not fit, or a file that the system will not write; anything else is a bug of ours. */
const isTheCallers = (error: unknown): error is Error =>
  error instanceof RangeError || (error instanceof Error && 'syscall' in error)

async function decode(argument: string, { json }: { readonly json?: true }): Promise<void> {
  const payload = argument === '-' ? (await readAll(process.stdin)).replace(/\r?\n$/, '') : argument
  const reading = readQr(payload)
  console.log(json ? toJson(reading) : describeReading(reading))
  if (reading.errors.length > 0) process.exitCode = 1
}
