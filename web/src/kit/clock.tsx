import { ClockCircleOutlined, WarningFilled } from '@ant-design/icons';
import { clockView, type ClockFacts } from './clock-text';
import { fullTime } from './format';
import { useNow } from './now';

/** How long is left and what missing it costs; amber at a quarter left, red when late. */
export function Clock(facts: ClockFacts) {
  const view = clockView(facts, useNow());
  return (
    <span className={`k-clock k-clock-${view.urgency}`} title={facts.by ? `最晚 ${fullTime(facts.by)}` : undefined}>
      {view.urgency === 'late' ? <WarningFilled /> : view.urgency === 'soon' ? <ClockCircleOutlined /> : null}
      {view.text}
    </span>
  );
}
