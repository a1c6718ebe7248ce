import { Clock, Copyable, StateTag, type Tone } from '@kit/index';
import { Answers } from './answers';
import type { Answer } from './portal';
import { packed, type Line, type Today, type To } from './lines';

const TONE: Readonly<Record<string, Tone>> = { open: 'todo', accepted: 'doing', part_shipped: 'doing', shipped: 'done', refused: 'off', out_of_stock: 'off', recalled: 'off' };

function Card({ members, whom, answer }: { members: readonly Line[]; whom: To | undefined; answer: Answer }) {
  const first = members[0];
  if (!first) return null;
  return (
    <section className={first.recalling ? 'v-card v-amber' : 'v-card'}>
      <div className="v-goods">
        <Copyable text={first.number} />
        <StateTag tone={TONE[first.state] ?? 'doing'} label={first.state_label} />
      </div>
      {first.resend && <b className="k-amber">【重发】同一单，请不要再发一次</b>}
      {first.recalling ? <b className="k-amber">商家要追回这一单，请先不要发</b> : first.change && <b className="k-amber">变更：{first.change}</b>}
      {whom?.instead ? <div>{whom.instead} <span className="k-digits">{first.order_number}</span></div> : whom && (
        <Copyable text={`${whom.name} ${whom.phone} ${whom.address}`}><span className="v-to">{whom.name} {whom.phone}<br />{whom.address}</span></Copyable>
      )}
      {members.map((x) => <div key={x.id}>{x.title} {x.spec}{x.code && <span className="k-faint"> {x.code}</span>} <b>×{x.quantity}</b></div>)}
      {first.courier && <div className="k-amber">快递要求：{first.courier}</div>}
      <Clock by={first.due_by} done={first.state === 'shipped'} />
      {!first.recalling && <Answers lines={members} answer={answer} />}
    </section>
  );
}

/** By recipient: one card is one parcel; those that are over stand at the end, folded. */
export function Packing({ today, answer }: { today: Today; answer: Answer }) {
  const to = new Map(today.to.map((t) => [t.purchase_id, t]));
  const { todo, over, word } = packed(today.lines);
  return (
    <>
      {todo.map(([id, members]) => <Card key={id} members={members} whom={to.get(id)} answer={answer} />)}
      {over.length > 0 && (
        <details className="v-over">
          <summary>{word} {over.length}</summary>
          {over.map(([id, members]) => <Card key={id} members={members} whom={to.get(id)} answer={answer} />)}
        </details>
      )}
    </>
  );
}
