/** What this device signs for everybody to read: posts, comments and their changes. */

import { makeComment, makeCommentChange } from "../../protocol/comments.ts";
import { makePost } from "../../protocol/posts.ts";
import type {
  CommentChangeText,
  CommentText,
  PostDraft,
  SignedChange,
  SignedComment,
  SignedPost,
} from "../views.ts";
import type { Outside } from "./outside.ts";
import type { Self } from "./self.ts";

export class Signing {
  private readonly self: Self;
  private readonly outside: Outside;

  constructor(self: Self, outside: Outside) {
    this.self = self;
    this.outside = outside;
  }

  async comment(text: CommentText): Promise<SignedComment> {
    const { clock, random } = this.outside;
    const draft = { ...text, account: this.self.account, author: this.self.address };
    const comment = await makeComment(draft, this.self.sign, clock.now(), random);
    return { comment, certificate: this.self.row.certificate };
  }

  async commentChange(text: CommentChangeText): Promise<SignedChange> {
    const draft = { ...text, account: this.self.account, author: this.self.address };
    const change = await makeCommentChange(draft, this.self.sign, this.outside.clock.now());
    return { change, certificate: this.self.row.certificate };
  }

  async post(draft: PostDraft): Promise<SignedPost> {
    const post = await makePost(this.self.account, this.self.sign, draft, this.outside.clock.now());
    return { post, certificate: this.self.row.certificate };
  }
}
