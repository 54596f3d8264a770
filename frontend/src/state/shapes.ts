/** The public side's shapes and its fault, for whoever draws them. */
export { type ApiError as Fault, asApiError as asFault } from "../api/errors.ts";
export type {
  Comment,
  Follow,
  MediaFile,
  OwnMedia,
  Person,
  PersonPost,
  PostFields,
  ShownMedia,
  TimelineItem,
  VaultDevice,
  WaitingComment,
} from "../api/types.ts";
