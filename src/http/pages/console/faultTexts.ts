// What is wrong with a row of bills, in the reader's language, and what to do about it.
import type { Language } from '../language.ts'
import type { ConsoleVisit } from './consolePage.ts'
import type { Fault } from './uploadResult.ts'

/** The API's words, in Vietnamese. What is not here is shown as the API says it. */
const vietnamese: readonly (readonly [RegExp, string])[] = [
  [/^This is missing\.$/, 'Thiếu.'],
  [/^This field is not known here\.$/, 'Không có cột này.'],
  [/^Send it as text\.$/, 'Phải gửi ở dạng chữ, trong dấu ngoặc kép.'],
  [/^At most 40 letters, digits and \. _ \/ -$/, 'Chỉ gồm nhiều nhất 40 chữ cái, chữ số và . _ / -'],
  [/^One of open, canceled, paid\.$/, 'Phải là open, canceled hoặc paid.'],
  [/^The number of another bill\.$/, 'Phải là số của một hóa đơn khác.'],
  [/^Not a customer code of this biller\.$/, 'Không đúng dạng mã khách hàng đã đặt.'],
  [/^A month such as 2026-11\.$/, 'Phải là một tháng, như 2026-11.'],
  [/^Bills are in VND\.$/, 'Hóa đơn chỉ tính bằng VND.'],
  [/^Write (\d+): digits only.*$/, 'Hãy ghi $1: chỉ chữ số, không dấu chấm, phẩy, khoảng trắng hay đơn vị.'],
  [/^Đồng in digits only.*$/, 'Phải là số đồng, chỉ chữ số, lớn hơn 0, nhiều nhất 15 chữ số.'],
  [/^A date such as .*$/, 'Phải là một ngày, như 2026-11-30 hoặc 30/11/2026.'],
  [/^Before the day on which the bill was issued\.$/, 'Trước ngày phát hành.'],
  [/^In line (\d+), too; that one counts\.$/, 'Trùng số với dòng $1; dòng kia được tính.'],
  [/^No bill of this number was sent before\.$/, 'Chưa có hóa đơn nào với số này.'],
  [/^This bill is paid, and is not changed any more\.$/, 'Hóa đơn này đã được trả, không đổi được nữa.'],
  [/^This bill was canceled\..*$/, 'Hóa đơn này đã hủy. Hãy gửi hóa đơn khác với số mới.'],
  [/^Another bill stands for this one now\.$/, 'Đã có hóa đơn khác thay hóa đơn này.'],
  [
    /^A part of this bill is paid: it is not changed any more.*$/,
    'Hóa đơn này đã trả một phần: không đổi được nữa, chỉ báo là đã trả.',
  ],
  [/^A payment of this bill is under way\..*$/, 'Đang có người trả hóa đơn này. Hãy gửi lại khi đã xong.'],
  [/^This bill is being changed by others\..*$/, 'Hóa đơn này đang được thay đổi. Hãy gửi lại.'],
  [/^Not a JSON object\.$/, 'Không phải một đối tượng JSON.'],
  [/^(\d+) cells, where the first row has (\d+)\.$/, 'Có $1 ô, trong khi dòng đầu có $2 ô.'],
  [/^Control and direction characters are not allowed\.$/, 'Không được có ký tự điều khiển.'],
  [/card number: take it out\.$/, 'Trông như có số thẻ: hãy bỏ ra.'],
]

export function faultText(detail: string, language: Language): string {
  if (language === 'en') return detail
  const [shape, text] = vietnamese.find(([pattern]) => pattern.test(detail)) ?? []
  return shape === undefined ? detail : detail.replace(shape, text!)
}

/** `field`: the column that is wrong, '' where it is the row. */
export function cureOf({ detail, code }: Fault, field: string, { texts }: ConsoleVisit): string {
  const { cures, columnHelp } = texts.console.bills
  if (code?.startsWith('bill_')) return cures.conflict
  if (detail.startsWith('In line ')) return cures.repeated
  const help = Object.entries(columnHelp).find(([name]) => name === field)
  return help?.[1] ?? (field === '' ? cures.row : cures.unknownField)
}
