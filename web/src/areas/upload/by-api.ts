import type { components } from '@api/schema';

/** How the telling of a shop stands, what waits for a person only when something does. */
export function apiParts(api: Pick<components['schemas']['ByApi'], 'waiting' | 'asking' | 'stuck' | 'told'>): { label: string; n: number; stuck: boolean }[] {
  return [
    { label: '要人决定', n: api.stuck, stuck: true },
    { label: '待上传', n: api.waiting, stuck: false },
    { label: '正在查证', n: api.asking, stuck: false },
    { label: '近一天已上传', n: api.told, stuck: false },
  ].filter((p) => p.n > 0 || !p.stuck);
}
