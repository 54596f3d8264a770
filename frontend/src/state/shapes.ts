/** The public side's shapes and its fault, for whoever draws them. */
export { type ApiError as Fault, asApiError as asFault } from "../api/errors.ts";
export type {
  Comment,
  Draft,
  Follow,
  FoundPiece,
  MediaFile,
  OwnMedia,
  OwnPost,
  Person,
  PersonPost,
  PostFields,
  Sending,
  ShownMedia,
  TimelineItem,
  VaultDevice,
  WaitingComment,
} from "../api/types.ts";
