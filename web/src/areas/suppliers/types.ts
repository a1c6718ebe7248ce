import type { components } from '@api/schema';

type Schemas = components['schemas'];

export type Row = Schemas['SupplierListRow'];
export type Detail = Schemas['SupplierDetail'];
export type Freight = Schemas['FreightTable'];
export type Zone = Schemas['FreightZoneIn'];

export const CHANNELS: Record<string, { label: string; text: string }> = {
  sheet: { label: '表格', text: '把发货单表格发给供应商，回传快递单号表格' },
  link: { label: '链接', text: '发一个链接，供应商打开就能接单、填单号，不用账号' },
  text: { label: '文本', text: '复制成文字发到聊天里' },
  api: { label: '接口下单', text: '在他的平台上自动下单，单号自动回来' },
};

export const CONTACT: readonly { key: 'person' | 'phone' | 'wechat' | 'address'; label: string }[] = [
  { key: 'person', label: '联系人' },
  { key: 'phone', label: '电话' },
  { key: 'wechat', label: '微信' },
  { key: 'address', label: '发货地址' },
];
