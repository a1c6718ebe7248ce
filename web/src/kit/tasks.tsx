import { CheckCircleFilled, CloseCircleFilled, LoadingOutlined } from '@ant-design/icons';
import { App, Button, Popover, Progress } from 'antd';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { post } from '@api/http';
import { refresh, useApi, useMany } from '@api/queries';
import type { ActionAnswer, Task } from '@api/shapes';
import { useAct } from './act';
import { DownloadButton } from './download-button';
import { follow, isToldHere, overNow, tellHere, unfollow, useFollowed } from './followed';
import { paths } from './paths';
import { isLive, noticeLine, share, taskLine } from './task-text';

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

/** A task that this screen follows itself: ``say`` its end here, no notice elsewhere unless the person goes first; whether
 * it still runs. */
export function useOwnEnd(id: string | null, say: (task: Task) => void): boolean {
  const ended = useEnded(id);
  const over = useRef('');
  useEffect(() => {
    if (!id) return undefined;
    tellHere(id, true);
    return () => {
      if (over.current === id) return;
      tellHere(id, false);
      follow(id);
    };
  }, [id]);
  useEffect(() => {
    if (!ended || over.current === ended.id) return;
    over.current = ended.id;
    say(ended);
    void refresh();
  }, [ended, say]);
  return id !== null && !ended;
}

/** Whether the screen already shows how this task ends. */
function isShown(task: Task): boolean {
  if (isToldHere(task.id)) return true;
  const [path, query] = (task.result_to ?? '').split('?');
  const id = query?.split('=')[1];
  return Boolean(id) && window.location.pathname === path && window.location.search.includes(id ?? '');
}

/** What this window began, each read by itself: the list of live ones knows only the last minutes. */
function useBegunHere(begun: readonly string[]): Task[] {
  const asked = useMany<Task>(begun.map((id) => `/api/tasks/${id}`), (seen) => (!seen || isLive(seen) ? BUSY_MS : 0));
  const gone = begun.filter((_, i) => asked[i]?.isError);
  useEffect(() => gone.forEach(unfollow), [gone.join()]);
  return asked.flatMap(({ data }) => data ?? []);
}

/** What can be taken from a task that ended: the file it made, or where its result stands. */
function Taken({ task, close }: { task: Task; close: () => void }) {
  if (task.file?.path && task.kind !== 'import') return <DownloadButton path={task.file.path} asks={task.file.asks_reason} label="下载" />;
  return task.result_to ? <Link to={task.result_to} onClick={close}>看结果 →</Link> : null;
}

const NOTICE_SECONDS = 8;
const FILE_SECONDS = 20;

/** Tell once about each task that ended while this window looked on, or that it began, and read the screen again. */
function useDoneNotices(tasks: readonly Task[], begunHere: readonly string[]): void {
  const { notification } = App.useApp();
  const seen = useRef(new Set<string>());
  useEffect(() => {
    for (const task of overNow(tasks, seen.current, begunHere)) {
      unfollow(task.id);
      void refresh();
      if (isShown(task)) continue;
      notification.open({
        key: task.id,
        title: task.title,
        description: noticeLine(task),
        duration: task.state === 'failed' ? 0 : task.file ? FILE_SECONDS : NOTICE_SECONDS,
        icon: task.state === 'done' ? <CheckCircleFilled className="k-accent" /> : <CloseCircleFilled className="k-amber" />,
        actions: <Taken task={task} close={() => notification.destroy(task.id)} />,
      });
    }
  }, [tasks, begunHere, notification]);
}

/** The corner of the header: nothing while nothing runs, else a bar that opens the list. */
export function TaskBar() {
  const tasks = useLiveTasks();
  const begun = useFollowed();
  const own = useBegunHere(begun);
  const known = new Set(own.map((t) => t.id));
  useDoneNotices([...own, ...tasks.filter((t) => !known.has(t.id))], begun);
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
