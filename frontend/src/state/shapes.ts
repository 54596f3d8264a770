/** The public side's shapes and its fault, for whoever draws them. */
export { type ApiError as Fault, asApiError as asFault } from "../api/errors.ts";
export type {
  Comment,
  Follow,
  Person,
  PersonPost,
  PostFields,
  TimelineItem,
  VaultDevice,
  WaitingComment,
} from "../api/types.ts";
