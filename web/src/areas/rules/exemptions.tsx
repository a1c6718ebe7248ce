import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { post } from '@api/http';
import { useApi, useMay, usePlatforms } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { EmptyTeach, Failed, Grid, PlatformBadge, ReasonedButton, StateTag, Time, useNow, type ListColumn, type Tone } from '@kit/index';
import { daysText, isLink, standing, type Standing } from './exempt-days';
import { EXEMPTED, ExemptionForm, EXEMPTIONS } from './exemption-form';
import type { Exemption, ExemptionList } from './shapes';

const WHY_GONE = ['录错了', '公告有变', '重复了'];
const TAG: Record<Standing, [Tone, string]> = { now: ['doing', '生效中'], later: ['todo', '未开始'], over: ['off', '已过'] };

function Source({ text }: { text: string }) {
  return isLink(text) ? <a className="k-cut" href={text.trim()} target="_blank" rel="noreferrer noopener" title={text}>{text}</a> : <span className="k-cut" title={text}>{text}</span>;
}

function columnsOf(nameOf: (platform: string) => string, now: number, may: boolean, edit: (one: Exemption) => void): ListColumn<Exemption>[] {
  return [
    { key: 'platform', title: '平台', width: 130, locked: true, render: (e) => (e.platform ? <PlatformBadge platform={e.platform} shop={nameOf(e.platform)} /> : '所有平台') },
    { key: 'province', title: '收货省份', width: 130, render: (e) => e.province || '全国' },
    { key: 'days', title: '时段（北京时间）', width: 300, render: (e) => <span className="k-digits">{daysText(e.starts_at, e.ends_at)}</span> },
    {
      key: 'state', title: '状态', width: 88,
      render: (e) => {
        const [tone, label] = TAG[standing(e.starts_at, e.ends_at, now)];
        return <StateTag tone={tone} label={label} />;
      },
    },
    { key: 'source', title: '依据', width: 280, render: (e) => <Source text={e.source} /> },
    { key: 'by', title: '谁加的', width: 130, render: (e) => <div className="k-cell"><span>{e.by_name || '—'}</span><span className="k-faint k-small"><Time at={e.created_at} /></span></div> },
    {
      key: 'deeds', title: '操作', width: 120, locked: true,
      render: (e) => may && (
        <div className="k-row">
          <Button type="link" size="small" onClick={() => edit(e)}>修改</Button>
          <ReasonedButton label="删除" reasons={WHY_GONE} says="未完成的订单会按没有这个时段重新计时。" run={(reason, key) => post<ActionAnswer>(`${EXEMPTIONS}/${e.id}/remove`, { reason }, { key })} refresh={EXEMPTED} />
        </div>
      ),
    },
  ];
}

const byId = (e: Exemption) => e.id;

/** Holidays and disasters in which lateness is not counted. */
export function Exemptions({ adding, onAdded }: { adding: boolean; onAdded: () => void }) {
  const { data, error, isPending, refetch } = useApi<ExemptionList>(EXEMPTIONS);
  const may = useMay('rules.edit');
  const platforms = usePlatforms();
  const now = useNow();
  const [editing, edit] = useState<Exemption | null>(null);
  const columns = useMemo(() => columnsOf((key) => platforms.find((p) => p.key === key)?.name ?? key, now, may, edit), [platforms, now, may]);
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  const close = () => {
    edit(null);
    onAdded();
  };
  return (
    <div className="rules-grid">
      <Grid<Exemption>
        rows={data?.items ?? []} idOf={byId} columns={columns} loading={isPending}
        empty={<EmptyTeach title="没有不计超时的时段" steps={['平台公告节假日、暴雪、疫情等期间不考核发货时，点“新增时段”', '选平台和收货省份，填起止时间和公告链接', '未完成订单的发货截止马上按它重新算']} />}
      />
      {(adding || editing) && <ExemptionForm exemption={editing} provinces={data?.provinces ?? []} onClose={close} />}
    </div>
  );
}
