// What a payer reads about a card, in Vietnamese and English: little, and enough to know what to do next.

export const payerTexts = {
  approved: { vi: 'Thanh toán thành công.', en: 'Payment approved.' },
  partial: { vi: 'Thẻ chỉ trả được một phần số tiền.', en: 'The card pays a part of the amount.' },
  declined: {
    vi: 'Thẻ không được chấp nhận. Vui lòng dùng cách khác hoặc liên hệ ngân hàng của bạn.',
    en: 'The card was declined. Please pay another way or ask your bank.',
  },
  card: { vi: 'Thẻ không hợp lệ. Vui lòng dùng thẻ khác.', en: 'The card is not valid. Please use another.' },
  expired: { vi: 'Thẻ đã hết hạn. Vui lòng dùng thẻ khác.', en: 'The card has expired. Please use another.' },
  funds: { vi: 'Số dư không đủ.', en: 'Not enough funds.' },
  limit: { vi: 'Vượt hạn mức của thẻ.', en: 'Over the limit of the card.' },
  pin: { vi: 'Sai mã PIN. Vui lòng nhập lại.', en: 'Wrong PIN. Please try again.' },
  pinTries: {
    vi: 'Nhập sai mã PIN quá nhiều lần. Vui lòng liên hệ ngân hàng của bạn.',
    en: 'Too many wrong PINs. Please ask your bank.',
  },
  later: {
    vi: 'Chưa thực hiện được. Vui lòng thử lại sau ít phút.',
    en: 'Not possible just now. Please try again in a few minutes.',
  },
  unknown: {
    vi: 'Chưa rõ kết quả. Chúng tôi đang hủy giao dịch này; nếu tiền đã bị giữ, ngân hàng sẽ trả lại.',
    en: 'The outcome is not known. We are reversing this payment; what was held, your bank releases.',
  },
} as const

export type PayerText = keyof typeof payerTexts
