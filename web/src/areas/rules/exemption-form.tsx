import { Alert, DatePicker, Form, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { post, put } from '@api/http';
import { useApi, usePlatforms } from '@api/queries';
import type { components } from '@api/schema';
import type { ActionAnswer } from '@api/shapes';
import { count, FormDrawer } from '@kit/index';
import { momentOf, wallOf, type Wall } from './exempt-days';
import type { Exemption } from './shapes';

export const EXEMPTIONS = '/api/exemptions';
export const EXEMPTED = [EXEMPTIONS, '/api/orders', '/api/today'];

interface Values {
  platform: string;
  province: string;
  starts_at: Wall | null;
  ends_at: Wall | null;
  source: string;
}

/** A moment in the form, on the Beijing clock. */
function Moment({ value, onChange, hint }: { value?: Wall | null; onChange?: (wall: Wall | null) => void; hint: string }) {
  return <DatePicker showTime={{ format: 'HH:mm', minuteStep: 30 }} format="YYYY-MM-DD HH:mm" value={value ? dayjs(value) : null} placeholder={hint} style={{ width: 220 }} onChange={(day) => onChange?.(day ? day.format('YYYY-MM-DD HH:mm') : null)} />;
}

/** Whom it would hold for, told before it is saved. */
function Reach({ values, insteadOf }: { values: Partial<Values>; insteadOf: string | null }) {
  const { platform = '', province = '', starts_at, ends_at } = values;
  const whole = starts_at && ends_at && starts_at < ends_at;
  const asked = whole ? { platform, province, starts_at: momentOf(starts_at), ends_at: momentOf(ends_at), ...(insteadOf && { instead_of: insteadOf }) } : undefined;
  const { data, isError } = useApi<components['schemas']['ExemptionReach']>(whole ? `${EXEMPTIONS}/reach` : null, asked);
  if (!whole || isError || !data) return null;
  return <Alert type="info" showIcon className="k-gap" title={data.orders > 0 ? `保存后，${count(data.orders)} 单未完成订单的发货截止会变` : '现在没有未完成的订单会因此改变截止；以后的订单照这个算'} />;
}

function initialOf(exemption: Exemption | null): Values {
  if (!exemption) return { platform: '', province: '', starts_at: null, ends_at: null, source: '' };
  return { platform: exemption.platform, province: exemption.province, starts_at: wallOf(exemption.starts_at), ends_at: wallOf(exemption.ends_at), source: exemption.source };
}

/** Days that a platform does not count; a changed one takes the place of the old. */
export function ExemptionForm({ exemption, provinces, onClose }: { exemption: Exemption | null; provinces: readonly string[]; onClose: () => void }) {
  const platforms = usePlatforms();
  const initial = initialOf(exemption);
  const save = (v: Values, key: string) => {
    const body = { platform: v.platform, province: v.province, starts_at: momentOf(v.starts_at ?? ''), ends_at: momentOf(v.ends_at ?? ''), source: v.source };
    return exemption ? put<ActionAnswer>(`${EXEMPTIONS}/${exemption.id}`, body, { key }) : post<ActionAnswer>(EXEMPTIONS, body, { key });
  };
  return (
    <FormDrawer<Values> title={exemption ? '修改不计超时的时段' : '新增不计超时的时段'} verb={exemption ? '保存' : '新增'} initial={initial} save={save} refresh={EXEMPTED} onClose={onClose}>
      {(form) => (
        <>
          <p className="k-faint k-gap">平台公告了节假日或灾害期间不考核发货时，在这里写下。时段里的时间不计入发货时限；文件里写明的截止若落在时段内，顺延到时段结束。</p>
          <Form.Item label="平台" name="platform"><Select options={[{ value: '', label: '所有平台' }, ...platforms.map((p) => ({ value: p.key, label: p.name }))]} /></Form.Item>
          <Form.Item label="收货省份" name="province"><Select showSearch options={[{ value: '', label: '全国' }, ...provinces.map((p) => ({ value: p, label: p }))]} /></Form.Item>
          <Form.Item label="从（北京时间）" name="starts_at" rules={[{ required: true, message: '请选开始时间' }]}><Moment hint="开始" /></Form.Item>
          <Form.Item label="到（北京时间）" name="ends_at" dependencies={['starts_at']} rules={[{ required: true, message: '请选结束时间' }, { validator: (_, v: Wall | null) => (!v || v > ((form.getFieldValue('starts_at') as Wall | null) ?? '') ? Promise.resolve() : Promise.reject(new Error('结束时间要晚于开始时间'))) }]} extra="整天到次日 00:00 为止"><Moment hint="结束" /></Form.Item>
          <Form.Item label="依据" name="source" extra="公告的链接，或一句话" rules={[{ required: true, whitespace: true, message: '请写明依据' }]}><Input maxLength={300} placeholder="例如 2026 春节 平台公告" /></Form.Item>
          <Form.Item noStyle shouldUpdate>{() => <Reach values={form.getFieldsValue(true) as Values} insteadOf={exemption?.id ?? null} />}</Form.Item>
        </>
      )}
    </FormDrawer>
  );
}
