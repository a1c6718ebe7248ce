import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { del } from '@api/http';
import { useApi, useMay, usePlatforms } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, EmptyTeach, Failed, Grid, PlatformBadge, StateTag, yuanShort, type ListColumn } from '@kit/index';
import { RateForm } from './rate-form';
import type { Rate, RateList } from './shapes';

const PATH = '/api/rates';
const LONG_AGO = '2000-01-01';
const valueText = (r: Rate) => [r.percent === null ? '' : `${r.percent}%`, r.fixed_fen === null ? '' : `每单 ${yuanShort(r.fixed_fen)}`].filter(Boolean).join(' + ');
const daysText = (r: Rate) => `${r.valid_from <= LONG_AGO ? '一直' : `${r.valid_from} 起`}${r.valid_to ? `，到 ${r.valid_to}` : ''}`;
const byId = (r: Rate) => r.id ?? `${r.kind}.${r.platform}.${r.valid_from}`;

function columnsOf(nameOf: (platform: string) => string, may: boolean, edit: (rate: Rate) => void): ListColumn<Rate>[] {
  return [
    { key: 'label', title: '科目', width: 112, locked: true, render: (r) => r.label },
    { key: 'platform', title: '平台', width: 124, render: (r) => (r.platform ? <PlatformBadge platform={r.platform} shop={nameOf(r.platform)} /> : '所有平台') },
    { key: 'place', title: '店铺 / 类目', width: 136, render: (r) => <span className="k-cut">{[r.shop || '所有店铺', r.category].filter(Boolean).join(' · ')}</span> },
    {
      key: 'value', title: '费率', width: 116, align: 'right',
      render: (r) => <span className="k-digits">{valueText(r)}{!r.own && <sup className="k-estimated" title="内置的常见水平，请按本店账单修改">估</sup>}</span>,
    },
    { key: 'days', title: '有效期', width: 176, render: (r) => <span className="k-digits">{daysText(r)}</span> },
    { key: 'own', title: '谁定的', width: 84, render: (r) => (r.own ? <StateTag tone="doing" label="本公司" /> : <span className="k-faint">内置</span>) },
    { key: 'source', title: '依据', width: 280, render: (r) => <span className="k-cut" title={r.source}>{r.source}</span> },
    {
      key: 'deeds', title: '操作', width: 120, locked: true,
      render: (r) => may && r.own && (
        <div className="k-row">
          <Button type="link" size="small" onClick={() => edit(r)}>修改</Button>
          <ActionButton label="删除" look="link" confirm={`${r.label} ${valueText(r)} 会被删除，不能恢复；未完成订单的毛利会重算。`} run={() => del<ActionAnswer>(`${PATH}/${r.id}`, { query: { version: r.version } })} refresh={[PATH, '/api/orders']} />
        </div>
      ),
    },
  ];
}

/** Rates for what files do not say: the company's own come before the built-in ones. */
export function Rates({ adding, onAdded }: { adding: boolean; onAdded: () => void }) {
  const { data, error, isPending, refetch } = useApi<RateList>(PATH);
  const may = useMay('finance.edit');
  const platforms = usePlatforms();
  const [editing, edit] = useState<Rate | null>(null);
  const columns = useMemo(() => columnsOf((key) => platforms.find((p) => p.key === key)?.name ?? key, may, edit), [platforms, may]);
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  const close = () => {
    edit(null);
    onAdded();
  };
  return (
    <div className="rules-grid">
      <Grid<Rate> rows={data?.items ?? []} idOf={byId} columns={columns} loading={isPending} empty={<EmptyTeach title="还没有费率" steps={['点“新费率”', '选科目和平台，填比例', '按本店账单写明依据']} />} />
      {(adding || editing) && <RateForm rate={editing} kinds={data?.kinds ?? []} onClose={close} />}
    </div>
  );
}
