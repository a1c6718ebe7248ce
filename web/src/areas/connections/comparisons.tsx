import { Button } from 'antd';
import { useState } from 'react';
import { post } from '@api/http';
import { useApi } from '@api/queries';
import { ActionButton, count, Failed, StateTag, Time } from '@kit/index';
import type { Comparison, Connection } from './types';
import { comparisonWords, outcomeWords } from './words';

const SHOWN = 3;

function Numbers({ title, rows }: { title: string; rows: readonly (readonly [string, string])[] }) {
  if (rows.length === 0) return null;
  return (
    <>
      <dt>{title}（{count(rows.length)}）</dt>
      {rows.map(([number, why]) => <dd key={number}><span className="k-digits">{number}</span>{why && <span className="k-faint k-small"> {why}</span>}</dd>)}
    </>
  );
}

function Row({ row }: { row: Comparison }) {
  const words = comparisonWords(row);
  const filled = row.missing.filter((n) => !(n in row.left));
  const some = filled.length + row.strange.length + Object.keys(row.left).length > 0;
  const line = (
    <>
      <span className="k-digits k-faint">{row.day}</span>
      <b>{words.text}</b>
      {words.differs ? <StateTag tone="warn" label={words.differs} /> : row.outcome === 'ok' && <StateTag tone="done" label="一致" />}
      {row.outcome !== 'ok' && <><StateTag tone="bad" label={outcomeWords(row.outcome)} /><span className="k-small k-faint">{row.said}</span></>}
      <span className="k-small k-faint"><Time at={row.finished_at} /></span>
    </>
  );
  if (!some) return <div className="c-compared">{line}</div>;
  return (
    <details>
      <summary className="c-compared">{line}</summary>
      <dl className="c-numbers">
        <Numbers title="还没有收到" rows={Object.entries(row.left)} />
        <Numbers title="平台不认识，请到平台后台核对" rows={row.strange.map((n) => [n, ''] as const)} />
        <Numbers title="已补" rows={filled.map((n) => [n, ''] as const)} />
      </dl>
    </details>
  );
}

/** Our order numbers against the platform's, night by night, with the numbers that differ on click. */
export function Comparisons({ row }: { row: Connection }) {
  const [all, setAll] = useState(false);
  const path = `/api/connections/${row.id}/comparisons`;
  const { data, error, refetch } = useApi<Comparison[]>(path, undefined, { every: 10_000 });
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  return (
    <section className="c-comparisons" aria-label="单号核对">
      <div className="k-row k-gap">
        <b>单号核对</b>
        <span className="k-faint k-small">每天夜里和平台比对最近几天的订单号，缺的自动补</span>
        <span className="k-grow" />
        {row.state === 'working' && <ActionButton label="现在核对" run={(key) => post(`/api/connections/${row.id}/compare`, {}, { key })} refresh={[path]} />}
      </div>
      {data?.length === 0 && <p className="k-faint">还没有核对过，今晚会核对</p>}
      {data?.slice(0, all ? undefined : SHOWN).map((r) => <Row key={r.day} row={r} />)}
      {data && data.length > SHOWN && !all && <Button type="link" size="small" onClick={() => setAll(true)}>看最近 {count(data.length)} 天</Button>}
    </section>
  );
}
