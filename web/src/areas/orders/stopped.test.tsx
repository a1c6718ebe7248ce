import type { ButtonProps } from 'antd';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeEach, expect, it, vi } from 'vitest';
import { DoorsContext, type Doors } from './deeds';
import { Stopped } from './holds-panel';
import type { OrderDetail } from './types';

const seen = vi.hoisted(() => ({ buttons: [] as ButtonProps[], act: vi.fn() }));

vi.mock('antd', async (real) => ({ ...(await real<object>()), Button: (props: ButtonProps) => { seen.buttons.push(props); return null; } }));
vi.mock('@api/queries', async (real) => ({ ...(await real<object>()), useMay: () => true }));
vi.mock('@kit/act', () => ({ useAct: () => ({ act: seen.act, busy: false }), useTellError: () => vi.fn() }));

beforeEach(() => { seen.buttons.length = 0; seen.act.mockReset(); });

it('does what each button of a stopped purchase says, in the drawer', () => {
  const go = vi.fn();
  const stopped = { id: 'd', supplier_id: 's', supplier: '义乌小店', reason: '没有关联', mend: 'link', things: ['A1'] };
  const order = { id: 'o', stopped: [stopped] } as unknown as OrderDetail['order'];
  renderToStaticMarkup(<DoorsContext.Provider value={{ go } as unknown as Doors}><Stopped order={order} /></DoorsContext.Provider>);
  expect(seen.buttons.map((b) => b.children)).toEqual(['去关联货源', '改发表格', '换供应商']);
  for (const [n, button] of seen.buttons.entries()) {
    button.onClick?.(undefined as never);
    expect(go.mock.calls.length + seen.act.mock.calls.length).toBe(n + 1);
  }
  expect(seen.act).toHaveBeenCalledTimes(1);
});
