import { CheckCircleFilled, MinusCircleOutlined, QuestionCircleOutlined } from '@ant-design/icons';
import { Popover } from 'antd';

export interface ReasonLine {
  text: string;
  /** Chosen, turned down, or just a fact. */
  verdict?: 'chosen' | 'not' | undefined;
}

export interface ReasonProps {
  lines: readonly (ReasonLine | string)[];
  /** Behind a “为什么” word instead of in full. */
  folded?: boolean;
  label?: string;
}

function Lines({ lines }: { lines: ReasonProps['lines'] }) {
  return (
    <ul className="k-reasons">
      {lines.map((line, i) => {
        const { text, verdict } = typeof line === 'string' ? { text: line, verdict: undefined } : line;
        return (
          <li key={i} className={verdict === 'chosen' ? 'k-chosen' : undefined}>
            {verdict === 'chosen' ? <CheckCircleFilled /> : verdict === 'not' ? <MinusCircleOutlined /> : <i className="k-bullet" />}
            <span>{text}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** Why the machine decided so: lines a person would say, with the numbers. */
export function Reason({ lines, folded = false, label = '为什么' }: ReasonProps) {
  if (lines.length === 0) return null;
  if (!folded) return <Lines lines={lines} />;
  return (
    <Popover content={<Lines lines={lines} />} trigger={['hover', 'click']} styles={{ root: { maxWidth: 460 } }}>
      <a className="k-why" data-no-open><QuestionCircleOutlined /> {label}</a>
    </Popover>
  );
}
