import { Select } from 'antd';
import { useState } from 'react';
import { itemsOf, useApi } from '@api/queries';
import type { components } from '@api/schema';

export type ChosenSku = components['schemas']['OfferSku'];

const label = (sku: ChosenSku) => `${sku.code} ${sku.title} ${sku.spec}`.trim();

/** One of our SKUs, found by code, title or spec; before anything is typed, those ``near`` a word. */
export function SkuSelect({ value, onChange, near = '' }: { value: ChosenSku | undefined; onChange: (sku: ChosenSku | undefined) => void; near?: string }) {
  const [text, setText] = useState('');
  const found = itemsOf(useApi<{ items: ChosenSku[] }>('/api/goods', { text: text || near, limit: 20 }, { keep: true }).data);
  const known = value && !found.some((s) => s.id === value.id) ? [value, ...found] : found;
  return (
    <Select
      allowClear
      showSearch={{ filterOption: false, onSearch: setText }}
      placeholder="选我们的商品"
      aria-label="我们的商品"
      className="s-sku"
      value={value?.id}
      options={known.map((s) => ({ value: s.id, label: label(s) }))}
      notFoundContent="没有找到，换个词试试"
      onChange={(id: string | undefined) => onChange(known.find((s) => s.id === id))}
    />
  );
}
