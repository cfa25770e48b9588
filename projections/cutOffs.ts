// The cut-offs that merchants have set, and from which business date on each counts.
import { cutOffCountsFrom, type MerchantEvent } from '../src/domain/merchants/merchant.ts'
import { projection, streamId } from './projection.ts'

export type CutOffRow = { readonly merchantId: string; readonly from: string; readonly cutOff: string }

export const cutOffs = projection<MerchantEvent, CutOffRow>({
  name: 'cut_offs_v1',
  columns: { merchantId: 'text', from: 'text', cutOff: 'text' },
  key: ['merchantId', 'from'],
  indexes: [],
  handles: ['MerchantRegistered', 'MerchantSettingsChanged'],
  concerns: ({ data }) => data.cutOff !== undefined,
  keyOf: (event) => [streamId(event), fromOf(event)],
  evolve: (_row, event) => ({ merchantId: streamId(event), from: fromOf(event), cutOff: event.data.cutOff! }),
})

const fromOf = ({ data }: MerchantEvent): string =>
  'changedAt' in data ? cutOffCountsFrom(data.changedAt) : ''
