import { Progress } from 'antd';
import { Link } from 'react-router';
import { post } from '@api/http';
import type { components } from '@api/schema';
import type { ActionAnswer, Task } from '@api/shapes';
import './tasks.css';
import { ActionButton, count, DownloadButton, fullTime, isLive, ListPage, Page, StateTag, Time, type FilterField, type ListColumn, type Tone } from '@kit/index';

type Row = components['schemas']['TaskOut'];

const STATES: Record<string, { label: string; tone: Tone }> = {
  waiting: { label: '排队中', tone: 'doing' },
  running: { label: '进行中', tone: 'doing' },
  done: { label: '已完成', tone: 'done' },
  failed: { label: '没有完成', tone: 'bad' },
  cancelled: { label: '已取消', tone: 'off' },
};
const live = (row: Row): boolean => isLive(row as unknown as Task);

function State({ row }: { row: Row }) {
  const state = STATES[row.state] ?? { label: row.state, tone: 'off' as const };
  if (row.state !== 'running' || !row.total) return <StateTag label={state.label} tone={state.tone} />;
  return <Progress percent={Math.floor((row.done / row.total) * 100)} size="small" />;
}

function Outcome({ row }: { row: Row }) {
  if (row.succeeded === null) return <span className="k-two" title={row.message}>{row.message || '—'}</span>;
  return (
    <div className="k-cell">
      <span>成功 {count(row.succeeded)}{row.failed !== null && row.failed > 0 && <span className="k-amber"> · 失败 {count(row.failed)}</span>}</span>
      {row.message && <span className="k-faint k-small k-cut" title={row.message}>{row.message}</span>}
    </div>
  );
}

/** The file a task read or made, and until when it is kept; an error file where rows were refused. */
function Files({ row }: { row: Row }) {
  const { file, error_file: errors } = row;
  return (
    <div className="k-row t-files">
      {errors && <DownloadButton look="link" path={errors} asks={row.error_file_asks} label="失败原因" />}
      {file && (file.path ? (
        <DownloadButton
          look="link"
          path={file.path}
          asks={file.asks_reason}
          label={row.kind === 'import' ? '原文件' : '下载'}
          hint={`${file.name}；保留到 ${fullTime(file.keep_until ?? '')}。下载会记入操作日志`}
        />
      ) : <span className="k-faint k-small" title={file.name}>已过保留期</span>)}
    </div>
  );
}

const columns: readonly ListColumn<Row>[] = [
  { key: 'title', title: '任务', width: 330, locked: true, render: (r) => <span className="k-two" title={r.title}>{r.title}</span> },
  { key: 'state', title: '状态', width: 110, render: (r) => <State row={r} /> },
  { key: 'outcome', title: '结果', width: 170, render: (r) => <Outcome row={r} /> },
  { key: 'by', title: '谁', width: 84, render: (r) => r.started_by || '系统' },
  { key: 'at', title: '开始', width: 100, render: (r) => <Time at={r.started_at} /> },
  { key: 'end', title: '结束', width: 100, render: (r) => <Time at={r.finished_at} /> },
  { key: 'files', title: '文件', width: 176, render: (r) => <Files row={r} /> },
  {
    key: 'acts', title: '', width: 90, locked: true,
    render: (r) => (live(r)
      ? <ActionButton label="取消" look="link" why={!r.can_cancel && '正在取消：做完手上的这一批就停'} run={(key) => post<ActionAnswer>(`/api/tasks/${r.id}/cancel`, {}, { key })} refresh={['/api/tasks']} />
      : r.result_to ? <Link to={r.result_to}>看结果</Link> : null),
  },
];
const fields: readonly FilterField[] = [
  { kind: 'text', name: 'text', label: '任务' },
  { kind: 'select', name: 'mine', label: '谁', options: [{ value: 'true', label: '我的' }] },
];
const tabs = [{ key: 'all', label: '全部' }, { key: 'live', label: '进行中' }, { key: 'done', label: '已完成' }, { key: 'failed', label: '没有完成' }, { key: 'cancelled', label: '已取消' }];

/** Every import and export: how far it is, what came of it, its files. */
export default function Tasks() {
  return (
    <Page title="任务中心" answer="导入、导出和批量操作都在这里，关掉页面也会继续" fill>
      <ListPage<Row> name="tasks" path="/api/tasks" exportable="tasks" columns={columns} fields={fields} tabs={tabs} every={3_000} empty={{ title: '还没有任务', steps: ['导入一个文件，或导出一个列表，就会出现在这里'] }} />
    </Page>
  );
}
