import { Form, Input, Segmented } from 'antd';
import { useApi } from '@api/queries';
import { post } from '@api/http';
import type { components } from '@api/schema';
import type { ActionAnswer } from '@api/shapes';
import { FormDrawer, SealedValue, useAct } from '@kit/index';
import { choosePath } from './deeds';
import { LIST, PATHS, RECIPIENTS, type HoldBrief, type OrderDetail } from './types';

interface Values { name: string; phone: string; province: string; city: string; district: string; address: string }

type Masked = components['schemas']['RecipientMasked'];
const PARTS = ['name', 'phone', 'province', 'city', 'district', 'address'] as const;

/** What stands in the empty fields: the present parts, masked, where they stay unless something is typed. */
export const heldPlaceholders = (known: Masked): Partial<Values> =>
  known.plain ? Object.fromEntries(PARTS.flatMap((part) => (known[part] ? [[part, known[part]]] : []))) : {};

const ABOUT_ADDRESS = new Set(['recipient_absent', 'recipient_masked', 'address_incomplete', 'address_contradictory', 'region_not_served', 'transit_address', 'address_wish']);

/** What the checks found wrong with the address. */
export const addressDoubts = (holds: readonly Pick<HoldBrief, 'id' | 'kind' | 'label' | 'reason'>[]) => holds.filter((h) => ABOUT_ADDRESS.has(h.kind));

/** The recipient as it stands, beside the fields: masked, opened with a reason, and what is doubtful about it. */
function Standing({ detail }: { detail: OrderDetail }) {
  const { order } = detail;
  const masked = order.recipient || (RECIPIENTS[order.recipient_state] ?? '缺收件人');
  return (
    <div className="o-standing">
      <span className="k-small k-faint">现在的收件人</span>
      <SealedValue key={order.version} masked={`${masked}${order.region ? `　${order.region}` : ''}`} openPath={detail.may_open && order.recipient_state !== 'absent' ? `${LIST}/${order.id}/open/recipient` : null} />
      {addressDoubts(order.holds).map((h) => <p key={h.id} className="k-amber">{h.label}：{h.reason}</p>)}
    </div>
  );
}

/** A recipient by hand, or another way for this order. The old one is sealed: only its mask is shown. */
export function RecipientForm({ order, close }: { order: string; close: () => void }) {
  const { data: detail } = useApi<OrderDetail>(`${LIST}/${order}`);
  const { data: known } = useApi<Masked>(`${LIST}/${order}/recipient`);
  const { act } = useAct();
  if (!detail || !known) return null;
  const { order: row } = detail;
  const held = heldPlaceholders(known);
  return (
    <FormDrawer<Values>
      title={`收件人 · ${row.number}`}
      verb="保存"
      initial={known.plain ? {} : { province: known.province, city: known.city, district: known.district }}
      save={(values, key) => post<ActionAnswer>(`${LIST}/${order}/recipient`, { ...values, version: row.version }, { key })}
      onClose={close}
    >
      {(form) => (
        <>
          <Standing detail={detail} />
          <Form.Item label="这一单的收件人怎么来">
            <Segmented
              value={row.recipient_path}
              options={Object.entries(PATHS).map(([value, label]) => ({ value, label }))}
              onChange={(path) => void act(choosePath({ ids: [order] }, path))}
            />
          </Form.Item>
          <Form.Item label="整段粘贴" extra="“张三 138… 浙江省 金华市 义乌市 …”，会自动分到下面">
            <Input.TextArea rows={2} autoFocus onChange={(e) => form.setFieldsValue(split(e.target.value))} />
          </Form.Item>
          <div className="o-two">
            <Form.Item name="name" label="姓名"><Input maxLength={40} placeholder={held.name} /></Form.Item>
            <Form.Item name="phone" label="电话"><Input maxLength={24} inputMode="tel" placeholder={held.phone} /></Form.Item>
          </div>
          <div className="o-three">
            <Form.Item name="province" label="省"><Input maxLength={20} placeholder={held.province} /></Form.Item>
            <Form.Item name="city" label="市"><Input maxLength={20} placeholder={held.city} /></Form.Item>
            <Form.Item name="district" label="区县"><Input maxLength={20} placeholder={held.district} /></Form.Item>
          </div>
          <Form.Item name="address" label="详细地址"><Input.TextArea rows={2} maxLength={200} placeholder={held.address} /></Form.Item>
          <p className="k-small k-faint">{known.plain ? '空着的保持现在的（灰字，部分隐藏）；只填要改的。' : '现在没有完整的收件人，姓名、电话、详细地址都要填。'}</p>
        </>
      )}
    </FormDrawer>
  );
}

const PHONE = /(?<!\d)(1\d{10}(?:-\d{3,6})?|0\d{2,3}-?\d{7,8})(?!\d)/;
const PLACE = /^(\S+?(?:省|自治区|特别行政区)|(?:北京|上海|天津|重庆)市?)\s*(\S+?(?:市|州|盟|地区))?\s*(\S+?(?:区|县|市|旗))?\s*(.*)$/;

/** A pasted line taken apart for the form; what cannot be told stays for the person. */
export function split(text: string): Partial<Values> {
  const phone = PHONE.exec(text)?.[1];
  if (!phone) return {};
  const [before = '', after = ''] = text.split(phone);
  const words = `${before} ${after}`.split(/[\s,，;；:：]+/).filter(Boolean);
  const name = words.find((w) => w.length <= 6 && !/[省市区县镇乡路号]/.test(w)) ?? '';
  const rest = words.filter((w) => w !== name).join(' ');
  const place = PLACE.exec(rest);
  return place
    ? { name, phone, province: place[1] ?? '', city: place[2] ?? '', district: place[3] ?? '', address: place[4] ?? '' }
    : { name, phone, address: rest };
}
