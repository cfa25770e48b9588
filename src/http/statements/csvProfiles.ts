// The CSV statements of Vietnamese banks, as data: what their columns are called, and how they write days and amounts.

export const csvColumns = [
  'bookedOn',
  'valueOn',
  'credit',
  'debit',
  'amount',
  'direction',
  'currency',
  'balance',
  'bankReference',
  'endToEndId',
  'text',
  'counterpartyBank',
  'counterpartyAccount',
  'accountNumber',
] as const
export type CsvColumn = (typeof csvColumns)[number]

export type CsvProfile = {
  readonly name: string
  /** Headings, in lower case; of a heading in two languages either part. The first one that is there counts. */
  readonly columns: Readonly<Partial<Record<CsvColumn, readonly string[]>>>
  /** A file is of this profile if it has these. */
  readonly required: readonly CsvColumn[]
  /** `dmy`: 21/11/2026, `ymd`: 2026-11-21. A time may follow. */
  readonly days: 'dmy' | 'ymd'
  /** What stands between thousands, and before decimals. */
  readonly group: ',' | '.' | ''
  readonly decimal: ',' | '.'
}

/** The order in which they are tried: one that asks for more comes before one that asks for less. */
export const csvProfiles: readonly CsvProfile[] = [
  {
    name: 'techcombank',
    columns: {
      bookedOn: ['ngày giao dịch', 'transaction date'],
      valueOn: ['ngày kh thực hiện', 'requesting date'],
      bankReference: ['số bút toán', 'reference no', 'reference'],
      counterpartyBank: ['ngân hàng đối tác', "remitter's bank"],
      counterpartyAccount: ['tài khoản đích', "remitter's account number", 'tài khoản đối ứng'],
      text: ['diễn giải', 'description', 'details'],
      debit: ['nợ', 'debit'],
      credit: ['có', 'credit'],
      balance: ['số dư', 'running balance', 'balance'],
    },
    required: ['bookedOn', 'bankReference', 'text', 'debit', 'credit'],
    days: 'dmy',
    group: ',',
    decimal: '.',
  },
  {
    name: 'bidv',
    columns: {
      bookedOn: ['ngày giao dịch', 'transaction date', 'ngày gd'],
      valueOn: ['ngày hiệu lực', 'effective date'],
      bankReference: ['số giao dịch', 'số ct', 'seq. no', 'transaction no'],
      debit: ['phát sinh nợ', 'ps nợ'],
      credit: ['phát sinh có', 'ps có'],
      balance: ['số dư', 'balance'],
      text: ['mô tả', 'nội dung', 'nội dung giao dịch', 'remark'],
      counterpartyAccount: ['tài khoản đối ứng', 'số tài khoản đối ứng'],
    },
    required: ['bookedOn', 'text', 'debit', 'credit'],
    days: 'dmy',
    group: '.',
    decimal: ',',
  },
  {
    name: 'vietcombank',
    columns: {
      bookedOn: ['ngày giao dịch', 'ngày gd', 'tnx date', 'ngày'],
      bankReference: ['số tham chiếu', 'số ct', 'doc no'],
      debit: ['số tiền ghi nợ', 'ghi nợ'],
      credit: ['số tiền ghi có', 'ghi có'],
      balance: ['số dư', 'balance'],
      text: ['mô tả', 'nội dung chi tiết', 'transactions in detail', 'nội dung'],
      counterpartyAccount: ['số tài khoản đối ứng', 'tài khoản đối ứng'],
    },
    required: ['bookedOn', 'text', 'debit', 'credit'],
    days: 'dmy',
    group: ',',
    decimal: '.',
  },
  {
    name: 'plain',
    columns: {
      bookedOn: ['bookedon', 'booking date', 'bookingdate', 'date'],
      valueOn: ['valueon', 'value date', 'valuedate'],
      amount: ['amount'],
      direction: ['direction', 'creditdebit'],
      currency: ['currency'],
      balance: ['balance'],
      bankReference: ['bankreference', 'transactionid', 'reference', 'bank reference'],
      endToEndId: ['endtoendid', 'end-to-end id'],
      text: ['text', 'description', 'content', 'details'],
      counterpartyBank: ['counterpartybank'],
      counterpartyAccount: ['counterpartyaccount'],
      accountNumber: ['accountnumber', 'account'],
    },
    required: ['bookedOn', 'amount'],
    days: 'ymd',
    group: '',
    decimal: '.',
  },
  {
    name: 'plain-debit-credit',
    columns: {
      bookedOn: ['bookedon', 'booking date', 'bookingdate', 'date'],
      valueOn: ['valueon', 'value date', 'valuedate'],
      credit: ['credit'],
      debit: ['debit'],
      currency: ['currency'],
      balance: ['balance'],
      bankReference: ['bankreference', 'transactionid', 'reference', 'bank reference'],
      endToEndId: ['endtoendid', 'end-to-end id'],
      text: ['text', 'description', 'content', 'details'],
      counterpartyBank: ['counterpartybank'],
      counterpartyAccount: ['counterpartyaccount'],
      accountNumber: ['accountnumber', 'account'],
    },
    required: ['bookedOn', 'credit', 'debit'],
    days: 'ymd',
    group: '',
    decimal: '.',
  },
]

/** What stands above or below the rows, in front of a colon or in the cell before; in lower case. */
export const csvLabels = {
  accountNumber: [
    'số tài khoản',
    'tài khoản',
    'account number',
    'account no',
    'account',
    'so tai khoan',
    'tai khoan',
  ],
  currency: ['loại tiền', 'loại tiền tệ', 'currency', 'tiền tệ'],
  opening: ['số dư đầu kỳ', 'opening balance', 'so du dau ky'],
  closing: ['số dư cuối kỳ', 'closing balance', 'so du cuoi ky'],
  from: ['từ ngày', 'từ', 'from', 'from date', 'tu ngay'],
  to: ['đến ngày', 'đến', 'to', 'to date', 'den ngay'],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** Rows that only add up what stands above them. */
export const csvTotals = [
  'tổng cộng',
  'tổng',
  'cộng',
  'total',
  'tổng phát sinh',
  'cộng phát sinh',
  'tong cong',
]
