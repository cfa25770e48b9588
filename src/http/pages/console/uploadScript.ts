// Runs on the page for bills: shows how far the file is, and puts the answer in the place of the page. Without it the form works as any.

export const uploadScript = `const pollMs = 500
const sayMs = 4000

/** What is shown while a file is on its way; a screen reader is told each step, and now and then how far it is. */
function progressOf(box) {
  const line = box.querySelector('p')
  const bar = box.querySelector('progress')
  const said = box.querySelector('[role=status]')
  let saidAt = 0
  const show = (text, part) => {
    line.textContent = text
    if (part === undefined) bar.removeAttribute('value')
    else bar.value = part
    if (performance.now() - saidAt < sayMs) return
    saidAt = performance.now()
    said.textContent = text
  }
  const step = (text, part) => {
    saidAt = -sayMs
    show(text, part)
  }
  return { show, step, texts: box.dataset }
}

function send(event) {
  const form = event.target
  if (form.id !== 'upload-form') return
  event.preventDefault()
  const box = document.getElementById('progress')
  const { show, step, texts } = progressOf(box)
  const language = document.documentElement.lang
  const number = (value) => new Intl.NumberFormat(language).format(value)
  const percent = (part) => new Intl.NumberFormat(language, { style: 'percent' }).format(part)
  const body = new FormData(form)
  const enable = (enabled) => {
    for (const button of form.querySelectorAll('button')) button.disabled = !enabled
  }
  let following
  const fail = () => {
    clearInterval(following)
    enable(true)
    step(texts.failed, 0)
  }
  const follow = async () => {
    const answer = await fetch(form.dataset.progress).catch(() => undefined)
    if (!answer || !answer.ok || answer.redirected) return
    const { status, rows, accepted, unchanged, rejectedCount } = await answer.json()
    if (status !== 'recording' || rows === 0) return
    const done = accepted + unchanged + rejectedCount
    show(texts.rows.replace('#', number(done)).replace('#', number(rows)), done / rows)
  }

  enable(false)
  box.hidden = false
  step(texts.sending)
  const request = new XMLHttpRequest()
  request.open('POST', form.action)
  request.responseType = 'document'
  request.upload.onprogress = ({ loaded, total, lengthComputable }) => {
    if (lengthComputable && loaded < total) show(texts.sending + ' ' + percent(loaded / total), loaded / total)
  }
  request.upload.onload = () => {
    step(texts.checking)
    following = setInterval(follow, pollMs)
  }
  request.onerror = fail
  request.onload = () => {
    clearInterval(following)
    const signedOut = new URL(request.responseURL).pathname !== new URL(form.action).pathname
    if (signedOut) location.assign(request.responseURL)
    else if (request.response) put(request.response)
    else fail()
  }
  request.send(body)
}

/** The answer is a whole page: its main part takes the place of this one's, and is read from its beginning. */
function put(page) {
  const main = document.getElementById('main')
  main.replaceChildren(...page.getElementById('main').childNodes)
  document.title = page.title
  main.focus()
  scrollTo(0, 0)
}

document.addEventListener('submit', send)
`
