/** The shapes of `/api/v1` under the names that the app uses for them. Times are milliseconds since 1970. */
import type { components } from "./schema.gen.ts";

type Shapes = components["schemas"];

/** A piece of a post's body: text, or an element of the site's allow-list. Never HTML; the API calls it unknown. */
export type BodyNode = string | BodyElement;
export interface BodyElement {
  tag: string;
  attrs?: Record<string, string> | undefined;
  children?: BodyNode[] | undefined;
}

export type WireAddress = Shapes["AddressShape"];
export type SiteInfo = Shapes["SiteShape"];
export type Profile = Shapes["ProfileShape"];
export type Picture = Shapes["PictureShape"];
export type PictureChoice = { uid: string; alt: string };
export type ProfileFields = Pick<Profile, "name" | "position" | "description" | "location">;
export type Me = Shapes["MeShape"];
export type Language = Shapes["LanguageShape"]["language"];
export type Person = Shapes["PersonShape"];
export type PersonPost = Shapes["NewestPostShape"];
export type Look = Shapes["LookShape"];
export type Theme = Shapes["ThemeShape"];
export type Company = Shapes["CompanyShape"];
export type Neighbour = Shapes["NeighbourShape"];
export type Follow = Shapes["FollowShape"];
export type TimelineItem = Shapes["ItemShape"];
export type TimelinePage = Shapes["TimelineShape"];
export type Post = Shapes["PostShape"];
/** A post as its author wrote it. */
export type WrittenPost = Pick<Post, "title" | "source" | "tags" | "shows">;
export type PostFields = Omit<WrittenPost, "shows"> & { shows?: { uid: string; alt: string }[] };
/** What goes with a post on its way: its id, made here so that sending twice is once, and the draft it was. */
export type Sending = { uid?: string; draft?: number; signed?: unknown };
export type OwnPost = Post;
export type PostVersion = Shapes["VersionShape"];
export type Draft = Shapes["DraftShape"];
export type DraftFields = Shapes["DraftWishShapeRequest"];
export type PostImport = Shapes["ImportShape"];
export type RecentViews = Shapes["RecentViewsShape"];
export type Found = Shapes["FoundShape"];
export type FoundPiece = Shapes["PieceShape"];
export type Comment = Shapes["CommentShape"];
export type SentComment = Shapes["SentCommentShape"];
export type WaitingComment = Shapes["WaitingCommentShape"];
export type LoginSession = Shapes["SessionShape"];
export type Security = Shapes["SecurityShape"];
export type Passkey = Shapes["PasskeyShape"];
export type NewTotp = Shapes["NewTotpShape"];
export type WaitingMention = Shapes["WaitingMentionShape"];
export type Waiting = Shapes["WaitingCommentsShape"];
export type Replies = Shapes["RepliesShape"]["replies"];
export type FollowPreview = Shapes["FollowPreviewShape"];
export type FollowChange = Partial<Pick<Follow, "title" | "muted">>;
export type OpmlReport = Shapes["OpmlReportShape"];
export type SiteDevice = Shapes["DeviceShape"];
export type VaultDevice = Shapes["VaultShape"];
export type MediaFile = Shapes["MediaFileShape"];
export type ShownMedia = Shapes["ShownMediaShape"];
export type OwnMedia = Shapes["OwnMediaShape"];
export type MediaUsage = Shapes["UsageShape"];
