// The tables: the State Bank of Vietnam's payment instruments, acceptance and transactions as the Red Book has them, and the RBI's indicators.
import {
  isAnyTerminal,
  isCardPayment,
  isDomestic,
  isPosTerminal,
  isQrDisplay,
  isQrPayment,
  isQrPoint,
  isUnattended,
} from './rows.ts'
import type { InstitutionTable } from './table.ts'

const cards = { vi: 'Thẻ ngân hàng tại điểm bán', en: 'Bank cards at the point of sale' }
const qr = { vi: 'Chuyển khoản qua mã QR', en: 'Credit transfers by QR code' }
const posTerminals = { vi: 'Thiết bị POS', en: 'POS terminals' }

/** Of the instruments that the State Bank lists, those that this gateway sees. */
const sbvInstruments: InstitutionTable = {
  id: 'sbv-payment-instruments',
  title: {
    vi: 'Giao dịch theo phương tiện thanh toán nội địa (theo quý)',
    en: 'Transactions by domestic payment instrument (quarterly)',
  },
  schemaVersion: '1.0',
  frequency: 'quarter',
  rows: [
    { code: 'BANK_CARD', label: cards, payments: isCardPayment },
    { code: 'QR_CODE', label: qr, payments: isQrPayment },
    { code: 'TOTAL', label: { vi: 'Tổng cộng', en: 'Total' }, payments: isDomestic },
  ],
}

const cpmiAcceptance: InstitutionTable = {
  id: 'cpmi-acceptance',
  title: {
    vi: 'Mạng lưới chấp nhận thanh toán (theo dạng bảng CPMI Red Book, cuối năm)',
    en: 'Acceptance (in the shape of the CPMI Red Book, end of year)',
  },
  schemaVersion: '1.0',
  frequency: 'year',
  rows: [
    { code: 'TERMINALS', label: { vi: 'Thiết bị', en: 'Terminals' }, terminals: isAnyTerminal },
    { code: 'POS_TERMINALS', label: posTerminals, terminals: isPosTerminal },
    { code: 'QR_DISPLAYS', label: { vi: 'Màn hình QR', en: 'QR displays' }, terminals: isQrDisplay },
    {
      code: 'UNATTENDED',
      label: { vi: 'Thiết bị tự phục vụ', en: 'Unattended terminals' },
      terminals: isUnattended,
    },
    { code: 'QR_POINTS', label: { vi: 'Điểm nhận QR', en: 'QR acceptance points' }, sites: isQrPoint },
  ],
}

const cpmiTransactions: InstitutionTable = {
  id: 'cpmi-transactions',
  title: {
    vi: 'Thanh toán không dùng tiền mặt (theo dạng bảng CPMI Red Book, theo năm)',
    en: 'Cashless payments (in the shape of the CPMI Red Book, yearly)',
  },
  schemaVersion: '1.0',
  frequency: 'year',
  rows: [
    { code: 'CREDIT_TRANSFERS', label: qr, payments: isQrPayment },
    { code: 'CARD_PAYMENTS', label: cards, payments: isCardPayment },
    {
      code: 'TOTAL_CASHLESS',
      label: { vi: 'Tổng cộng', en: 'Total cashless payments' },
      payments: isDomestic,
    },
  ],
}

const rbiIndicators: InstitutionTable = {
  id: 'rbi-payment-indicators',
  title: {
    vi: 'Chỉ số hệ thống thanh toán (theo dạng bảng của RBI, theo tháng)',
    en: 'Payment system indicators (in the shape of the RBI, monthly)',
  },
  schemaVersion: '1.0',
  frequency: 'month',
  rows: [
    { code: 'A.1', label: qr, payments: isQrPayment },
    { code: 'A.2', label: cards, payments: isCardPayment },
    { code: 'A', label: { vi: 'Tổng thanh toán số', en: 'Total digital payments' }, payments: isDomestic },
    { code: 'B.1', label: posTerminals, terminals: isPosTerminal },
    { code: 'B.2', label: { vi: 'Điểm nhận QR', en: 'QR acceptance points' }, sites: isQrPoint },
  ],
}

export const institutionTables: readonly InstitutionTable[] = [
  sbvInstruments,
  cpmiAcceptance,
  cpmiTransactions,
  rbiIndicators,
]
