// How far uploads of bills have come, for their billers to follow: in memory, of the last ones only.

/** `rows` is final once `status` is `recording`; of them `accepted + unchanged + rejectedCount` are done. */
export type UploadProgress = {
  readonly uploadId: string
  /** `refused`: nothing of it was recorded, for the reason that the upload was answered with. `failed`: send the file again. */
  status: 'receiving' | 'recording' | 'done' | 'refused' | 'failed'
  readonly startedAt: string
  endedAt?: string
  bytes: number
  rows: number
  accepted: number
  unchanged: number
  rejectedCount: number
}

/** What an upload was answered, and the SHA-256 of its file. */
export type Answered<Answer> = { readonly hash: string; readonly answer: Answer }

type Upload<Answer> = {
  readonly billerId: string
  readonly progress: UploadProgress
  answered: Answered<Answer> | undefined
}

const keptMax = 32

export type BillUploads<Answer> = ReturnType<typeof billUploads<Answer>>

export function billUploads<Answer>() {
  const uploads = new Map<string, Upload<Answer>>()
  const keyOf = (billerId: string, uploadId: string): string => `${billerId} ${uploadId}`

  return {
    /** An upload of the same id that was there before counts as begun anew; what it was answered is still known. */
    begin: (billerId: string, uploadId: string, startedAt: string): Upload<Answer> => {
      const key = keyOf(billerId, uploadId)
      const counts = { bytes: 0, rows: 0, accepted: 0, unchanged: 0, rejectedCount: 0 }
      const progress: UploadProgress = { uploadId, status: 'receiving', startedAt, ...counts }
      const upload = { billerId, progress, answered: uploads.get(key)?.answered }
      uploads.delete(key)
      uploads.set(key, upload)
      if (uploads.size > keptMax) uploads.delete(uploads.keys().next().value!)
      return upload
    },
    progressOf: (billerId: string, uploadId: string): UploadProgress | undefined =>
      uploads.get(keyOf(billerId, uploadId))?.progress,
    /** The newest first. */
    ofBiller: (billerId: string): readonly UploadProgress[] =>
      [...uploads.values()]
        .filter((upload) => upload.billerId === billerId)
        .map(({ progress }) => progress)
        .toReversed(),
  }
}
