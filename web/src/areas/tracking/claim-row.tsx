import { CloseCircleOutlined, QuestionCircleOutlined } from '@ant-design/icons';
import { Tag } from 'antd';
import { post } from '@api/http';
import type { components } from '@api/schema';
import { ActionButton } from '@kit/index';

export type Claim = components['schemas']['ClaimOut'];

export const acceptPath = (claim: Claim) => `/api/tracking/claims/${claim.id}/accept`;

interface Props {
  claim: Claim;
  current: boolean;
  onCurrent: () => void;
  onCorrect: () => void;
}

/** What it says, why it waits, the order we think it is; 是 (Y), 不是 (N), or look for the right one (S). */
export function ClaimRow({ claim, current, onCurrent, onCorrect }: Props) {
  const [first, ...others] = claim.suggestions;
  const doubtful = claim.state === 'doubtful';
  return (
    <div className={current ? 'tracking-claim tracking-current' : 'tracking-claim'} onClick={onCurrent} role="listitem">
      <span className={doubtful ? 'k-amber' : 'k-red'}>{doubtful ? <QuestionCircleOutlined /> : <CloseCircleOutlined />}</span>
      <div className="k-grow">
        <div className="k-row">
          <b className="k-digits">{claim.tracking_no || '没有单号'}</b>
          {first?.courier_name ? <Tag color="blue">{first.courier_name}</Tag> : <Tag>快递待选</Tag>}
          <span className="k-faint k-small k-cut">原文：{claim.said}</span>
        </div>
        <div>{claim.reason}</div>
        {first && (
          <div className="k-small">
            <span className="k-faint">我们认为：</span>
            {first.why}
            {others.length > 0 && <span className="k-faint">（还有 {others.length} 个可能）</span>}
          </div>
        )}
      </div>
      <div className="k-row">
        {first && first.courier !== '' && claim.kind !== 'several_orders' && (
          <ActionButton label="是 (Y)" look="primary" run={(key) => post(acceptPath(claim), {}, { key })} />
        )}
        {first && first.courier !== '' && claim.kind === 'shared_box' && (
          <ActionButton label="是合箱" run={(key) => post(acceptPath(claim), { shared: true }, { key })} />
        )}
        <ActionButton label="不是 (N)" run={(key) => post('/api/tracking/claims/dismiss', { ids: [claim.id] }, { key })} />
        <a onClick={onCorrect}>改一下 (S)</a>
      </div>
    </div>
  );
}
