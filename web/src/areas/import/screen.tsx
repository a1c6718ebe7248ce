import { useSearchParams } from 'react-router';
import { Desk } from './desk';
import { Outcome } from './outcome';

/** The import screen: the cards on the table, or how the last ones ended. */
export default function ImportScreen() {
  const [params] = useSearchParams();
  const done = (params.get('done') ?? '').split(',').filter(Boolean);
  return done.length > 0 ? <Outcome ids={done} dropped={params.has('dropped')} /> : <Desk />;
}
