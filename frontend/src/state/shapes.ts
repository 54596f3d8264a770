/** The public side's shapes and its fault, for whoever draws them. */

export type { FactorKind } from "../api/auth.ts";
export { type ApiError as Fault, asApiError as asFault } from "../api/errors.ts";
export type {
  Comment,
  Draft,
  Follow,
  FoundPiece,
  LoginSession,
  MediaFile,
  NewTotp,
  OwnMedia,
  OwnPost,
  Passkey,
  Person,
  PersonPost,
  PostFields,
  PostImport,
  Security,
  Sending,
  ShownMedia,
  TimelineItem,
  VaultDevice,
  WaitingComment,
  WrittenPost,
} from "../api/types.ts";
