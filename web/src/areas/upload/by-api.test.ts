import { expect, it } from 'vitest';
import { apiParts } from './by-api';

it('says how a shop that uploads by itself stands, a person first', () => {
  expect(apiParts({ waiting: 1, asking: 0, stuck: 0, told: 9 }).map((p) => [p.label, p.n])).toEqual([['待上传', 1], ['正在查证', 0], ['近一天已上传', 9]]);
  expect(apiParts({ waiting: 0, asking: 0, stuck: 2, told: 0 })[0]).toEqual({ label: '要人决定', n: 2, stuck: true });
});
