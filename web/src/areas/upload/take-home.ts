import { download } from '@api/files';
import { post } from '@api/http';
import type { components } from '@api/schema';
import type { ActionAnswer } from '@api/shapes';

type Done = components['schemas']['UploadDone'];
type Board = components['schemas']['UploadBoard'];

/** Make the files of these shops (none named: all) and save them: one file as it is, several as one zip. */
export async function makeAndSave(shopIds: readonly string[], key: string): Promise<ActionAnswer> {
  const done = await post<Done>('/api/upload/files', { shop_ids: shopIds }, { key });
  await saveFiles(done.ids ?? []);
  return { message: done.message };
}

export const saveFiles = (ids: readonly string[]): Promise<void> => download('/api/upload/files/download', { query: { ids } });

/** The files that were taken home and that nobody has called uploaded yet, of all shops. */
export const broughtHome = (shops: Board['shops']): string[] =>
  shops.flatMap((shop) => shop.files).filter((file) => file.state === 'downloaded').map((file) => file.id);
