import type { Caravan } from '../client/types';
import { drafts } from '../conversation/drafts';
import { forgetMembers } from '../conversation/members';
import { navigate } from './router';
import { paths } from './paths';

/** What the app itself keeps goes first: even if the server can't be told, nothing stays behind here. */
export async function signOut(caravan: Caravan): Promise<void> {
  drafts.wipe();
  forgetMembers();
  await caravan.logout();
  navigate(paths.home, { replace: true });
}
