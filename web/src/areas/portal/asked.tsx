import { post } from '@api/http';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, Copyable } from '@kit/index';
import { grouped, type Line } from './lines';

interface Asking {
  line: Line;
  path: string;
  reload: () => void;
}

function Recall({ line, path, reload }: Asking) {
  const say = (agreed: boolean) => (key: string) => post<ActionAnswer>(`${path}/recall/${line.purchase_id}`, { agreed }, { key });
  return (
    <div className="v-recall">
      <b>商家要追回这一单：{line.change || '请先不要发'}</b>
      <div className="v-row">
        <ActionButton label="还没发，可以追回" look="primary" run={say(true)} after={reload} />
        <ActionButton label="已打包，不能追回" run={say(false)} after={reload} />
      </div>
    </div>
  );
}

function Changed({ line, path, reload }: Asking) {
  const say = (taken: boolean) => (key: string) => post<ActionAnswer>(`${path}/changes/${line.purchase_id}`, { taken }, { key });
  return (
    <div className="v-recall">
      <b>变更：{line.change}</b>
      <div className="v-row">
        <ActionButton label="收到，按新的发" look="primary" run={say(true)} after={reload} />
        <ActionButton label="来不及了" run={say(false)} after={reload} />
      </div>
    </div>
  );
}

/** What the merchant asks after sending, before anything else on the page: a recall or a change nobody saw is shipped wrong. */
export function Asked({ lines, path, reload }: { lines: readonly Line[]; path: string; reload: () => void }) {
  const asked = grouped(lines.filter((x) => x.recalling || x.change), (x) => x.purchase_id);
  return (
    <>
      {asked.map(([id, [line]]) => line && (
        <section key={id} className="v-card v-amber">
          <Copyable text={line.number} />
          {line.recalling ? <Recall line={line} path={path} reload={reload} /> : <Changed line={line} path={path} reload={reload} />}
        </section>
      ))}
    </>
  );
}
