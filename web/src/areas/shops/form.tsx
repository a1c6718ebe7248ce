import { CloseOutlined } from '@ant-design/icons';
import { Form, Input, Radio, Select, Switch, Tag } from 'antd';
import { del, patch, post } from '@api/http';
import { usePlatforms } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { FormDrawer, useAct } from '@kit/index';
import { aliasWords, DIALS, PATHS, type Platform, type Shop } from './words';
import './shops.css';

interface Values {
  platform: string;
  name: string;
  external_id: string;
  recipient_path: string;
  dial: string;
  active: boolean;
}

const REFRESH = ['/api/shop', '/api/platforms'];

/** Choices with what they mean beside them. */
const explained = (words: Record<string, { label: string; text: string }>) =>
  Object.entries(words).map(([value, w]) => ({ value, label: <span><b>{w.label}</b><br /><span className="k-faint">{w.text}</span></span> }));

/** Platforms that shops can be on; one whose files nobody has confirmed yet says so. */
export function usePlatformOptions() {
  return (usePlatforms() as Platform[])
    .filter((p) => p.kind === 'shop')
    .map((p) => ({ value: p.key, label: p.verified ? p.name : `${p.name}（格式未核实）` }));
}

function Aliases({ shop }: { shop: Shop }) {
  const { act } = useAct();
  if (shop.aliases.length === 0) return <span className="k-faint">还没有；导入时说一次是哪家店，就会记在这里</span>;
  return (
    <div className="k-row">
      {shop.aliases.map((a) => (
        <Tag key={a.id} closable closeIcon={<CloseOutlined aria-label={`不再叫 ${a.alias}`} />} onClose={(e) => { e.preventDefault(); void act(() => del<ActionAnswer>(`/api/shop-aliases/${a.id}`), { refresh: REFRESH }); }}>{aliasWords(a.alias)}</Tag>
      ))}
    </div>
  );
}

/** A new shop, or changes to one. */
export function ShopForm({ shop, onClose }: { shop?: Shop; onClose: () => void }) {
  const options = usePlatformOptions();
  const save = async ({ platform, ...values }: Values, key: string) => {
    if (shop) return void (await patch(`/api/shops/${shop.id}`, { version: shop.version, values }, { key }));
    await post('/api/shops', { platform, name: values.name, external_id: values.external_id, recipient_path: values.recipient_path }, { key });
  };
  return (
    <FormDrawer<Values>
      title={shop ? `修改 ${shop.name}` : '新增店铺'}
      verb={shop ? '保存' : '新增'}
      initial={shop ?? { external_id: '', recipient_path: 'file', dial: 'manual', active: true }}
      save={save}
      done={shop ? '已保存' : '已新增'}
      refresh={REFRESH}
      width={600}
      onClose={onClose}
    >
      <Form.Item label="平台" name="platform" rules={[{ required: true, message: '请选平台' }]}><Select disabled={shop !== undefined} options={options} placeholder="在哪个平台" /></Form.Item>
      <Form.Item label="店铺名称" name="name" extra="和平台上一样，导入文件时就能自动认出" rules={[{ required: true, whitespace: true, message: '请填店铺名称' }]}><Input maxLength={60} /></Form.Item>
      <Form.Item label="平台店铺号" name="external_id"><Input maxLength={60} placeholder="可不填" /></Form.Item>
      <Form.Item label="收件人从哪来" name="recipient_path"><Radio.Group className="h-choices" options={explained(PATHS)} /></Form.Item>
      {shop && <Form.Item label="自动程度" name="dial"><Radio.Group className="h-choices" options={explained(DIALS)} /></Form.Item>}
      {shop && <Form.Item label="文件里的叫法"><Aliases shop={shop} /></Form.Item>}
      {shop && <Form.Item label="在用" name="active" valuePropName="checked" extra="停用后不再接收它的文件"><Switch /></Form.Item>}
    </FormDrawer>
  );
}
