import { CheckCircleFilled, CloseCircleFilled, LoadingOutlined } from '@ant-design/icons';
import { App, Button, Popover, Progress } from 'antd';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { post } from '@api/http';
import { refresh, useApi } from '@api/queries';
import type { ActionAnswer, Task } from '@api/shapes';
import { useAct } from './act';
import { paths } from './paths';
import { isLive, share, taskLine } from './task-text';

const BUSY_MS = 1_000;
const CALM_MS = 15_000;

/** One task: what, how far, cancel, result. */
export function TaskProgress({ task }: { task: Task }) {
  const { act, busy } = useAct();
  const state = task.state === 'failed' ? 'exception' : task.state === 'done' ? 'success' : 'normal';
  return (
    <div className="k-task">
      <div className="k-task-head">
        <span className="k-cut" title={task.title}>{task.title}</span>
        {isLive(task) && task.can_cancel && (
          <Button type="link" size="small" loading={busy} onClick={() => void act((key) => post<ActionAnswer>(`/api/tasks/${task.id}/cancel`, {}, { key }), { done: '正在取消', refresh: ['/api/tasks'] })}>取消</Button>
        )}
        {!isLive(task) && task.result_to && <Link to={task.result_to}>看结果</Link>}
      </div>
      <Progress percent={Math.round(share(task) * 100)} size="small" showInfo={false} status={state} />
      <span className="k-faint">{taskLine(task)}</span>
    </div>
  );
}

/** Tasks that run or just ended; asks every second while something runs. */
export function useLiveTasks(): Task[] {
  const { data } = useApi<{ items: Task[] }>('/api/tasks', { live: 1 }, {
    every: (seen) => (seen?.items.some(isLive) ? BUSY_MS : CALM_MS),
  });
  return data?.items ?? [];
}

const SOON_MS = 700;

/** A task that somebody waits for with their eyes on the screen: itself once it has ended, null before. */
export function useEnded(id: string | null): Task | null {
  const { data } = useApi<Task>(id && `/api/tasks/${id}`, undefined, { every: (seen) => (!seen || isLive(seen) ? SOON_MS : 0) });
  return data && data.id === id && !isLive(data) ? data : null;
}

/** Whether the screen already shows how this task ends. */
function isShown(task: Task): boolean {
  const [path, query] = (task.result_to ?? '').split('?');
  const id = query?.split('=')[1];
  return Boolean(id) && window.location.pathname === path && window.location.search.includes(id ?? '');
}

/** Tell once about each task that ended while this window looked on, and read the screen again. */
function useDoneNotices(tasks: readonly Task[]): void {
  const { notification } = App.useApp();
  const seen = useRef(new Set<string>());
  useEffect(() => {
    for (const task of tasks) {
      if (isLive(task)) {
        seen.current.add(task.id);
      } else if (seen.current.delete(task.id)) {
        void refresh();
        if (isShown(task)) continue;
        notification.open({
          key: task.id,
          title: task.title,
          description: taskLine(task),
          placement: 'bottomRight',
          duration: task.state === 'failed' ? 0 : 8,
          icon: task.state === 'done' ? <CheckCircleFilled className="k-accent" /> : <CloseCircleFilled className="k-amber" />,
          actions: task.result_to ? <Link to={task.result_to} onClick={() => notification.destroy(task.id)}>看结果 →</Link> : undefined,
        });
      }
    }
  }, [tasks, notification]);
}

/** The corner of the header: nothing while nothing runs, else a bar that opens the list. */
export function TaskBar() {
  const tasks = useLiveTasks();
  useDoneNotices(tasks);
  const live = tasks.filter(isLive);
  const first = live[0];
  if (!first) return null;
  const content = (
    <div className="k-task-list">
      {tasks.slice(0, 6).map((task) => <TaskProgress key={task.id} task={task} />)}
      <Link to={paths.tasks}>任务中心</Link>
    </div>
  );
  return (
    <Popover content={content} trigger="click" placement="bottomRight">
      <button type="button" className="k-taskbar" aria-label={`${live.length} 个任务在进行`}>
        <LoadingOutlined />
        <span className="k-cut">{live.length > 1 ? `${live.length} 个任务在进行` : first.title}</span>
        <Progress percent={Math.round(share(first) * 100)} size="small" showInfo={false} />
      </button>
    </Popover>
  );
}
