import type { Task } from '@api/shapes';
import { count } from './format';

/** Whether it may still change by itself. */
export const isLive = (task: Task): boolean => task.state === 'waiting' || task.state === 'running';

export const share = (task: Task): number =>
  task.state === 'done' ? 1 : task.total ? Math.min(1, task.done / task.total) : 0;

/** ``成功 1,520 · 失败 12``, or how far it is. */
export function taskLine(task: Task): string {
  if (task.state === 'waiting') return '排队中';
  if (task.state === 'running') return task.total ? `${count(task.done)} / ${count(task.total)}` : task.message || '进行中';
  if (task.state === 'cancelled') return '已取消';
  if (task.succeeded === null) return task.message || (task.state === 'failed' ? '没有完成' : '已完成');
  return `成功 ${count(task.succeeded)} · 失败 ${count(task.failed ?? 0)}`;
}

/** What its end is told with: what was made, else the numbers, and why some failed. */
export function noticeLine(task: Task): string {
  const line = taskLine(task);
  if (task.file && task.message) return task.message;
  return task.failed && task.message && task.message !== line ? `${line}：${task.message}` : line;
}
