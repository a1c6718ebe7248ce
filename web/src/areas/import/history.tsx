import { Link } from 'react-router';
import { post } from '@api/http';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, count, ListPage, Page, PlatformBadge, StateTag, Time, type FilterField, type ListColumn, type Tone } from '@kit/index';
import type { Card } from './types';

const STATES: Record<string, { label: string; tone: Tone }> = {
  reading: { label: '正在读取', tone: 'doing' },
  password: { label: '等密码', tone: 'warn' },
  waiting: { label: '等确认', tone: 'todo' },
  queued: { label: '排队中', tone: 'doing' },
  running: { label: '导入中', tone: 'doing' },
  done: { label: '已导入', tone: 'done' },
  failed: { label: '没有完成', tone: 'bad' },
  cancelled: { label: '已取消', tone: 'off' },
  undone: { label: '已撤销', tone: 'off' },
};
const number = (card: Card, key: string): number => Number(card.counts[key] ?? 0);

const columns: readonly ListColumn<Card>[] = [
  { key: 'file', title: '文件', width: 300, locked: true, render: (c) => <div className="k-cell"><Link className="k-cut" to={c.state === 'waiting' || c.state === 'password' || c.state === 'reading' ? '/import' : `/import?done=${c.id}`}>{c.file}</Link><span className="k-faint k-small">{c.label}</span></div> },
  { key: 'shop', title: '店铺', width: 160, render: (c) => (c.shop ? <PlatformBadge platform={c.shop.platform} shop={c.shop.name} /> : <span className="k-faint">—</span>) },
  { key: 'state', title: '状态', width: 96, render: (c) => { const s = STATES[c.state] ?? { label: c.state, tone: 'off' as const }; return <StateTag label={s.label} tone={s.tone} />; } },
  { key: 'new', title: '新增', width: 76, align: 'right', render: (c) => count(number(c, 'new')) },
  { key: 'updated', title: '更新', width: 76, align: 'right', render: (c) => count(number(c, 'updated')) },
  { key: 'unchanged', title: '无变化', width: 76, align: 'right', render: (c) => count(number(c, 'unchanged')) },
  { key: 'rejected', title: '拒绝', width: 76, align: 'right', render: (c) => <span className={number(c, 'rejected') > 0 ? 'k-amber' : ''}>{count(number(c, 'rejected'))}</span> },
  { key: 'as_of', title: '数据截至', width: 110, render: (c) => <Time at={c.as_of} /> },
  { key: 'finished', title: '导入时间', width: 110, render: (c) => <Time at={c.finished_at ?? c.created_at} /> },
  { key: 'undo', title: '', width: 92, render: (c) => (c.counts['undo'] ? <ActionButton label="撤销导入" look="link" run={(key) => post<ActionAnswer>(`/api/undo/${String(c.counts['undo'])}`, {}, { key })} refresh={['/api/imports']} /> : null) },
];
const fields: readonly FilterField[] = [
  { kind: 'text', name: 'text', label: '文件名' },
  { kind: 'source', name: 'kind', label: '类型', path: '/api/import-kinds', value: 'key', text: 'label', many: true },
  { kind: 'source', name: 'shop', label: '店铺', path: '/api/shops' },
];
const tabs = [{ key: 'all', label: '全部' }, { key: 'open', label: '未完成' }, { key: 'done', label: '已导入' }, { key: 'stopped', label: '没有完成' }];

/** Every import there ever was. */
export default function History() {
  return (
    <Page title="导入记录" answer={<Link to="/import">回到导入</Link>} fill>
      <ListPage<Card> name="imports" path="/api/imports" exportable="imports" columns={columns} fields={fields} tabs={tabs} empty={{ title: '还没有导入过文件', steps: ['把文件拖到窗口里就行'] }} />
    </Page>
  );
}
