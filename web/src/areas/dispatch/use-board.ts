import { useQuery } from '@tanstack/react-query';
import { put } from '@api/http';
import { keyOf } from '@api/queries';
import type { components } from '@api/schema';

export type Board = components['schemas']['DispatchBoard'];
export type Group = components['schemas']['DispatchGroup'];
export type OrderCard = components['schemas']['OrderCardOut'];
/** A person's word: this order goes to this supplier. */
export type Choices = Readonly<Record<string, string>>;

/** Which orders: named ones, what a filter of the order desk finds, or (nothing said) all that wait. */
export type Asked = { ids: string[] } | { filter: Record<string, string>; except: string[] } | { ids: null };

const PATH = '/api/dispatch/preview';

/** What dispatching would do with these choices; the former answer stays while the next is made. */
export function useBoard(target: Asked, choices: Choices) {
  return useQuery<Board>({
    queryKey: keyOf(PATH, { target: JSON.stringify(target), choices: JSON.stringify(choices) }),
    queryFn: () => put<Board>(PATH, { target, choices }),
    placeholderData: (before) => before,
  });
}
