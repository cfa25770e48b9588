// k6: a shop sells by QR. Each iteration creates a payment, plays the bank's notification, and reads the payment back.

import { check } from 'k6'
import crypto from 'k6/crypto'
import encoding from 'k6/encoding'
import exec from 'k6/execution'
import http from 'k6/http'
import { Counter } from 'k6/metrics'

const { BASE_URL, MERCHANT_KEY, SITE_ID, CONNECTOR_ID, CONNECTOR_SECRET, BANK_BIN, ACCOUNT_NUMBER } = __ENV

// What the load generator counted; run.ts asks the API at the end whether it counted the same.
const sold = new Counter('sold')
const taken = new Counter('taken')

export const options = {
  scenarios: {
    sellByQr: {
      executor: 'constant-arrival-rate', // open loop: a slow answer does not slow the next sale down
      rate: Number(__ENV.RATE || 100),
      duration: __ENV.DURATION || '30s',
      preAllocatedVUs: 50,
      maxVUs: 500,
    },
  },
  thresholds: {
    checks: ['rate==1'],
    http_req_failed: ['rate==0'],
    dropped_iterations: ['count==0'],
    'http_req_duration{endpoint:create}': ['p(99)<100'],
    'http_req_duration{endpoint:notify}': ['p(99)<100'],
    'http_req_duration{endpoint:read}': ['p(99)<100'],
  },
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
}

const json = { 'content-type': 'application/json' }
const merchant = { ...json, authorization: `Bearer ${MERCHANT_KEY}` }
const secret = encoding.b64decode(CONNECTOR_SECRET.slice('whsec_'.length))

export default function sellByQr() {
  const index = exec.scenario.iterationInTest
  const amount = 10_000 + (index % 1_000) * 500
  const payment = create(index, amount)
  if (payment && notify(payment, amount) && readBack(payment)) {
    sold.add(1)
    taken.add(amount)
  }
}

function create(index, amount) {
  const body = {
    siteId: SITE_ID,
    method: 'qr',
    amount: String(amount),
    currency: 'VND',
    orderId: `k6-${index}`,
  }
  const headers = { ...merchant, 'idempotency-key': `k6-${index}` }
  const answer = http.post(`${BASE_URL}/v1/payments`, JSON.stringify(body), {
    headers,
    tags: { endpoint: 'create' },
  })
  const good = check(answer, {
    'created (201)': ({ status }) => status === 201,
    'has a QR': ({ body }) => String(body).includes('"payload":"000201'),
  })
  return good ? answer.json() : undefined
}

function notify({ reference }, amount) {
  const transactionId = `FT${reference}`
  const body = JSON.stringify({
    transactionId,
    bankBin: BANK_BIN,
    accountNumber: ACCOUNT_NUMBER,
    amount: String(amount),
    currency: 'VND',
    content: `MBVCB.123.TN${reference}.CT tu 0987654321`,
    occurredAt: new Date().toISOString(),
  })
  const timestamp = String(Math.floor(Date.now() / 1000))
  const signature = crypto.hmac('sha256', secret, `${transactionId}.${timestamp}.${body}`, 'base64')
  const headers = {
    ...json,
    'webhook-id': transactionId,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  }
  const url = `${BASE_URL}/v1/connectors/${CONNECTOR_ID}/notifications`
  const answer = http.post(url, body, { headers, tags: { endpoint: 'notify' } })
  return check(answer, {
    'applied (200)': ({ status, body }) => status === 200 && body.includes('"applied"'),
  })
}

function readBack({ id }) {
  const answer = http.get(`${BASE_URL}/v1/payments/${id}`, {
    headers: merchant,
    tags: { endpoint: 'read', name: '/v1/payments/{id}' },
  })
  return check(answer, { 'reads as paid': (reply) => reply.json('status') === 'paid' })
}
