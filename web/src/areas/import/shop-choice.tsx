import { PlusOutlined } from '@ant-design/icons';
import { Button, Divider, Input, Select, Space } from 'antd';
import { useState } from 'react';
import { useApi, useMay, usePlatforms } from '@api/queries';
import type { components } from '@api/schema';
import { PlatformBadge } from '@kit/index';
import { useCorrect } from './asks';
import type { Card } from './types';

type Shop = components['schemas']['ShopOut'];
type Platform = components['schemas']['PlatformCardOut'];

/** Which shop a file belongs to: one we have, or a new one, named in place. Asked once; remembered by what the file calls it. */
export function ShopChoice({ card }: { card: Card }) {
  const { correct, busy } = useCorrect(card.id);
  const shops = useApi<Shop[]>('/api/shops').data ?? [];
  const fitting = shops.filter((s) => s.active && (!card.platform || s.platform === card.platform));
  const mayAdd = useMay('shops.edit');
  const [open, setOpen] = useState(false);
  const create = (platform: string, name: string) => void correct({ new_shop: { platform, name } });
  if (fitting.length === 0 && mayAdd) return <NewShop card={card} busy={busy} create={create} />;
  return (
    <Select
      className="i-control"
      placeholder="选择店铺"
      loading={busy}
      open={open}
      onOpenChange={setOpen}
      showSearch={{ optionFilterProp: 'title' }}
      options={fitting.map((s) => ({ value: s.id, title: s.name, label: <PlatformBadge platform={s.platform} shop={s.name} /> }))}
      onChange={(shop_id: string) => void correct({ shop_id })}
      popupRender={(menu) => (
        <>
          {menu}
          {mayAdd && <><Divider style={{ margin: '6px 0' }} /><div className="i-new-shop"><NewShop card={card} busy={busy} create={create} /></div></>}
        </>
      )}
    />
  );
}

function NewShop({ card, busy, create }: { card: Card; busy: boolean; create: (platform: string, name: string) => void }) {
  const [name, setName] = useState(card.shop_hint ?? '');
  const [platform, setPlatform] = useState(card.platform ?? '');
  const known = (usePlatforms() as Platform[]).filter((p) => p.kind === 'shop');
  return (
    <Space.Compact className="i-control" onKeyDown={(e) => e.stopPropagation()}>
      {!card.platform && (
        <Select
          placeholder="平台"
          style={{ width: 96 }}
          value={platform || null}
          options={known.map((p) => ({ value: p.key, label: p.short }))}
          onChange={setPlatform}
        />
      )}
      <Input placeholder="新店铺的名称" value={name} maxLength={60} onChange={(e) => setName(e.target.value)} />
      <Button type="primary" icon={<PlusOutlined />} loading={busy} disabled={!name.trim() || !platform} onClick={() => create(platform, name.trim())}>新建</Button>
    </Space.Compact>
  );
}
