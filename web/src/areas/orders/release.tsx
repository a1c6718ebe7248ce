import { useQuery } from '@tanstack/react-query';
import { put } from '@api/http';
import { keyOf } from '@api/queries';
import type { components } from '@api/schema';
import type { Target } from '@api/shapes';
import { count } from '@kit/index';
import { LIST } from './types';

const PATH = `${LIST}/clear-holds/preview`;

type Release = components['schemas']['ReleaseOut'];

/** What letting these holds pass will do, before it is done: how many of each kind go, which stay and why. */
export function ReleaseView({ target, kinds }: { target: Target; kinds: readonly string[] }) {
  const { data } = useQuery<Release>({
    queryKey: keyOf(PATH, { target: JSON.stringify(target), kinds }),
    queryFn: () => put<Release>(PATH, { target, kinds }),
  });
  if (!data) return null;
  return (
    <ul className="o-release">
      {data.passes.map((k) => <li key={k.kind}>放行 {k.label} <b>{count(k.orders)}</b> 单</li>)}
      {data.stays.map((k) => <li key={k.kind} className="k-faint">不放行 {k.label} <b>{count(k.orders)}</b> 单：{k.why}</li>)}
      {data.passes.length === 0 && <li className="k-amber">没有可以直接放行的</li>}
    </ul>
  );
}
