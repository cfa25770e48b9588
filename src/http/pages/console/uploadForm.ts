// The form for a file of bills. The file comes last: what is said of it is then known before its first byte.
import { newUploadId } from '../../../domain/core/ids.ts'
import type { Services } from '../../services.ts'
import { type Html, html } from '../html.ts'
import type { ConsoleVisit } from './consolePage.ts'

export const uploadForm = ({ texts, to }: ConsoleVisit, { crypto }: Services): Html => {
  const { bills } = texts.console
  const uploadId = newUploadId((_purpose, size) => crypto.random(size))
  return html`<section class="panel" aria-labelledby="upload">
<h2 id="upload">${bills.upload}</h2>
<p class="hint">${bills.lead}</p>
<form class="stack" id="upload-form" method="post" enctype="multipart/form-data" action="${to('/console/bills')}" data-progress="/console/bills/uploads/${uploadId}">
<input type="hidden" name="uploadId" value="${uploadId}">
<label>${bills.charset}
<select name="charset">${Object.entries(bills.charsets).map(([value, name]) => html`<option value="${value}">${name}</option>`)}</select></label>
<details><summary>${bills.totals}</summary>
<p class="hint">${bills.totalsHow}</p>
<div class="fields">
<label>${bills.count}<input name="count" inputmode="numeric" maxlength="20" autocomplete="off"></label>
<label>${bills.sum}<input name="sum" inputmode="numeric" maxlength="24" autocomplete="off"></label>
</div></details>
<label>${bills.file}
<input type="file" name="file" required accept=".csv,.json,.ndjson,.jsonl" aria-describedby="file-hint"></label>
<p class="hint" id="file-hint">${bills.fileHint}</p>
<p><button class="button">${bills.submit}</button></p>
</form>
<div class="progress" id="progress" hidden data-sending="${bills.progress.sending}" data-checking="${bills.progress.checking}" data-rows="${bills.progress.rows}" data-failed="${bills.progress.failed}">
<p id="progress-text" aria-hidden="true"></p>
<progress max="1" aria-labelledby="progress-said"></progress>
<p class="unseen" id="progress-said" role="status"></p>
</div>
</section>`
}
