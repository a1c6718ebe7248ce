import { Money } from '@kit/index';
import { Answers } from './answers';
import type { Answer } from './portal';
import { grouped, waiting, type Line } from './lines';

/** By goods: how many to take from the shelf. */
export function Picking({ lines, answer }: { lines: readonly Line[]; answer: Answer }) {
  return (
    <>
      {grouped(lines.filter(waiting), (x) => `${x.title}\n${x.spec}\n${x.code}`).map(([key, members]) => {
        const first = members[0];
        if (!first) return null;
        return (
          <section key={key} className="v-card">
            <div className="v-goods">
              <div>
                <b>{first.title}</b>
                <div className="k-faint">{first.spec}{first.code && ` · 货号 ${first.code}`} · <Money fen={first.unit_fen} /></div>
              </div>
              <span className="v-count">×{members.reduce((n, x) => n + x.quantity - x.shipped, 0)}</span>
            </div>
            <span className="k-faint k-small">{members.length} 单：{members.slice(0, 6).map((x) => x.number).join('、')}{members.length > 6 && ' …'}</span>
            <Answers lines={members} answer={answer} />
          </section>
        );
      })}
    </>
  );
}
