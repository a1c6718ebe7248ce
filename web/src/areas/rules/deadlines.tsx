import { Button, Form, Input, InputNumber } from 'antd';
import { useMemo, useState } from 'react';
import { del, put } from '@api/http';
import { useApi, useMay, usePlatforms } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, EmptyTeach, Failed, FormDrawer, Grid, PlatformBadge, StateTag, type ListColumn } from '@kit/index';
import type { PlatformRule } from './shapes';

const PATH = '/api/platform-rules';
const REFRESH = [PATH, '/api/orders'];
const hoursText = (hours: number | null) => (hours === null ? '未知' : `${hours} 小时`);

/** The company's own hours, with the reason. */
function HoursForm({ rule, onClose }: { rule: PlatformRule; onClose: () => void }) {
  const save = (values: { hours: number; reason: string }, key: string) => put<ActionAnswer>(`${PATH}/${rule.key}`, { ...values, version: rule.version }, { key });
  return (
    <FormDrawer title={`修改时限：${rule.label}`} verb="保存" initial={{ hours: rule.hours ?? 48, reason: rule.reason }} save={save} refresh={REFRESH} onClose={onClose}>
      <p className="k-faint k-gap">内置：{hoursText(rule.built_in_hours)}。罚款和生效日期不变；未完成的订单会按新时限重新计时。</p>
      <Form.Item label="时限" name="hours" rules={[{ required: true, message: '请填小时数' }, { type: 'number', min: 1, max: 2160, message: '时限要在 1 到 2160 小时之间' }]}><InputNumber<number> precision={0} suffix="小时" style={{ width: 140 }} autoFocus /></Form.Item>
      <Form.Item label="为什么改" name="reason" extra="例如平台公告的链接、罚单日期；会记进操作日志" rules={[{ required: true, whitespace: true, message: '请写明为什么改' }]}><Input.TextArea rows={3} maxLength={300} /></Form.Item>
    </FormDrawer>
  );
}

const stateOf = (rule: PlatformRule) =>
  rule.overridden ? <StateTag tone="doing" label="本公司" /> : rule.verified ? <StateTag tone="done" label="已核实" /> : <StateTag tone="warn" label="未核实" />;

function columnsOf(nameOf: (platform: string) => string, may: boolean, edit: (rule: PlatformRule) => void): ListColumn<PlatformRule>[] {
  return [
    { key: 'platform', title: '平台', width: 130, locked: true, render: (r) => <PlatformBadge platform={r.platform} shop={nameOf(r.platform)} /> },
    { key: 'label', title: '规则', width: 120, render: (r) => r.label },
    {
      key: 'hours', title: '时限', width: 120,
      render: (r) => <div className="k-cell"><span className="k-digits">{hoursText(r.hours)}</span>{r.overridden && <span className="k-faint k-small">内置 {hoursText(r.built_in_hours)}</span>}</div>,
    },
    { key: 'state', title: '依据', width: 96, render: stateOf },
    { key: 'source', title: '来源', width: 520, render: (r) => <span className="k-cut" title={r.source}>{r.source}</span> },
    {
      key: 'deeds', title: '操作', width: 150, locked: true,
      render: (r) => may && (
        <div className="k-row">
          <Button type="link" size="small" onClick={() => edit(r)}>改时限</Button>
          {r.overridden && <ActionButton label="恢复内置" look="link" run={() => del<ActionAnswer>(`${PATH}/${r.key}`)} refresh={REFRESH} />}
        </div>
      ),
    },
  ];
}

const byKey = (rule: PlatformRule) => rule.key;

/** The platforms' deadlines: what holds, who says so, and the company's own hours where it knows better. */
export function Deadlines() {
  const { data, error, isPending, refetch } = useApi<PlatformRule[]>(PATH);
  const may = useMay('rules.edit');
  const platforms = usePlatforms();
  const [editing, edit] = useState<PlatformRule | null>(null);
  const columns = useMemo(() => columnsOf((key) => platforms.find((p) => p.key === key)?.name ?? key, may, edit), [platforms, may]);
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  return (
    <div className="rules-grid">
      <Grid<PlatformRule> rows={data ?? []} idOf={byKey} columns={columns} loading={isPending} empty={<EmptyTeach title="还没有平台规则" steps={['重新启动服务，内置规则会自动补上']} />} />
      {editing && <HoursForm rule={editing} onClose={() => edit(null)} />}
    </div>
  );
}
