import { CloseCircleOutlined, QuestionCircleOutlined } from '@ant-design/icons';
import { Tag } from 'antd';
import { post } from '@api/http';
import type { components } from '@api/schema';
import { ActionButton, beijing } from '@kit/index';

export type Claim = components['schemas']['ClaimOut'];

export const acceptPath = (claim: Claim) => `/api/tracking/claims/${claim.id}/accept`;

/** The purchase we think is meant: only where it is the one possible; of several the person chooses. */
export const sureOf = (claim: Claim) => (claim.suggestions.length === 1 ? claim.suggestions[0] : undefined);

/** What 是 (Y) says: the suggestion, or that its box is shared where another goes by the number; null: it cannot be said. */
export function yesTo(claim: Claim): { label: string; word: { shared?: true } } | null {
  const sure = sureOf(claim);
  if (!sure?.courier) return null;
  if (claim.kind !== 'shared_box' || !claim.taken) return { label: '是', word: {} };
  return sure.pieces > 0 ? { label: '是合箱', word: { shared: true } } : null;
}

const MOST_INLINE = 4;

/** The purchases to press one of: a few are shown as they are, many are looked for. */
export const choicesOf = (claim: Claim) => (claim.suggestions.length > 1 && claim.suggestions.length <= MOST_INLINE ? claim.suggestions : []);

/** Where it was said, for the person to look it up. */
export const sourceOf = (claim: Pick<Claim, 'source' | 'row'>) =>
  [claim.source, claim.row > 0 ? `第 ${claim.row} 行` : ''].filter(Boolean).join(' ');

/** The claims by the day on which they came, the newest day first. */
export function byDay(claims: readonly Claim[], now: number): { name: string; claims: Claim[] }[] {
  const days = new Map<string, Claim[]>();
  for (const c of claims) {
    const day = beijing(c.created_at).format('YYYY-MM-DD');
    days.set(day, [...(days.get(day) ?? []), c]);
  }
  const today = beijing(now).format('YYYY-MM-DD');
  return [...days].sort(([a], [b]) => b.localeCompare(a)).map(([day, own]) => ({ name: day === today ? '今天' : day.slice(5), claims: own }));
}

interface Props {
  claim: Claim;
  current: boolean;
  onCurrent: () => void;
  onCorrect: () => void;
}

/** What it says and where, why it waits, the order we think it is; 是 (Y), 不是 (N), or look for the right one (S). */
export function ClaimRow({ claim, current, onCurrent, onCorrect }: Props) {
  const sure = sureOf(claim);
  const choices = choicesOf(claim);
  const courier = claim.suggestions[0]?.courier_name;
  const doubtful = claim.state === 'doubtful';
  const yes = yesTo(claim);
  return (
    <div className={current ? 'tracking-claim tracking-current' : 'tracking-claim'} onClick={onCurrent} role="listitem">
      <span className={doubtful ? 'k-amber' : 'k-red'}>{doubtful ? <QuestionCircleOutlined /> : <CloseCircleOutlined />}</span>
      <div className="k-grow">
        <div className="k-row">
          <b className="k-digits">{claim.tracking_no || '没有单号'}</b>
          {courier ? <Tag color="blue">{courier}</Tag> : <Tag>快递待选</Tag>}
          <span className="k-faint k-small k-cut">原文：{claim.said}</span>
          <span className="k-faint k-small k-cut" title={sourceOf(claim)}>来自 {sourceOf(claim)}</span>
        </div>
        {claim.settled && <div>已处理：{claim.settled}</div>}
        <div className={claim.settled ? 'k-faint' : undefined}>{claim.reason}</div>
        {sure && <div className="k-small"><span className="k-faint">我们认为：</span>{sure.why}</div>}
        {!sure && claim.suggestions.map((s) => (
          <div key={s.purchase_id} className="k-row k-small">
            <span className="k-faint">可能：</span>{s.why}
            {choices.length > 0 && s.courier !== '' && <ActionButton label={`是 ${s.shown}`} run={(key) => post(acceptPath(claim), { purchase_id: s.purchase_id }, { key })} />}
          </div>
        ))}
      </div>
      <div className="k-row">
        {yes && !claim.settled && (
          <ActionButton label={`${yes.label} (Y)`} look="primary" run={(key) => post(acceptPath(claim), yes.word, { key })} />
        )}
        {sure && sure.courier !== '' && claim.kind === 'shared_box' && !claim.taken && (
          <ActionButton label="是合箱" run={(key) => post(acceptPath(claim), { shared: true }, { key })} />
        )}
        <ActionButton label="不是 (N)" run={(key) => post('/api/tracking/claims/dismiss', { ids: [claim.id] }, { key })} />
        <a onClick={onCorrect}>{choices.length > 0 ? '另选一张 (S)' : claim.suggestions.length > 1 ? '选一张 (S)' : '改一下 (S)'}</a>
      </div>
    </div>
  );
}
