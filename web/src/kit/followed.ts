import { useSyncExternalStore } from 'react';
import type { Task } from '@api/shapes';
import { isLive } from './task-text';

const KEPT = 'daifa.followed';
const MOST = 20;

const store = typeof sessionStorage === 'undefined' ? null : sessionStorage;
let followed: readonly string[] = store?.getItem(KEPT)?.split(',').filter(Boolean) ?? [];
const watchers = new Set<() => void>();
/** Tasks whose end the screen that began them tells by itself. */
const toldHere = new Set<string>();

function changed(next: readonly string[]): void {
  followed = next;
  store?.setItem(KEPT, next.join(','));
  watchers.forEach((tell) => tell());
}

/** This window began it: its end is told wherever the person is by then, also where it was over before anybody looked. */
export function follow(id: string): void {
  if (!followed.includes(id)) changed([...followed, id].slice(-MOST));
}

export function unfollow(id: string): void {
  if (followed.includes(id)) changed(followed.filter((f) => f !== id));
}

export function tellHere(id: string, on: boolean): void {
  if (on) toldHere.add(id);
  else toldHere.delete(id);
}

export const isToldHere = (id: string): boolean => toldHere.has(id);

export function useFollowed(): readonly string[] {
  return useSyncExternalStore((tell) => { watchers.add(tell); return () => { watchers.delete(tell); }; }, () => followed);
}

/** Those that are over now: seen running before, or begun by this window; each once. ``seen`` remembers. */
export function overNow(tasks: readonly Task[], seen: Set<string>, begunHere: readonly string[]): Task[] {
  return tasks.filter((task) => {
    if (isLive(task)) {
      seen.add(task.id);
      return false;
    }
    return seen.delete(task.id) || begunHere.includes(task.id);
  });
}
