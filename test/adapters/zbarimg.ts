// Reads a QR picture with zbarimg: a decoder that shares no code with the library that drew it.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The text of the one QR code in a picture file of this kind. Throws when there is none, or no zbarimg. */
export function scan(picture: Uint8Array, extension: 'png' | 'pbm'): string {
  const folder = mkdtempSync(join(tmpdir(), 'thungan-qr-'))
  try {
    const file = join(folder, `qr.${extension}`)
    writeFileSync(file, picture)
    const { error, status, stdout, stderr } = spawnSync('zbarimg', ['--quiet', '--raw', '--oneshot', file], {
      encoding: 'utf8',
    })
    if (error)
      throw new Error('zbarimg is not installed: install the Debian package zbar-tools', { cause: error })
    if (status !== 0) throw new Error(`zbarimg found no code (status ${status}): ${stderr}`)
    return stdout.replace(/\n$/, '')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
