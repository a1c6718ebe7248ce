import { Form, Input, InputNumber, Radio, Select, Switch } from 'antd';
import { Link } from 'react-router';
import { patch, post } from '@api/http';
import { useApi, useMay } from '@api/queries';
import type { components } from '@api/schema';
import type { ActionAnswer } from '@api/shapes';
import { FormDrawer, to } from '@kit/index';
import { FreightEditor } from './freight-editor';
import { REGIONS } from './regions';
import { CHANNELS, CONTACT, type Detail, type Freight } from './types';

interface Values {
  name: string;
  freight: Freight | null;
  regions_not_served: string[];
  lead_hours: number;
  cut_off: string;
  channel: string;
  contact: Partial<Record<'person' | 'phone' | 'wechat' | 'address', string>>;
  remark: string;
  active: boolean;
}

const empty: Partial<Values> = { freight: null, regions_not_served: [], lead_hours: 48, cut_off: '', channel: 'sheet', remark: '', active: true, contact: {} };

/** Contact fields that were typed into; what is masked and untouched stays as it is. */
const typed = (contact: Values['contact'] | undefined) => Object.fromEntries(Object.entries(contact ?? {}).filter(([, text]) => text !== undefined && text !== ''));

/** Whether this supplier's platform may be asked; who may not see authorisations may try, and is told by the refusal. */
function useConnected(supplier: Detail | undefined): boolean {
  const may = useMay('connections.view');
  const { data } = useApi<components['schemas']['ConnectionsOut']>(supplier && may ? '/api/connections' : null);
  if (!supplier) return false;
  return !may || supplier.channel === 'api' || (data?.connections.some((c) => c.supplier_id === supplier.id) ?? false);
}

function channelOptions(connected: boolean) {
  return Object.entries(CHANNELS).map(([value, c]) => {
    const shut = value === 'api' && !connected;
    const text = shut ? <>先在<Link to={to('connections')}>授权</Link>里接上他，才能自动下单</> : c.text;
    return { value, disabled: shut, label: <span>{c.label} <span className="k-faint">{text}</span></span> };
  });
}

/** A new supplier, or changes to one. */
export function SupplierForm({ supplier, onClose }: { supplier?: Detail; onClose: () => void }) {
  const connected = useConnected(supplier);
  const initial: Partial<Values> = supplier
    ? {
      name: supplier.name, freight: supplier.freight as Freight | null, regions_not_served: supplier.regions_not_served,
      lead_hours: supplier.lead_hours, cut_off: supplier.cut_off, channel: supplier.channel, remark: supplier.remark, active: supplier.active, contact: {},
    }
    : empty;
  const save = ({ active, contact, ...values }: Values, key: string) => {
    const body = { ...values, contact: typed(contact) };
    return supplier
      ? patch<ActionAnswer>(`/api/suppliers/${supplier.id}`, { ...body, active, version: supplier.version, clear_freight: values.freight === null }, { key })
      : post<ActionAnswer>('/api/suppliers', body, { key });
  };
  return (
    <FormDrawer<Values>
      title={supplier ? `修改 ${supplier.name}` : '新增供应商'}
      verb={supplier ? '保存' : '新增'}
      initial={initial}
      save={save}
      done={supplier ? '已保存' : '已新增'}
      refresh={['/api/suppliers', '/api/goods']}
      width={680}
      onClose={onClose}
    >
      <Form.Item label="名称" name="name" rules={[{ required: true, whitespace: true, message: '请填供应商名称' }]}><Input maxLength={60} autoFocus={!supplier} /></Form.Item>
      <Form.Item label="运费" name="freight"><FreightEditor /></Form.Item>
      <Form.Item label="不发地区" name="regions_not_served" extra="可以写省、市，或“江浙沪”“新藏”这样的说法">
        <Select mode="tags" tokenSeparators={[',', '，', '、', ' ']} options={REGIONS} placeholder="都发" />
      </Form.Item>
      <div className="k-row s-pair">
        <Form.Item label="多久内发货" name="lead_hours" rules={[{ required: true, message: '请填小时数' }]}><InputNumber<number> min={0} max={2400} precision={0} controls={false} suffix="小时" style={{ width: 150 }} /></Form.Item>
        <Form.Item label="每天几点截单" name="cut_off" rules={[{ pattern: /^$|^([01]\d|2[0-3]):[0-5]\d$/, message: '写成 16:00 这样' }]}><Input placeholder="16:00，可不填" style={{ width: 150 }} /></Form.Item>
      </div>
      <Form.Item label="怎么把订单发给他" name="channel">
        <Radio.Group className="s-radios" options={channelOptions(connected)} />
      </Form.Item>
      <Form.Item label="联系方式" extra="加密保存；打开要写原因，会记入日志">
        <div className="s-contact">
          {CONTACT.map((c) => <Form.Item noStyle key={c.key} name={['contact', c.key]}><Input prefix={<span className="k-faint">{c.label}</span>} autoComplete="off" placeholder={supplier?.contact[c.key] ?? ''} maxLength={120} /></Form.Item>)}
        </div>
      </Form.Item>
      <Form.Item label="备注" name="remark"><Input.TextArea rows={2} maxLength={500} /></Form.Item>
      {supplier && <Form.Item label="在用" name="active" valuePropName="checked" extra="停用后派单不再选他，在途的采购单照常"><Switch /></Form.Item>}
    </FormDrawer>
  );
}
