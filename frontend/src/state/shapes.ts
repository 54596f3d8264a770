/** The public side's shapes and its fault, for whoever draws them. */

export type { FactorKind } from "../api/auth.ts";
export { type ApiError as Fault, asApiError as asFault } from "../api/errors.ts";
export type {
  Comment,
  Draft,
  Follow,
  FollowPreview,
  FoundPiece,
  LoginSession,
  MediaFile,
  NewTotp,
  OpmlReport,
  OwnMedia,
  OwnPost,
  Passkey,
  Person,
  PersonPost,
  Picture,
  PostFields,
  PostImport,
  Replies,
  Security,
  Sending,
  ShownMedia,
  SiteDevice,
  Theme,
  TimelineItem,
  VaultDevice,
  WaitingComment,
  WaitingMention,
  WrittenPost,
} from "../api/types.ts";
