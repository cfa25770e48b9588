// What an issuer's answer (DE39) means: what to do next, and what to say to the payer and to the cashier.
import { type PayerText, payerTexts } from './payerTexts.ts'

/**
 * `retryable`: no now, and perhaps yes in a moment or with another PIN; `pick_up`: keep the card if that is safe; `unknown`:
 * money may have moved, so the request must be reversed.
 */
export type ResponseClass = 'approved' | 'declined' | 'retryable' | 'pick_up' | 'unknown'

export type Bilingual = { readonly vi: string; readonly en: string }

export type ResponseMeaning = {
  readonly class: ResponseClass
  /** Never says that a card is wanted or a fraud suspected: the payer may not be to blame, and may be dangerous. */
  readonly payer: Bilingual
  readonly cashier: Bilingual
}

type Row = readonly [kind: ResponseClass, payer: PayerText, vi: string, en: string]

const pickUp = (vi: string, en: string): Row => ['pick_up', 'declined', vi, en]

const rows: Readonly<Record<string, Row>> = {
  '00': ['approved', 'approved', 'Chấp thuận', 'Approved'],
  '01': ['declined', 'declined', 'Gọi ngân hàng phát hành', 'Refer to the card issuer'],
  '02': [
    'declined',
    'declined',
    'Gọi ngân hàng phát hành (điều kiện đặc biệt)',
    'Refer to the card issuer, special condition',
  ],
  '03': [
    'declined',
    'declined',
    'Đơn vị chấp nhận thẻ không hợp lệ: gọi ngân hàng thanh toán',
    'Invalid merchant: call the acquirer',
  ],
  '04': pickUp('Thu giữ thẻ', 'Pick up the card'),
  '05': ['declined', 'declined', 'Không chấp thuận', 'Do not honor'],
  '06': ['retryable', 'later', 'Lỗi xử lý: thử lại', 'Error: try again'],
  '07': pickUp('Thu giữ thẻ (điều kiện đặc biệt)', 'Pick up the card, special condition'),
  '10': [
    'approved',
    'partial',
    'Chấp thuận một phần: thu phần còn lại bằng cách khác',
    'Approved for a part: take the rest another way',
  ],
  '12': ['declined', 'declined', 'Giao dịch không hợp lệ', 'Invalid transaction'],
  '13': ['declined', 'declined', 'Số tiền không hợp lệ', 'Invalid amount'],
  '14': ['declined', 'card', 'Số thẻ không hợp lệ', 'Invalid card number'],
  '15': ['declined', 'card', 'Không có ngân hàng phát hành này', 'No such issuer'],
  '25': ['declined', 'declined', 'Không tìm thấy giao dịch gốc', 'Record not found'],
  '26': ['declined', 'declined', 'Bản ghi trùng lặp', 'Duplicate record'],
  '30': [
    'declined',
    'declined',
    'Sai định dạng: báo bộ phận kỹ thuật',
    'Format error: tell technical support',
  ],
  '33': pickUp('Thẻ hết hạn: thu giữ thẻ', 'Expired card: pick up'),
  '34': pickUp('Nghi ngờ gian lận: thu giữ thẻ', 'Suspected fraud: pick up'),
  '35': pickUp('Gọi ngân hàng thanh toán: thu giữ thẻ', 'Contact the acquirer: pick up'),
  '36': pickUp('Thẻ bị hạn chế: thu giữ thẻ', 'Restricted card: pick up'),
  '37': pickUp('Gọi bộ phận an ninh của ngân hàng: thu giữ thẻ', 'Call acquirer security: pick up'),
  '38': pickUp('Nhập sai PIN quá số lần: thu giữ thẻ', 'PIN tries exceeded: pick up'),
  '41': pickUp('Thẻ báo mất: thu giữ thẻ', 'Lost card: pick up'),
  '43': pickUp('Thẻ báo bị đánh cắp: thu giữ thẻ', 'Stolen card: pick up'),
  '51': ['declined', 'funds', 'Không đủ số dư', 'Not enough funds'],
  '54': ['declined', 'expired', 'Thẻ hết hạn', 'Expired card'],
  '55': ['retryable', 'pin', 'Sai PIN: mời nhập lại', 'Wrong PIN: ask for it again'],
  '57': [
    'declined',
    'declined',
    'Thẻ không được phép thực hiện giao dịch này',
    'Not permitted to the cardholder',
  ],
  '58': [
    'declined',
    'declined',
    'Thiết bị không được phép thực hiện giao dịch này',
    'Not permitted to the terminal',
  ],
  '59': ['declined', 'declined', 'Nghi ngờ gian lận', 'Suspected fraud'],
  '61': ['declined', 'limit', 'Vượt hạn mức số tiền', 'Over the amount limit'],
  '62': ['declined', 'declined', 'Thẻ bị hạn chế', 'Restricted card'],
  '63': [
    'declined',
    'declined',
    'Lỗi bảo mật: báo bộ phận kỹ thuật',
    'Security error: tell technical support',
  ],
  '64': ['declined', 'declined', 'Số tiền gốc không khớp', 'Original amount incorrect'],
  '65': ['declined', 'limit', 'Vượt số lần giao dịch', 'Over the count limit'],
  '68': [
    'unknown',
    'unknown',
    'Trả lời quá muộn: chưa rõ kết quả, đang đảo giao dịch',
    'Answer too late: outcome unknown, being reversed',
  ],
  '75': ['declined', 'pinTries', 'Nhập sai PIN quá số lần', 'PIN tries exceeded'],
  '90': [
    'retryable',
    'later',
    'Hệ thống đang chốt sổ: thử lại sau ít phút',
    'Cut-off in progress: try again in a few minutes',
  ],
  '91': [
    'retryable',
    'later',
    'Ngân hàng phát hành không phản hồi: thử lại',
    'Issuer not available: try again',
  ],
  '92': ['retryable', 'later', 'Không chuyển tiếp được: thử lại', 'No route to the issuer: try again'],
  '94': [
    'unknown',
    'unknown',
    'Giao dịch trùng: chưa rõ kết quả, đang đảo giao dịch',
    'Duplicate: outcome unknown, being reversed',
  ],
  '95': ['declined', 'declined', 'Sai lệch đối chiếu', 'Reconciliation error'],
  '96': ['retryable', 'later', 'Hệ thống lỗi: thử lại', 'System malfunction: try again'],
}

const otherwise: Row = ['declined', 'declined', 'Không chấp thuận (mã lạ)', 'Declined (unfamiliar code)']

/** A code that nobody told us about is a no: only what is known to approve approves. */
export function meaningOfResponse(code: string): ResponseMeaning {
  const [kind, payer, vi, en] = Object.hasOwn(rows, code) ? rows[code]! : otherwise
  return { class: kind, payer: payerTexts[payer], cashier: { vi, en } }
}

export const isApproval = (code: string): boolean => meaningOfResponse(code).class === 'approved'

/** Every code with a meaning of its own. */
export const responseCodes: readonly string[] = Object.keys(rows).sort()
