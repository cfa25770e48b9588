// Runs on the checkout page: follows the payment, counts down, copies. What is shown always comes from the server.

export const checkoutScript = `const pollMs = 5000
const announcer = document.getElementById('announcement')
const checkout = () => document.getElementById('checkout')
let counting

function begin() {
  countDown(checkout().querySelector('[data-seconds]'))
  if (navigator.clipboard) for (const button of checkout().querySelectorAll('[data-copy]')) button.hidden = false
}

function countDown(shown) {
  clearInterval(counting)
  if (!shown) return
  const end = performance.now() + Number(shown.dataset.seconds) * 1000
  counting = setInterval(() => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000))
    shown.textContent = clock(left)
    if (left > 0) return
    clearInterval(counting)
    void refresh()
  }, 1000)
}

function clock(seconds) {
  const two = (value) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const rest = two(Math.floor((seconds % 3600) / 60)) + ':' + two(seconds % 60)
  return hours > 0 ? hours + ':' + rest : rest.replace(/^0/, '')
}

/** Takes over what the server shows now, if the payment has moved on. */
async function refresh() {
  const response = await fetch(location.href).catch(() => undefined)
  if (!response?.ok) return
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const [now, next] = [checkout(), page.getElementById('checkout')]
  if (!next || (next.dataset.state === now.dataset.state && next.dataset.view === now.dataset.view)) return
  const hadFocus = now.contains(document.activeElement)
  now.replaceWith(next)
  document.title = page.title
  announcer.textContent = next.dataset.announcement
  if (hadFocus) next.querySelector('h1').focus()
  begin()
}

function follow() {
  if (!('EventSource' in window)) return poll()
  const events = new EventSource(checkout().dataset.stream)
  events.addEventListener('status', ({ data }) => {
    const { status, amountReceived } = JSON.parse(data)
    if (status + ' ' + amountReceived !== checkout().dataset.state) void refresh()
    if (status === 'paid' || status === 'canceled') events.close()
  })
  events.addEventListener('error', () => {
    if (events.readyState === EventSource.CLOSED) poll()
  })
}

const poll = () => setInterval(refresh, pollMs)

document.addEventListener('click', async ({ target }) => {
  const button = target.closest('[data-copy]')
  if (!button) return
  await navigator.clipboard.writeText(button.dataset.copy)
  const usual = button.textContent
  button.textContent = announcer.textContent = button.dataset.done
  setTimeout(() => { button.textContent = usual }, 2000)
})

// A phone suspends the page while the bank app is in front.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void refresh()
})

begin()
follow()
`
