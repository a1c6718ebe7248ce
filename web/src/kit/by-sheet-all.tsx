import { useMay } from '@api/queries';
import { ActionButton } from './action-button';
import { bySheet } from './mend-at';

/** Held placings whose goods are not linked or changed: sent by sheet instead, several with one press. */
export function BySheetAll({ ids }: { ids: readonly string[] }) {
  const may = useMay('purchasing.send');
  if (!may || ids.length < 2) return null;
  return <ActionButton label={`${ids.length} 单都改发表格`} run={bySheet(ids)} confirm={`${ids.length} 张采购单不再按接口下单，改用表格发给供应商？`} />;
}
