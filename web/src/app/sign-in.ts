import { useState } from 'react';
import { ApiError } from '@api/errors';
import { get, post } from '@api/http';
import { keyOf, queries } from '@api/queries';
import type { Me } from '@api/shapes';

export interface Credentials {
  login: string;
  password: string;
  code?: string;
}

export const NEEDS_CODE = 'totp_required';

/** Open a session. False: the server wants the one-time code too; other refusals are thrown. */
export function useSignIn(): { signIn: (credentials: Credentials) => Promise<boolean>; busy: boolean; needsCode: boolean } {
  const [busy, setBusy] = useState(false);
  const [needsCode, setNeedsCode] = useState(false);
  const signIn = async (credentials: Credentials) => {
    setBusy(true);
    try {
      await post('/api/sign-in', credentials);
      queries.setQueryData(keyOf('/api/me'), await get<Me>('/api/me'));
      return true;
    } catch (error) {
      if (!(error instanceof ApiError && error.code === NEEDS_CODE)) throw error;
      setNeedsCode(true);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { signIn, busy, needsCode };
}

/** Only addresses inside the product are followed after signing in. */
export const insideOnly = (next: string | null): string => (next && /^\/(?![/\\])/.test(next) ? next : '/');
